"""What people say to a contestation, and what its journey refuses to hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from rules.contestation import (
    MAY_BE_ANSWERED,
    MAY_BE_WITHDRAWN,
    MAY_ESCALATE,
    UNANSWERED,
    ContestationStage,
    Level,
    Remedy,
)
from rules.refusals import Refusal, written_amount, written_date
from rules.tasks import check_reason

LONGEST_TEXT = 500


class ProtocolChannel(StrEnum):
    """How the carrier was spoken to."""

    PHONE = "phone"
    PORTAL = "portal"
    EMAIL = "email"
    CHAT = "chat"
    LETTER = "letter"
    IN_PERSON = "in_person"


class ContestationNotFound(Refusal):
    message = "Esta contestação não existe."


class NotInThisStage(Refusal):
    message = "Na etapa em que a contestação está, isto não pode ser feito."


class ApprovalRequired(Refusal):
    message = "Acima de R$ %(amount)s é preciso a permissão de aprovar contestações."


class ProtocolIncomplete(Refusal):
    message = "Preencha este campo: o protocolo precisa de todos."


class ProtocolInFuture(Refusal):
    message = "O contato não pode estar no futuro."
    field = "contacted_at"


class NothingHigher(Refusal):
    message = "A contestação já foi levada ao regulador: não há instância acima."


class PaidInFuture(Refusal):
    message = "O pagamento não pode estar no futuro."
    field = "paid_on"


class PaidBeforeIssued(Refusal):
    message = "O pagamento não pode ser anterior à emissão da fatura, em %(issued)s."
    field = "paid_on"


class InvoiceNotPaid(Refusal):
    message = "Este meio não serve: escolha novo código de barras ou crédito na próxima fatura."
    field = "remedy"


@dataclass(frozen=True)
class FileContestation:
    """Send the letter and its evidence. `approves`: whoever asks may approve large amounts."""

    by: str
    approves: bool = False
    kind: Literal["file_contestation"] = "file_contestation"
    ip: str = ""


@dataclass(frozen=True)
class RecordProtocol:
    """A contact with the carrier; every field is mandatory (the fourth step of the source)."""

    by: str
    contacted_at: datetime
    request: str
    account: str
    protocol: str
    attendant: str
    channel: ProtocolChannel
    kind: Literal["record_protocol"] = "record_protocol"
    ip: str = ""


@dataclass(frozen=True)
class ItemAnswer:
    """How much of an item the carrier accepts; less than all of it comes with a reason."""

    item_id: int
    accepted: Decimal
    reason: str = ""


@dataclass(frozen=True)
class RecordAnswer:
    """What the carrier answered. `accepts_all` needs no items; else those not named are refused."""

    by: str
    answered_on: date
    accepts_all: bool = False
    items: tuple[ItemAnswer, ...] = ()
    reason: str = ""
    approves: bool = False
    kind: Literal["record_answer"] = "record_answer"
    ip: str = ""


@dataclass(frozen=True)
class RecordNewBarcode:
    """The barcode or typed line with which the corrected amount is paid."""

    by: str
    code: str
    kind: Literal["record_new_barcode"] = "record_new_barcode"
    ip: str = ""


@dataclass(frozen=True)
class RecordInvoicePayment:
    """The company paid the contested invoice."""

    by: str
    paid_on: date
    kind: Literal["record_invoice_payment"] = "record_invoice_payment"
    ip: str = ""


@dataclass(frozen=True)
class ChooseRemedy:
    """Past due and unpaid: a person says how the carrier makes it good."""

    by: str
    remedy: Remedy
    kind: Literal["choose_remedy"] = "choose_remedy"
    ip: str = ""


@dataclass(frozen=True)
class Escalate:
    """Turn to the next level now, without waiting for the clock."""

    by: str
    reason: str
    kind: Literal["escalate"] = "escalate"
    ip: str = ""


@dataclass(frozen=True)
class AcceptRefusal:
    """The carrier's refusal stands, or what came is all that comes: the rest is lost."""

    by: str
    reason: str
    approves: bool = False
    kind: Literal["accept_refusal"] = "accept_refusal"
    ip: str = ""


@dataclass(frozen=True)
class RecordCorrectionRequest:
    """The carrier was asked to mend its records; with the protocol of that contact."""

    by: str
    protocol: str
    attendant: str
    channel: ProtocolChannel
    requested_at: datetime
    kind: Literal["record_correction_request"] = "record_correction_request"
    ip: str = ""


