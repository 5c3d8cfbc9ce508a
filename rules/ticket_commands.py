"""What people do to a ticket, and what refuses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rules.refusals import Refusal
from rules.tickets import Subject, TicketStage


@dataclass(frozen=True)
class TakeTicket:
    """Mine to treat, or somebody else's who is named."""

    by: str
    to: str = ""
    ip: str = ""
    kind: Literal["take_ticket"] = "take_ticket"


@dataclass(frozen=True)
class ReplyTicket:
    """Written to the customer; the first one keeps the promise of a first response.

    `files` of the ticket go with it, here as in every command that writes to the customer.
    """

    by: str
    text: str
    seen_entry: int = 0
    ip: str = ""
    files: tuple[int, ...] = ()
    kind: Literal["reply_ticket"] = "reply_ticket"


@dataclass(frozen=True)
class NoteTicket:
    """Written down for the house alone."""

    by: str
    text: str
    ip: str = ""
    kind: Literal["note_ticket"] = "note_ticket"


@dataclass(frozen=True)
class WaitForCustomer:
    """The customer is asked for something; until the answer the resolution clock stands."""

    by: str
    text: str
    seen_entry: int = 0
    ip: str = ""
    files: tuple[int, ...] = ()
    kind: Literal["wait_for_customer"] = "wait_for_customer"


@dataclass(frozen=True)
class CustomerAnswered:
    """The answer came by telephone or otherwise; the clock goes on."""

    by: str
    text: str
    ip: str = ""
    kind: Literal["customer_answered"] = "customer_answered"


@dataclass(frozen=True)
class ChangePriority:
    """More or less urgent than the rules said, and why; the promises change with it."""

    by: str
    priority: int
    reason: str
    ip: str = ""
    kind: Literal["change_priority"] = "change_priority"


@dataclass(frozen=True)
class ResolveTicket:
    """Done, and how; the customer may still reopen it."""

    by: str
    text: str
    seen_entry: int = 0
    ip: str = ""
    files: tuple[int, ...] = ()
    kind: Literal["resolve_ticket"] = "resolve_ticket"


@dataclass(frozen=True)
class ReopenTicket:
    """Not done after all, and why."""

    by: str
    reason: str
    ip: str = ""
    kind: Literal["reopen_ticket"] = "reopen_ticket"


@dataclass(frozen=True)
class MergeTicket:
    """The same matter as another ticket of the customer, which goes on for both."""

    by: str
    into: str
    ip: str = ""
    kind: Literal["merge_ticket"] = "merge_ticket"


@dataclass(frozen=True)
class SplitTicket:
    """A message of the thread is another matter: it opens a ticket of its own."""

    by: str
    entry_id: int
    subject: str
    ip: str = ""
    kind: Literal["split_ticket"] = "split_ticket"


@dataclass(frozen=True)
class LinkTicket:
    """The ticket is about this contract, invoice, case or other ticket; or no longer is."""

    by: str
    subject: Subject
    code: str
    is_removed: bool = False
    ip: str = ""
    kind: Literal["link_ticket"] = "link_ticket"


@dataclass(frozen=True)
class IdentifyRequester:
    """Who wrote is this customer; kept as a contact, the next mail is known by itself."""

    by: str
    customer: str
    keeps_contact: bool = True
    ip: str = ""
    kind: Literal["identify_requester"] = "identify_requester"


#: What goes with one e-mail: most servers refuse more than 25 MB, and files grow by a third.
MOST_ENCLOSED = 10
MOST_ENCLOSED_BYTES = 15 * 1024 * 1024


class FilesTooLarge(Refusal):
    message = (
        "Com uma mensagem vão até %(count)s arquivos, %(megabytes)s MB ao todo. Mostre os outros ao"
        " cliente na página dele."
    )
    field = "files"


class TicketNotFound(Refusal):
    message = "Este chamado não existe."


class ThreadChanged(Refusal):
    message = "O cliente ou um colega escreveu enquanto isso. Leia antes de enviar."


class TicketAlreadyClaimed(Refusal):
    message = "O chamado já foi assumido por %(by)s."


class TicketNotWorked(Refusal):
    message = "O chamado já foi resolvido. Reabra-o antes."


class TicketNotWaiting(Refusal):
    message = "O chamado não está à espera do cliente."


class TicketAlreadyWaiting(Refusal):
    message = "O chamado já está à espera do cliente."


class TicketNotResolved(Refusal):
    message = "Só um chamado resolvido pode ser reaberto."


class TicketTextRequired(Refusal):
    message = "Escreva o texto."
    field = "text"


class SamePriority(Refusal):
    message = "O chamado já tem esta prioridade."
    field = "priority"


class PriorityUnfit(Refusal):
    message = "Escolha uma das prioridades."
    field = "priority"


class MergeIntoItself(Refusal):
    message = "Um chamado não pode ser unido a si mesmo."
    field = "into"


class MergeOfAnother(Refusal):
    message = "O chamado %(protocol)s é de outro cliente."
    field = "into"


class MergeIntoClosed(Refusal):
    message = "O chamado %(protocol)s já foi encerrado."
    field = "into"


class MergeIntoResolved(Refusal):
    message = "O chamado %(protocol)s já foi resolvido. Reabra-o antes."
    field = "into"


class LinkNotFound(Refusal):
    message = "Não há nada com o código %(code)s."
    field = "code"


class CustomerNotKnown(Refusal):
    message = "Nenhum cliente tem o código %(code)s."
    field = "customer"


class EntryNotFound(Refusal):
    message = "Esta mensagem não é do chamado."


def check_worked(stage: TicketStage) -> None:
    """This will refuse what is only done to a ticket that is being treated."""
    if not stage.is_worked:
        raise TicketNotWorked


def check_wait(stage: TicketStage) -> None:
    """This will refuse to wait for a customer twice, and with a ticket that is done."""
    check_worked(stage)
    if stage is TicketStage.WAITING_CUSTOMER:
        raise TicketAlreadyWaiting


def check_answer(stage: TicketStage) -> None:
    """This will refuse an answer that nobody waits for."""
    if stage is not TicketStage.WAITING_CUSTOMER:
        raise TicketNotWaiting


def check_reopen(stage: TicketStage) -> None:
    """This will refuse to reopen what is not resolved."""
    if stage is not TicketStage.RESOLVED:
        raise TicketNotResolved


def check_take(*, owner: str | None, command: TakeTicket) -> None:
    """This will refuse to take what a colleague has; giving it to somebody who is named may."""
    if owner is not None and not command.to and owner != command.by:
        raise TicketAlreadyClaimed(by=owner)


def check_thread(*, seen: int, newest: int) -> None:
    """This will refuse words that were written before the newest line was read; 0: not asked."""
    if seen and newest > seen:
        raise ThreadChanged


def check_enclosed(sizes: Sequence[int]) -> None:
    """This will refuse more files than mail servers take with one e-mail (FilesTooLarge)."""
    if len(sizes) > MOST_ENCLOSED or sum(sizes) > MOST_ENCLOSED_BYTES:
        raise FilesTooLarge(count=MOST_ENCLOSED, megabytes=MOST_ENCLOSED_BYTES >> 20)


def check_text(text: str) -> None:
    """This will refuse an empty message."""
    if not text.strip():
        raise TicketTextRequired
