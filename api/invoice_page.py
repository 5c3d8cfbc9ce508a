"""An invoice before people and programs: what it is made of, what settles it, its whole story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from activities.invoice_lines import Item, ItemKind
from activities.invoice_sheet import InvoiceSheet, sheet_of
from api.customer_places import place_of_customer
from api.dependencies import Now, Principal, ReadSession, Today, need
from api.history import history_of_invoice
from api.language import N_, day, gettext, ngettext
from api.panel_rows import LIMITATIONS
from api.payment_words import SOURCES
from api.rendering import page
from api.table import Badge, Tone
from models.agreement_lists import AgreedInvoiceRow
from models.invoices import label_of
from rules import words
from rules.cases import Process
from rules.debts import Limitation
from rules.invoice_documents import AmountDue
from rules.late_charges import ChargeKind
from rules.panels import InvoiceStatus as S
from rules.payments import PaymentSource

router = APIRouter(tags=["invoices"])

See = Annotated[Principal, need("invoices:see")]

STATUSES = {
    S.OPEN: (N_("Aberta"), Tone.BLUE),
    S.SETTLED: (N_("Quitada"), Tone.GREEN),
    S.CANCELLED: (N_("Cancelada"), Tone.GREY),
    S.SUSPENDED: (N_("Suspensa"), Tone.YELLOW),
    S.REPLACED: (N_("Substituída"), Tone.GREY),
}
PARTS = {
    "principal": N_("Valor das faturas incluídas"),
    "increase": N_("Acréscimo"),
    "fine": N_("Multa"),
    "discount": N_("Desconto"),
    "charges": N_("Encargos"),
    "fees": N_("Honorários"),
}


class ItemView(BaseModel):
    """A part of the invoice's amount; `since` and `through` are the days a charge is for."""

    model_config = ConfigDict(from_attributes=True)

    kind: ItemKind
    what: str
    amount: Decimal
    since: date | None
    through: date | None
    contract_id: int | None


class LateView(BaseModel):
    """A line of the late charges: `percent` of `principal`, interest for `days` days.

    Correction is told by the per cent that the index grew by, rounded."""

    model_config = ConfigDict(from_attributes=True)

    kind: ChargeKind
    principal: Decimal
    percent: Decimal
    days: int
    since: date
    through: date
    amount: Decimal


class DueView(BaseModel):
    """What settles the invoice today, line by line; `late_paid` is what of the lines was paid."""

    open_amount: Decimal
    discount: Decimal
    free_until: date
    late: list[LateView]
    late_paid: Decimal
    total: Decimal


class AgreementLink(BaseModel):
    """An agreement that took the invoice in, or made it."""

    agreement_id: int
    role: str
    ordinal: int
    status: str


class RelatedInvoice(BaseModel):
    """An invoice that this one came from or went to, and by which agreement."""

    invoice_id: int
    code: str
    amount: Decimal
    agreement_id: int


class InvoiceView(BaseModel):
    """An invoice with its lineage: charges, agreements, contestations.

    `ancestors` and `descendants` are generations through agreements, the nearest first.
    """

    id: int
    code: str
    number: str
    customer_id: int
    contract_ids: list[int]
    issue_date: date | None
    due_date: date
    description: str
    amount: Decimal
    open_amount: Decimal
    status: str
    settled_on: date | None
    collection_stage: str | None
    bureau_stage: str | None
    is_contested: bool
    limitation: Limitation
    last_day_to_sue: date
    items: list[ItemView]
    due_today: DueView | None
    agreements: list[AgreementLink]
    ancestors: list[list[RelatedInvoice]]
    descendants: list[list[RelatedInvoice]]
    contestation_ids: list[int]


@router.get("/cobrancas/faturas/{invoice_id:int}", include_in_schema=False)
async def invoice_page(
    request: Request, invoice_id: int, by: See, session: ReadSession, now: Now, today: Today
) -> Response:
    """An invoice: items, what settles it today and why, payments, where it came from, history."""
    sheet = await sheet_of(session, invoice_id, on=today)
    return page(
        request, "pages/invoices/invoice.html", now=now, today=today, sheet=sheet,
        invoice=sheet.invoice, label=label_of(sheet.invoice), badges=_badges(sheet, today),
        items=[(_told(item), item) for item in sheet.items],
        sources={str(key): gettext(text) for key, text in SOURCES.items()},
        agreement_words=words.STAGES[Process.AGREEMENTS],
        contestation_words=words.STAGES[Process.CONTESTATION],
        customer_at=await place_of_customer(session, sheet.invoice.customer_id, by=by),
        may=_may(sheet, by), by_hand=str(PaymentSource.HAND),
        history=await history_of_invoice(
            request, session, customer_id=sheet.invoice.customer_id, invoice_id=invoice_id
        ),
    )  # fmt: skip


