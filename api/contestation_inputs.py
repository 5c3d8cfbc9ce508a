"""What people and programs say to contestations: read strictly, and turned into commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from api.collection_commands import SeenInput
from api.dependencies import Principal
from api.forms import Amount, Day, Instant
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


class FileInput(SeenInput):
    """Send it; nothing more is asked."""


class ProtocolInput(SeenInput):
    """A contact with the carrier; every field is mandatory."""

    contacted_at: Instant
    channel: ProtocolChannel
    protocol: str = Field(min_length=1, max_length=60)
    attendant: str = Field(min_length=1, max_length=80)
    account: str = Field(min_length=1, max_length=40)
    request: str = Field(min_length=1, max_length=500)


class ItemInput(BaseModel):
    """How much of an item the carrier accepts."""

    item_id: int
    accepted: Amount
    reason: str = Field(default="", max_length=500)


class AnswerInput(SeenInput):
    """What the carrier answered; items that are not named were refused."""

    answered_on: Day
    accepts_all: bool = False
    reason: str = Field(default="", max_length=500)
    items: list[ItemInput] = Field(default_factory=list, max_length=10_000)


class BarcodeInput(SeenInput):
    """The barcode or typed line of the corrected bill."""

    code: str = Field(min_length=1, max_length=80)


class PaymentInput(SeenInput):
    """When the contested invoice was paid."""

    paid_on: Day


class RemedyInput(SeenInput):
    """How what was accepted comes back."""

    remedy: Remedy


class WhyInput(SeenInput):
    """Why."""

    reason: str = Field(min_length=1, max_length=500)


class CustomerAnswerInput(SeenInput):
    """How much of what the customer contests is not due; less than all of it with a reason."""

    upheld: Amount
    reason: str = Field(default="", max_length=500)


class ToldInput(SeenInput):
    """When and how the customer was told of the answer."""

    told_on: Day
    how: str = Field(min_length=1, max_length=300)


class RefundInput(SeenInput):
    """When the money went back, and its receipt."""

    refunded_on: Day
    receipt: str = Field(min_length=1, max_length=120)


class ReceiveInput(BaseModel):
    """What a customer contests: an invoice by its code, all of it or an amount, and why."""

    invoice: str = Field(min_length=1, max_length=40)
    amount: Amount | None = None
    text: str = Field(min_length=1, max_length=500)
    channel: ProtocolChannel = ProtocolChannel.PHONE
    refund_channel: RefundChannel = RefundChannel.NEXT_INVOICE
    bill_form: BillForm = BillForm.ELECTRONIC


class CorrectionInput(SeenInput):
    """The contact in which the root cause was to be mended."""

    requested_at: Instant
    channel: ProtocolChannel
    protocol: str = Field(min_length=1, max_length=60)
    attendant: str = Field(min_length=1, max_length=80)


Asked = TypeVar("Asked", bound=SeenInput)


@dataclass(frozen=True)
class Spoken:
    """A command as it is said: its form, its update, how it is made, what is answered."""

    form: type[SeenInput]
    update: str
    make: Callable[[Any, Principal], Any]
    message: str


def _protocol(said: ProtocolInput, by: Principal) -> RecordProtocol:
    return RecordProtocol(
        by.login, said.contacted_at, said.request, said.account, said.protocol, said.attendant,
        said.channel, ip=by.ip,
    )  # fmt: skip


def _answer(said: AnswerInput, by: Principal) -> RecordAnswer:
    items = tuple(ItemAnswer(each.item_id, each.accepted, each.reason) for each in said.items)
    return RecordAnswer(
        by.login, said.answered_on, said.accepts_all, items, said.reason,
        approves=by.may(APPROVE), ip=by.ip,
    )  # fmt: skip


def _correction(said: CorrectionInput, by: Principal) -> RecordCorrectionRequest:
    return RecordCorrectionRequest(
        by.login, said.protocol, said.attendant, said.channel, said.requested_at, ip=by.ip
    )


#: The commands by the last part of their page's address.
COMMANDS: Mapping[str, Spoken] = {
    "envio": Spoken(
        FileInput, "file",
        lambda _, by: FileContestation(by.login, approves=by.may(APPROVE), ip=by.ip),
        N_("Contestação enviada: a carta e as provas estão saindo."),
    ),
    "protocolo": Spoken(
        ProtocolInput, "record_protocol", _protocol, N_("Protocolo registrado.")
    ),
    "resposta": Spoken(AnswerInput, "record_answer", _answer, N_("Resposta registrada.")),
    "codigo": Spoken(
        BarcodeInput, "record_new_barcode",
        lambda said, by: RecordNewBarcode(by.login, said.code, ip=by.ip),
        N_("Novo código conferido: o valor a pagar mudou."),
    ),
    "pagamento": Spoken(
        PaymentInput, "record_invoice_payment",
        lambda said, by: RecordInvoicePayment(by.login, said.paid_on, ip=by.ip),
        N_("Pagamento anotado."),
    ),
    "meio": Spoken(
        RemedyInput, "choose_remedy",
        lambda said, by: ChooseRemedy(by.login, said.remedy, ip=by.ip), N_("Escolha registrada."),
    ),
    "instancia": Spoken(
        WhyInput, "escalate", lambda said, by: Escalate(by.login, said.reason, ip=by.ip),
        N_("Levada à instância seguinte."),
    ),
    "recusa": Spoken(
        WhyInput, "accept_refusal",
        lambda said, by: AcceptRefusal(by.login, said.reason, ip=by.ip),
        N_("Contestação encerrada com a recusa."),
    ),
    "correcao": Spoken(
        CorrectionInput, "record_correction_request", _correction, N_("Pedido registrado.")
    ),
    "desistencia": Spoken(
        WhyInput, "withdraw",
        lambda said, by: WithdrawContestation(by.login, said.reason, ip=by.ip),
        N_("Contestação retirada."),
    ),
    "resposta-cliente": Spoken(
        CustomerAnswerInput, "answer_customer",
        lambda said, by: AnswerCustomer(
            by.login, said.upheld, said.reason, approves=by.may(APPROVE), ip=by.ip
        ),
        N_("Resposta registrada: o cliente está sendo avisado."),
    ),
    "aviso-cliente": Spoken(
        ToldInput, "record_customer_told",
        lambda said, by: RecordCustomerTold(by.login, said.told_on, said.how, ip=by.ip),
        N_("Aviso ao cliente registrado."),
    ),
    "devolucao": Spoken(
        RefundInput, "record_refund",
        lambda said, by: RecordRefund(by.login, said.refunded_on, said.receipt, ip=by.ip),
        N_("Devolução registrada."),
    ),
}  # fmt: skip


class MakeInput(BaseModel):
    """What is contested: these findings, or all of an invoice from an amount on."""

    finding_ids: list[int] = Field(default=[], max_length=10_000)
    invoice_id: int | None = None
    minimum: Amount = Decimal("0.01")
