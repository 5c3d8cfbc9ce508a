"""Every command on a ticket, once: its address for pages and programs, its form, its update."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Header
from pydantic import BaseModel
from temporalio.client import Client

from api.commands import command
from api.dependencies import Principal, need
from api.language import N_
from api.ticket_values import (
    IdentifyInput,
    LinkInput,
    MergeInput,
    PriorityInput,
    ReopenInput,
    SplitInput,
    TakeInput,
    TextInput,
)
from models.database import Database
from rules import ticket_commands as rules
from rules.cases import Process

See = Annotated[Principal, need("tickets:see")]
Act = Annotated[Principal, need("tickets:see", "tickets:act")]
CommandId = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=120, description="the same one: the same answer"),
]


@dataclass(frozen=True)
class TicketAction:
    """A command: `path` of its page, `name` in the API, the journey's `update`, what is said."""

    path: str
    name: str
    update: str
    asked: type[BaseModel]
    argument: Callable[..., Any]
    done: str


ACTIONS: tuple[TicketAction, ...] = (
    TicketAction(
        "assumir", "assignment", "take", TakeInput, rules.TakeTicket, N_("Chamado assumido.")
    ),
    TicketAction(
        "resposta", "replies", "reply", TextInput, rules.ReplyTicket, N_("Resposta enviada.")
    ),
    TicketAction("nota", "notes", "note", TextInput, rules.NoteTicket, N_("Nota registrada.")),
    TicketAction(
        *("espera", "wait", "wait", TextInput, rules.WaitForCustomer),
        N_("Pergunta enviada; o prazo de solução está parado."),
    ),
    TicketAction(
        *("retorno", "customer-answers", "answer", TextInput, rules.CustomerAnswered),
        N_("Retorno registrado; o prazo voltou a correr."),
    ),
    TicketAction(
        *("prioridade", "priority", "change_priority", PriorityInput, rules.ChangePriority),
        N_("Prioridade alterada."),
    ),
    TicketAction(
        "solucao", "resolution", "resolve", TextInput, rules.ResolveTicket,
        N_("Chamado resolvido."),
    ),
    TicketAction(
        "reabertura", "reopening", "reopen", ReopenInput, rules.ReopenTicket,
        N_("Chamado reaberto."),
    ),
    TicketAction(
        "uniao", "merge", "merge", MergeInput, rules.MergeTicket, N_("Chamado unido ao outro.")
    ),
    TicketAction(
        *("separacao", "split", "split", SplitInput, rules.SplitTicket),
        N_("A mensagem virou um chamado próprio."),
    ),
    TicketAction(
        "ligacao", "links", "link", LinkInput, rules.LinkTicket, N_("Ligações atualizadas.")
    ),
    TicketAction(
        *("cliente", "customer", "identify", IdentifyInput, rules.IdentifyRequester),
        N_("Cliente reconhecido."),
    ),
)  # fmt: skip
BY_PATH = {each.path: each for each in ACTIONS}


async def give(
    engine: Client,
    database: Database,
    ticket_id: int,
    action: TicketAction,
    asked: Any,
    *,
    by: Principal,
    command_id: str | None = None,
) -> dict[str, Any]:
    """This will have the ticket's journey carry out a command; page and JSON share it."""
    said = asked.model_dump(exclude={"seen_version"})
    return await command(
        engine, database, process=Process.TICKETS, subject_id=ticket_id, update=action.update,
        argument=action.argument(by=by.login, ip=by.ip, **said), command_id=command_id,
        seen_version=asked.seen_version,
    )  # fmt: skip
