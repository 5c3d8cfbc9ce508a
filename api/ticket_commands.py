"""Every command on a ticket, once: its address for pages and programs, its form, its update."""

from __future__ import annotations

from typing import Annotated

from api.actions import Action
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
    WordsInput,
)
from rules import ticket_commands as rules

See = Annotated[Principal, need("tickets:see")]
Act = Annotated[Principal, need("tickets:see", "tickets:act")]
ACTIONS: tuple[Action, ...] = (
    Action(
        "assumir", "assignment", "take", TakeInput, rules.TakeTicket, N_("Chamado assumido.")
    ),
    Action(
        "resposta", "replies", "reply", WordsInput, rules.ReplyTicket, N_("Resposta enviada.")
    ),
    Action("nota", "notes", "note", TextInput, rules.NoteTicket, N_("Nota registrada.")),
    Action(
        *("espera", "wait", "wait", WordsInput, rules.WaitForCustomer),
        N_("Pergunta enviada; o prazo de solução está parado."),
    ),
    Action(
        *("retorno", "customer-answers", "answer", TextInput, rules.CustomerAnswered),
        N_("Retorno registrado; o prazo voltou a correr."),
    ),
    Action(
        *("prioridade", "priority", "change_priority", PriorityInput, rules.ChangePriority),
        N_("Prioridade alterada."),
    ),
    Action(
        "solucao", "resolution", "resolve", WordsInput, rules.ResolveTicket,
        N_("Chamado resolvido."),
    ),
    Action(
        "reabertura", "reopening", "reopen", ReopenInput, rules.ReopenTicket,
        N_("Chamado reaberto."),
    ),
    Action(
        "uniao", "merge", "merge", MergeInput, rules.MergeTicket, N_("Chamado unido ao outro.")
    ),
    Action(
        *("separacao", "split", "split", SplitInput, rules.SplitTicket),
        N_("A mensagem virou um chamado próprio."),
    ),
    Action(
        "ligacao", "links", "link", LinkInput, rules.LinkTicket, N_("Ligações atualizadas.")
    ),
    Action(
        *("cliente", "customer", "identify", IdentifyInput, rules.IdentifyRequester),
        N_("Cliente reconhecido."),
    ),
)  # fmt: skip
BY_PATH = {each.path: each for each in ACTIONS}
