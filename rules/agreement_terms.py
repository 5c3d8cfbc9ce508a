"""What an operator asks for when making an agreement, and why it may be refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from rules.proposal_instalments import (
    Instalment,
    change_amount,
    check_instalments,
    plan_instalments,
)
from rules.proposals import Components, NotAuthorised, Quote
from rules.refusals import Refusal, written_date


class AgreementKind(StrEnum):
    """Whether the invoices stay as they are, or new ones take their place."""

    UNCHANGED = "unchanged"
    PROPOSAL = "proposal"


@dataclass(frozen=True)
class InstalmentRow:
    """A row of the preview as the operator left it."""

    due_date: date
    amount: Decimal


@dataclass(frozen=True)
class MakeAgreement:
    """An agreement as filled in; what only a new proposal needs may be left out of the other kind.

    `rows` are the edited instalments; without them they are planned from `count` and `first_due`.
    Without a payment profile the new invoices take the first original's. `approved_by` is the
    second person who let it go beyond its author's limit.
    """

    by: str
    invoice_ids: tuple[int, ...]
    agreement_kind: AgreementKind
    tolerance_date: date
    category_id: int | None
    components: Components = field(default_factory=Components)
    keeps_discount: bool = False
    confirm_new_invoice: bool = False
    description: str = ""
    payment_profile_id: int | None = None
    count: int = 1
    first_due: date | None = None
    rows: tuple[InstalmentRow, ...] = ()
    kind: Literal["make_agreement"] = "make_agreement"
    ip: str = ""
    approved_by: str = ""

    @property
    def is_proposal(self) -> bool:
        """Whether new invoices are to take the place of the picked ones."""
        return self.agreement_kind == AgreementKind.PROPOSAL


class NoInvoicePicked(Refusal):
    message = "Escolha ao menos uma fatura."
    field = "invoice_ids"


class InvoiceNotOfAccount(Refusal):
    message = "A fatura %(invoice)s não é desta conta de cobrança."
    field = "invoice_ids"


class InvoiceNotNegotiating(Refusal):
    message = "A fatura %(invoice)s não aguarda negociação."
    field = "invoice_ids"


class PickedInvoiceSettled(Refusal):
    message = "A fatura %(invoice)s já está liquidada."
    field = "invoice_ids"


class PickedInvoiceSuspended(Refusal):
    message = "A fatura %(invoice)s está suspensa."
    field = "invoice_ids"


class PickedInvoiceCancelled(Refusal):
    message = "A fatura %(invoice)s está cancelada."
    field = "invoice_ids"


class PickedInvoiceInAgreement(Refusal):
    message = "A fatura %(invoice)s já participa de um acordo."
    field = "invoice_ids"


class FiscalDocumentIssued(Refusal):
    message = "A fatura %(invoice)s tem documento fiscal emitido."
    field = "invoice_ids"


class RemittanceGenerated(Refusal):
    message = "A fatura %(invoice)s tem remessa gerada."
    field = "invoice_ids"


class AgreementCategoryNotActive(Refusal):
    message = "Escolha uma categoria de acordo ativa."
    field = "category_id"


class LedgerAccountNotActive(Refusal):
    message = "Escolha um plano de contas ativo."


class PaymentProfileNotActive(Refusal):
    message = "Escolha um profile de pagamento ativo."
    field = "payment_profile_id"


class NewInvoiceNotConfirmed(Refusal):
    message = "Confirme a geração da nova fatura."
    field = "confirm_new_invoice"


class DiscountNotKept(Refusal):
    message = "O desconto do contrato não se mantém quando as faturas originais são suspensas."
    field = "keeps_discount"


class DescriptionTooLong(Refusal):
    message = "A descrição pode ter no máximo %(most)s caracteres."
    field = "description"


class FirstDueRequired(Refusal):
    message = "Informe o vencimento da primeira parcela."
    field = "first_due"


class InstalmentDueInThePast(Refusal):
    message = "A parcela %(ordinal)s venceria antes de hoje, %(today)s. Corrija o vencimento."
    field = "due_date"


class TooManyInstalments(Refusal):
    message = "O acordo pode ter no máximo %(most)s parcelas."
    field = "count"


LONGEST_DESCRIPTION = 200

NOT_AUTHORISED: dict[NotAuthorised, type[Refusal]] = {
    NotAuthorised.SETTLED: PickedInvoiceSettled,
    NotAuthorised.SUSPENDED: PickedInvoiceSuspended,
    NotAuthorised.CANCELLED: PickedInvoiceCancelled,
    NotAuthorised.IN_AGREEMENT: PickedInvoiceInAgreement,
    NotAuthorised.FISCAL_DOCUMENT: FiscalDocumentIssued,
    NotAuthorised.REMITTANCE: RemittanceGenerated,
}


def check_picked(*, code: str, refusal: NotAuthorised | None, is_negotiating: bool) -> None:
    """This will refuse an invoice that may not enter an agreement, by its own reason."""
    if refusal is not None:
        raise NOT_AUTHORISED[refusal](invoice=code)
    if not is_negotiating:
        raise InvoiceNotNegotiating(invoice=code)


def check_description(description: str) -> None:
    """This will refuse a description for which the books have no room."""
    if len(description) > LONGEST_DESCRIPTION:
        raise DescriptionTooLong(most=LONGEST_DESCRIPTION)


def check_choices(command: MakeAgreement, *, suspends_originals: bool) -> None:
    """This will refuse what contradicts the settings, and a new invoice not confirmed."""
    if command.keeps_discount and suspends_originals:
        raise DiscountNotKept
    if not command.confirm_new_invoice:
        raise NewInvoiceNotConfirmed


def accounts_used(components: Components) -> dict[str, int | None]:
    """The ledger account of every component that is not zero, by the field that names it."""
    used = {
        "increase_account_id": components.increase_percent,
        "fine_account_id": components.fine_percent,
        "discount_account_id": components.discount_percent or components.discount,
        "charges_account_id": components.charges,
        "fees_account_id": components.fees,
    }
    return {field: getattr(components, field) for field, amount in used.items() if amount}


def plan_rows(quoted: Quote, *, command: MakeAgreement, most: int) -> list[Instalment]:
    """This will plan the instalments, and give them the dates and amounts that were edited.

    Refuses what cannot be planned at all; that they add up is judged by check_rows.
    """
    count = len(command.rows) or command.count
    first_due = command.rows[0].due_date if command.rows else command.first_due
    if first_due is None:
        raise FirstDueRequired
    if count > most:
        raise TooManyInstalments(most=most)
    planned = plan_instalments(quoted, count=count, first_due=first_due)
    if not command.rows:
        return planned
    return [
        replace(change_amount(row, amount=edited.amount), due_date=edited.due_date)
        for row, edited in zip(planned, command.rows, strict=True)
    ]


def check_rows(rows: Sequence[Instalment], *, total: Decimal, today: date) -> None:
    """This will refuse instalments that do not make up the agreement, or are due before today."""
    check_instalments(rows, total=total)
    for row in rows:
        if row.due_date < today:
            raise InstalmentDueInThePast(ordinal=row.ordinal, today=written_date(today))