@dataclass(frozen=True)
class WithdrawContestation:
    """Given up, and why; its findings are open again."""

    by: str
    reason: str
    approves: bool = False
    kind: Literal["withdraw_contestation"] = "withdraw_contestation"
    ip: str = ""


def check_filing(stage: ContestationStage, *, claimed: Decimal, limit: int, approves: bool) -> None:
    """Refuses what is not a draft, and a large amount without approval (ApprovalRequired)."""
    _check(stage, (ContestationStage.DRAFT,))
    check_approval(claimed, limit=limit, approves=approves)


def check_approval(amount: Decimal, *, limit: int, approves: bool) -> None:
    """Refuses an amount above the limit to who may not approve (ApprovalRequired)."""
    if amount > limit and not approves:
        raise ApprovalRequired(amount=written_amount(Decimal(limit)))


def check_protocol(stage: ContestationStage, command: RecordProtocol, *, now: datetime) -> None:
    """Refuses a draft or an end, a blank field (named), and a contact that is yet to come."""
    if stage in {
        ContestationStage.DRAFT,
        ContestationStage.CLOSED,
        ContestationStage.WITHDRAWN,
    }:
        raise NotInThisStage
    for name in ("request", "account", "protocol", "attendant"):
        if not getattr(command, name).strip():
            raise ProtocolIncomplete(field=name)
    if command.contacted_at > now:
        raise ProtocolInFuture


def check_answerable(stage: ContestationStage) -> None:
    """Refuses an answer to what was not filed, or was answered."""
    _check(stage, MAY_BE_ANSWERED)


def check_escalation(stage: ContestationStage, *, level: Level, reason: str) -> Level:
    """The level to turn to. Refuses other stages, no reason, and above the last (NothingHigher)."""
    _check(stage, MAY_ESCALATE)
    check_reason(reason)
    if level >= Level.REGULATOR:
        raise NothingHigher
    return Level(level + 1)


def may_forgo(stage: ContestationStage, *, round: int) -> bool:
    """Whether what did not come may be given up for lost.

    Refused, escalated or awaited; from the second round on while it is unanswered too.
    """
    stages = (
        ContestationStage.REFUSED,
        ContestationStage.ESCALATED,
        ContestationStage.AWAITING_CREDIT,
    )
    return stage in (stages if round == 1 else (*stages, *UNANSWERED))


def check_refusal_accepted(
    stage: ContestationStage,
    *,
    round: int = 1,
    reason: str,
) -> None:
    """Refuses stages in which nothing may be given up, and no reason."""
    if not may_forgo(stage, round=round):
        raise NotInThisStage
    check_reason(reason)


def check_withdrawal(stage: ContestationStage, *, reason: str) -> None:
    """Refuses from verified on, and without a reason."""
    _check(stage, MAY_BE_WITHDRAWN)
    check_reason(reason)


def check_choice(stage: ContestationStage, remedy: Remedy) -> None:
    """Refuses where nothing is to be decided, and the choice of none."""
    _check(stage, (ContestationStage.ACCEPTED, ContestationStage.PARTLY_ACCEPTED))
    if remedy is Remedy.DECIDE:
        raise InvoiceNotPaid


def check_payment(stage: ContestationStage, *, paid_on: date, issued_on: date, today: date) -> None:
    """Refuses once all is verified, and a day that cannot be."""
    _check(stage, MAY_BE_WITHDRAWN)
    check_paid_on(paid_on, issued_on=issued_on, today=today)


def check_paid_on(paid_on: date, *, issued_on: date, today: date) -> None:
    """Refuses a day that is yet to come, and one before the invoice was issued.

    What is owed back of it is counted from that day on.
    """
    if paid_on > today:
        raise PaidInFuture
    if paid_on < issued_on:
        raise PaidBeforeIssued(issued=written_date(issued_on))


def check_awaits(stage: ContestationStage, *stages: ContestationStage) -> None:
    """Refuses every stage but these (NotInThisStage)."""
    _check(stage, stages)


def is_waiting(stage: ContestationStage) -> bool:
    """Whether a protocol of now is that of a letter."""
    return stage in UNANSWERED


def _check(stage: ContestationStage, allowed: tuple[ContestationStage, ...]) -> None:
    if stage not in allowed:
        raise NotInThisStage
