"""Collections by hand: starting, confirming, noting a contact, and what is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from rules.collection_stages import CollectionStage
from rules.collections import WORKED_STAGES, ContactKind
from rules.panels import InvoiceStatus
from rules.refusals import Refusal
from rules.sentences import N_


@dataclass(frozen=True)
class InvoiceFacts:
    """What decides whether an invoice may be moved by hand."""

    label: str
    customer_id: int
    stage: str | None
    status: str


@dataclass(frozen=True)
class StartCollection:
    """Put the picked invoices of a classified customer in contact."""

    by: str
    invoice_ids: tuple[int, ...]
    kind: Literal["start_collection"] = "start_collection"
    ip: str = ""


@dataclass(frozen=True)
class ConfirmProcess:
    """Put all of the customer's invoices that are in contact into negotiation."""

    by: str
    kind: Literal["confirm_process"] = "confirm_process"
    ip: str = ""


class NothingToStart(Refusal):
    message = "Escolha ao menos uma fatura."
    field = "invoice_ids"


class NothingToConfirm(Refusal):
    message = "Este cliente não tem faturas em contato."


class UnknownInvoice(Refusal):
    message = "A fatura %(invoice)s não existe."
    field = "invoice_ids"


class ForeignInvoice(Refusal):
    message = "A fatura %(invoice)s é de outro cliente."
    field = "invoice_ids"


class NoLongerOwed(Refusal):
    message = "A fatura %(invoice)s já foi liquidada, suspensa ou cancelada."
    field = "invoice_ids"


class AlreadyStarted(Refusal):
    message = "A cobrança da fatura %(invoice)s já foi iniciada. Ela está em: %(stage_word)s."
    field = "invoice_ids"


class WrongStage(Refusal):
    message = (
        "A fatura %(invoice)s não está classificada para a cobrança. Ela está em: %(stage_word)s."
    )
    field = "invoice_ids"


class ContactCategoryNotActive(Refusal):
    message = "Escolha uma categoria de contato ativa."
    field = "category_id"


class ContactIncomplete(Refusal):
    message = "Preencha este campo."


#: What operators call the stages of an invoice; "" is none.
STAGE_NAMES = {
    "": N_("fora da cobrança"),
    CollectionStage.CLASSIFIED: N_("classificada"),
    CollectionStage.IN_CONTACT: N_("em contato"),
    CollectionStage.NEGOTIATING: N_("aguardando negociação"),
    CollectionStage.IN_AGREEMENT: N_("em acordo"),
    CollectionStage.FULFILLED: N_("acordo cumprido"),
    CollectionStage.BROKEN: N_("acordo não cumprido"),
    CollectionStage.RECOVERED: N_("recuperada"),
    CollectionStage.WITHDRAWN: N_("retirada da cobrança"),
    CollectionStage.REPLACED: N_("substituída por acordo"),
}


def check_start(
    invoices: Mapping[int, InvoiceFacts], *, picked: Collection[int], customer_id: int
) -> None:
    """This will refuse to start what is not owed, not classified, or not this customer's."""
    if not picked:
        raise NothingToStart
    for number in picked:
        if number not in invoices:
            raise UnknownInvoice(invoice=number)
        _check_startable(invoices[number], customer_id)


def check_contact(*, kind: str, channel: str, subject: str, text: str) -> None:
    """This will refuse a comment or contact that lacks what everyone must tell."""
    told = {"channel": channel, "subject": subject, "text": text}
    if kind not in list(ContactKind):
        raise ContactIncomplete(field="kind")
    for name, value in told.items():
        if not value.strip():
            raise ContactIncomplete(field=name)


def _check_startable(invoice: InvoiceFacts, customer_id: int) -> None:
    if invoice.customer_id != customer_id:
        raise ForeignInvoice(invoice=invoice.label)
    stage = STAGE_NAMES[invoice.stage or ""]
    if invoice.stage in WORKED_STAGES and invoice.stage != CollectionStage.CLASSIFIED:
        raise AlreadyStarted(invoice=invoice.label, stage_word=stage)
    if invoice.status != InvoiceStatus.OPEN:
        raise NoLongerOwed(invoice=invoice.label)
    if invoice.stage != CollectionStage.CLASSIFIED:
        raise WrongStage(invoice=invoice.label, stage_word=stage)
