"""What is said about contestations received, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from rules.collection_stages import CollectionStage
from rules.contestation import ContestationStage
from rules.contestation_commands import NotInThisStage, ProtocolChannel, check_awaits
from rules.contestation_received import (
    ANSWERED,
    MAY_BE_GIVEN_UP,
    BillForm,
    RefundChannel,
)
from rules.money import ZERO, parse_not_negative
from rules.panels import InvoiceStatus
from rules.refusals import Refusal, written_amount, written_date


class ContestedInvoiceNotFound(Refusal):
    message = "Não há uma fatura %(invoice)s. Confira o número ou o código."
    field = "invoice"


class ContestedTicketNotFound(Refusal):
    message = "O chamado %(protocol)s não existe. Confira o protocolo."
    field = "ticket"


class InvoiceNotContestable(Refusal):
    message = "A fatura %(invoice)s está cancelada, suspensa ou substituída: nada a contestar."
    field = "invoice"


class InvoiceReplacedContested(Refusal):
    message = (
        "A fatura %(invoice)s foi trocada pelas parcelas do acordo %(agreement)s: cancele o acordo "
        "e restaure a fatura antes de contestá-la."
    )
    field = "invoice"


class InvoiceInAgreementContested(Refusal):
    message = (
        "A fatura %(invoice)s está no acordo %(agreement)s: desfaça o acordo antes de contestá-la."
    )
    field = "invoice"


class AlreadyContested(Refusal):
    message = "A fatura %(invoice)s já está em contestação."
    field = "invoice"


class ContestedTooLate(Refusal):
    message = "O prazo para contestar esta fatura acabou em %(last)s."
    field = "invoice"


class ContestedAmountWrong(Refusal):
    message = "Conteste mais que zero e no máximo R$ %(most)s."
    field = "amount"


class UpheldTooMuch(Refusal):
    message = "O que se reconhece não pode passar do contestado, que é R$ %(claimed)s."
    field = "upheld"


class AnswerTooLate(Refusal):
    message = "O prazo de resposta acabou em %(last)s: só resta dar razão ao cliente por inteiro."
    field = "upheld"


class AnsweredReasonRequired(Refusal):
    message = "Diga ao cliente com que razão o valor é devido."
    field = "reason"


class JustifiedNeedsApproval(Refusal):
    message = "Devolver sem a dobra pede a permissão de aprovar contestações."
    field = "is_justified"


class ContestationSayRequired(Refusal):
    message = "Preencha este campo."


class ToldInFuture(Refusal):
    message = "O aviso ao cliente não pode estar no futuro."
    field = "told_on"


class RefundedInFuture(Refusal):
    message = "A devolução não pode estar no futuro."
    field = "refunded_on"


@dataclass(frozen=True)
class NewContestation:
    """What a customer contests. `amount` None: all of the invoice."""

    invoice_id: int
    text: str
    amount: Decimal | None = None
    channel: ProtocolChannel = ProtocolChannel.PHONE
    refund_channel: RefundChannel = RefundChannel.NEXT_INVOICE
    bill_form: BillForm = BillForm.ELECTRONIC


@dataclass(frozen=True)
class AnswerCustomer:
    """How much of what is contested the customer is right about; less than all with a reason.

    `is_justified`: our mistake could be justified, so what was paid goes back without the double
    (CDC, art. 42, sole paragraph).
    """

    by: str
    upheld: Decimal
    reason: str = ""
    approves: bool = False
    kind: Literal["answer_customer"] = "answer_customer"
    ip: str = ""
    is_justified: bool = False


@dataclass(frozen=True)
class RecordCustomerTold:
    """The customer was told of the answer by other means than ours."""

    by: str
    told_on: date
    how: str
    kind: Literal["record_customer_told"] = "record_customer_told"
    ip: str = ""


@dataclass(frozen=True)
class RecordRefund:
    """The money went back by bank."""

    by: str
    refunded_on: date
    receipt: str
    kind: Literal["record_refund"] = "record_refund"
    ip: str = ""


@dataclass(frozen=True)
class InvoiceFacts:
    """An invoice that somebody contests."""

    label: str
    amount: Decimal
    status: str
    collection_stage: str | None
    is_contested: bool
    agreement_id: int | None = None


def check_new(
    facts: InvoiceFacts, *, claimed: Decimal, last_day: date, text: str, today: date
) -> None:
    """This will refuse what cannot be contested, or not any more, before anything is changed."""
    _check_agreement(facts)
    if facts.status not in {InvoiceStatus.OPEN, InvoiceStatus.SETTLED}:
        raise InvoiceNotContestable(invoice=facts.label)
    if facts.is_contested:
        raise AlreadyContested(invoice=facts.label)
    if today > last_day:
        raise ContestedTooLate(last=written_date(last_day))
    if not ZERO < parse_not_negative(claimed, field="amount") <= facts.amount:
        raise ContestedAmountWrong(most=written_amount(facts.amount))
    _check_said(text, field="text")


def _check_agreement(facts: InvoiceFacts) -> None:
    """What stands in an agreement was settled on: that goes first, and both sides know it did."""
    if facts.status == InvoiceStatus.REPLACED and facts.agreement_id is not None:
        raise InvoiceReplacedContested(invoice=facts.label, agreement=facts.agreement_id)
    if facts.collection_stage == CollectionStage.IN_AGREEMENT:
        raise InvoiceInAgreementContested(invoice=facts.label, agreement=facts.agreement_id or "—")


def check_answer(
    stage: ContestationStage, command: AnswerCustomer, *, claimed: Decimal, due_on: date | None,
    today: date,
) -> None:  # fmt: skip
    """This will refuse too much, no reason for what is not upheld, and "no" after the term."""
    check_awaits(stage, ContestationStage.AWAITING_ANSWER)
    if parse_not_negative(command.upheld, field="upheld") > claimed:
        raise UpheldTooMuch(claimed=written_amount(claimed))
    if command.is_justified:
        _check_justified(command)
    if command.upheld == claimed:
        return
    if due_on is not None and today > due_on:
        raise AnswerTooLate(last=written_date(due_on))
    if not command.reason.strip():
        raise AnsweredReasonRequired


def _check_justified(command: AnswerCustomer) -> None:
    if not command.approves:
        raise JustifiedNeedsApproval
    if not command.reason.strip():
        raise AnsweredReasonRequired


def check_told(stage: ContestationStage, command: RecordCustomerTold, *, today: date) -> None:
    """This will refuse what is not answered yet, a day to come, and not saying how."""
    check_awaits(stage, *ANSWERED)
    if command.told_on > today:
        raise ToldInFuture
    _check_said(command.how, field="how")


def check_refund(
    stage: ContestationStage,
    command: RecordRefund,
    *,
    channel: RefundChannel,
    today: date,
    awaits_index: bool = False,
) -> None:
    """This will refuse a refund that nobody gives by hand, a day to come, and no receipt.

    Nothing more goes back while the index is waited for that says how much it is.
    """
    check_awaits(stage, ContestationStage.AWAITING_CREDIT)
    if not channel.is_by_hand or awaits_index:
        raise NotInThisStage
    if command.refunded_on > today:
        raise RefundedInFuture
    _check_said(command.receipt, field="receipt")


def check_given_up(stage: ContestationStage, *, reason: str) -> None:
    """This will refuse once it is answered, and without a reason."""
    check_awaits(stage, *MAY_BE_GIVEN_UP)
    _check_said(reason, field="reason")


def _check_said(text: str, *, field: str) -> None:
    if not text.strip():
        raise ContestationSayRequired(field=field)
