"""What people and programs say to contestations: read strictly, and turned into commands."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from api.actions import Action, Seen
from api.dependencies import Principal
from api.forms import Amount, Day, Instant
from api.inputs import Input
from api.language import N_
from rules.contestation import Remedy
from rules.contestation_commands import (
    AcceptRefusal,
    ChooseRemedy,
    Escalate,
    FileContestation,
    ItemAnswer,
    ProtocolChannel,
    RecordAnswer,
    RecordCorrectionRequest,
    RecordInvoicePayment,
    RecordNewBarcode,
    RecordProtocol,
    WithdrawContestation,
)
from rules.contestation_received import BillForm, RefundChannel
from rules.contestation_received_commands import AnswerCustomer, RecordCustomerTold, RecordRefund

APPROVE = "contestations:approve"


class FileInput(Seen):
    """Send it; nothing more is asked."""


class ProtocolInput(Seen):
    """A contact with the carrier; every field is mandatory."""

    contacted_at: Instant
    channel: ProtocolChannel
    protocol: str = Field(min_length=1, max_length=60)
    attendant: str = Field(min_length=1, max_length=80)
    account: str = Field(min_length=1, max_length=40)
    request: str = Field(min_length=1, max_length=500)


class ItemInput(Input):
    """How much of an item the carrier accepts."""

    item_id: int
    accepted: Amount
    reason: str = Field(default="", max_length=500)


class AnswerInput(Seen):
    """What the carrier answered; items that are not named were refused.

    `accepts_all`: all that the letter asks, which in a later round is what was granted before.
    """

    answered_on: Day
    accepts_all: bool = False
    reason: str = Field(default="", max_length=500)
    items: list[ItemInput] = Field(default_factory=list, max_length=10_000)


class BarcodeInput(Seen):
    """The barcode or typed line of the corrected bill."""

    code: str = Field(min_length=1, max_length=80)


class PaymentInput(Seen):
    """When the contested invoice was paid."""

    paid_on: Day


class RemedyInput(Seen):
    """How what was accepted comes back."""

    remedy: Remedy


class WhyInput(Seen):
    """Why."""

    reason: str = Field(min_length=1, max_length=500)


class CustomerAnswerInput(Seen):
    """How much of what the customer contests is not due; less than all of it with a reason.

    `is_justified`: what was paid goes back once, not in double; with a reason and by permission.
    """

    upheld: Amount
    reason: str = Field(default="", max_length=500)
    is_justified: bool = False


class ToldInput(Seen):
    """When and how the customer was told of the answer."""

    told_on: Day
    how: str = Field(min_length=1, max_length=300)


class RefundInput(Seen):
    """When the money went back, and its receipt."""

    refunded_on: Day
    receipt: str = Field(min_length=1, max_length=120)


class ReceiveInput(Input):
    """What a customer contests: an invoice by its code, all of it or an amount, and why.

    `ticket` is the protocol of the ticket by which it came: what is left out is read from it, its
    files are the contestation's too, and each names the other. It takes leave to see tickets.
    """

    invoice: str = Field(min_length=1, max_length=40)
    amount: Amount | None = None
    text: str = Field(default="", max_length=500)
    ticket: str = Field(default="", max_length=20)
    channel: ProtocolChannel = ProtocolChannel.PHONE
    refund_channel: RefundChannel = RefundChannel.NEXT_INVOICE
    bill_form: BillForm = BillForm.ELECTRONIC


class CorrectionInput(Seen):
    """The contact in which the root cause was to be mended."""

    requested_at: Instant
    channel: ProtocolChannel
    protocol: str = Field(min_length=1, max_length=60)
    attendant: str = Field(min_length=1, max_length=80)


def _answer(said: AnswerInput, by: Principal) -> RecordAnswer:
    items = tuple(ItemAnswer(each.item_id, each.accepted, each.reason) for each in said.items)
    return RecordAnswer(
        by.login, said.answered_on, said.accepts_all, items, said.reason,
        approves=by.may(APPROVE), ip=by.ip,
    )  # fmt: skip


def _customer_answer(said: CustomerAnswerInput, by: Principal) -> AnswerCustomer:
    return AnswerCustomer(
        by.login, said.upheld, said.reason, approves=by.may(APPROVE), ip=by.ip,
        is_justified=said.is_justified,
    )  # fmt: skip


ACTIONS: tuple[Action, ...] = (
    Action(
        "envio", "filing", "file", FileInput, FileContestation,
        N_("Contestação enviada: a carta e as provas estão saindo."),
        lambda _, by: FileContestation(by.login, approves=by.may(APPROVE), ip=by.ip),
    ),
    Action(
        *("protocolo", "protocols", "record_protocol", ProtocolInput, RecordProtocol),
        N_("Protocolo registrado."),
    ),
    Action(
        *("resposta", "answer", "record_answer", AnswerInput, RecordAnswer),
        N_("Resposta registrada."), _answer,
    ),
    Action(
        *("codigo", "barcode", "record_new_barcode", BarcodeInput, RecordNewBarcode),
        N_("Novo código conferido: o valor a pagar mudou."),
    ),
    Action(
        *("pagamento", "payment", "record_invoice_payment", PaymentInput, RecordInvoicePayment),
        N_("Pagamento anotado."),
    ),
    Action(
        *("meio", "remedy", "choose_remedy", RemedyInput, ChooseRemedy), N_("Escolha registrada.")
    ),
    Action(
        *("instancia", "escalation", "escalate", WhyInput, Escalate),
        N_("Levada à instância seguinte."),
    ),
    Action(
        *("recusa", "refusal-acceptance", "accept_refusal", WhyInput, AcceptRefusal),
        N_("O que não veio foi dado por perdido."),
        lambda said, by: AcceptRefusal(
            by.login, said.reason, approves=by.may(APPROVE), ip=by.ip
        ),
    ),
    Action(
        *("correcao", "correction-request", "record_correction_request"),
        CorrectionInput, RecordCorrectionRequest, N_("Pedido registrado."),
    ),
    Action(
        *("resposta-cliente", "customer-answer", "answer_customer"),
        CustomerAnswerInput, AnswerCustomer,
        N_("Resposta registrada: o cliente está sendo avisado."), _customer_answer,
    ),
    Action(
        *("aviso-cliente", "customer-told", "record_customer_told", ToldInput, RecordCustomerTold),
        N_("Aviso ao cliente registrado."),
    ),
    Action(
        *("devolucao", "refund", "record_refund", RefundInput, RecordRefund),
        N_("Devolução registrada."),
    ),
    Action(
        *("desistencia", "withdrawal", "withdraw", WhyInput, WithdrawContestation),
        N_("Contestação retirada."),
        lambda said, by: WithdrawContestation(
            by.login, said.reason, approves=by.may(APPROVE), ip=by.ip
        ),
    ),
)  # fmt: skip
BY_PATH = {each.path: each for each in ACTIONS}


class MakeInput(Input):
    """What is contested: these findings, or all of an invoice from an amount on.

    `is_filed`: each draft goes out at once, by one letter.
    """

    finding_ids: list[int] = Field(default=[], max_length=10_000)
    invoice_id: int | None = None
    minimum: Amount = Decimal("0.01")
    is_filed: bool = False