@router.get("/api/invoices/{invoice_id}")
async def read_one(invoice_id: int, by: See, session: ReadSession, today: Today) -> InvoiceView:
    """An invoice: what it is made of, what settles it today, and where it came from."""
    sheet = await sheet_of(session, invoice_id, on=today)
    return InvoiceView(
        **sheet.invoice.model_dump(include=set(InvoiceView.model_fields)),
        contract_ids=[each.key for each in sheet.contracts],
        is_contested=sheet.is_contested,
        limitation=sheet.limitation,
        last_day_to_sue=sheet.last_day_to_sue,
        items=[ItemView.model_validate(each) for each in sheet.items],
        due_today=_due(sheet.due),
        agreements=[
            AgreementLink(
                agreement_id=each.agreement.number, status=each.agreement.status,
                role=each.link.role, ordinal=each.link.ordinal,
            )
            for each in sheet.agreements
        ],
        ancestors=_generations(sheet.ancestors),
        descendants=_generations(sheet.descendants),
        contestation_ids=[each.number for each in sheet.contestations],
    )  # fmt: skip


def _generations(found: Sequence[Sequence[AgreedInvoiceRow]]) -> list[list[RelatedInvoice]]:
    return [
        [
            RelatedInvoice(
                invoice_id=row.invoice.key, code=row.invoice.code, amount=row.invoice.amount,
                agreement_id=row.agreement.number,
            )
            for row in rows
        ]
        for rows in found
    ]  # fmt: skip


def _due(due: AmountDue | None) -> DueView | None:
    if due is None:
        return None
    return DueView(
        open_amount=due.open_amount, discount=due.discount, free_until=due.free_until,
        late=[LateView.model_validate(each) for each in due.charges.lines],
        late_paid=due.charges.paid, total=due.total,
    )  # fmt: skip


def _badges(sheet: InvoiceSheet, today: date) -> list[Badge]:
    """How the invoice stands, each in a word."""
    invoice = sheet.invoice
    text, tone = STATUSES[S(invoice.status)]
    found = [Badge(gettext(text), tone)]
    if sheet.due is not None and today > sheet.due.free_until:
        late = (today - invoice.due_date).days
        told = ngettext("vencida há %(num)s dia", "vencida há %(num)s dias", late)
        found.append(Badge(told, Tone.RED))
    if sheet.is_owed and sheet.limitation in LIMITATIONS:
        found.append(Badge(gettext(LIMITATIONS[sheet.limitation][0]), Tone.RED))
    if sheet.is_contested:
        found.append(Badge(gettext(N_("contestada")), Tone.YELLOW))
    stages = filter(None, (invoice.collection_stage, invoice.bureau_stage))
    told_of = [gettext(words.INVOICE_STAGES.get(stage, stage)) for stage in stages]
    return found + [Badge(each, Tone.GREY) for each in told_of if each != found[0].text]


def _told(item: Item) -> str:
    """An item in words."""
    match item.kind:
        case ItemKind.PART:
            return gettext(PARTS[item.what])
        case ItemKind.DISCOUNT:
            return gettext(N_("Desconto: %(what)s"), what=item.what)
        case ItemKind.RENEGOTIATION if item.since:
            return gettext(N_("Multa e juros do vencimento de %(day)s"), day=day(item.since))
        case ItemKind.CONTESTATION:
            return gettext(N_("Contestação: não devido, ou em outra conta"))
    return item.what


def _may(sheet: InvoiceSheet, by: Principal) -> dict[str, bool]:
    """What this person may do with the invoice as it stands, and what they may see beside it."""
    status, allows = sheet.invoice.status, by.may
    return {
        "pay": allows("payments:see") and status in {S.OPEN, S.SUSPENDED},
        "renegotiate": allows("invoices:renegotiate") and status == S.OPEN,
        "contest": allows("contestations:act") and status in {S.OPEN, S.SETTLED},
        "see_payments": allows("payments:see"),
        "see_protests": allows("protests:see"),
        "see_account": allows("collections.account:see"),
        "see_contracts": allows("contracts:see"),
        "see_agreements": allows("agreements:see"),
        "see_contestations": allows("contestations:see"),
    }
