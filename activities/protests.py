"""Protests: recorded with their protocol, told of their outcome, and lifted once paid."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.documents import Document
from activities.protest_tasks import OUTCOME, TOLD, ask, ask_no_more, ask_to_lift, paid_on
from models.calendars import load_calendar
from models.contested import contested
from models.customer_marks import marked
from models.customers import Customer
from models.invoices import Invoice, label_of, record_invoice_event
from models.payments import lock_paid_invoice
from models.people import Deed, record
from models.policies import load_policy
from models.protests import Protest, live_protests, lock_protest
from rules.business_days import CalendarKind, add_business_days, local_date
from rules.contested import check_uncontested
from rules.debts import DebtPolicy
from rules.documents import format_document, mask_document
from rules.messages import Supplier
from rules.protests import (
    ConsentTooEarly,
    ProtestFacts,
    ProtestPolicy,
    ProtestStage,
    check_next,
    check_protest,
    check_told,
    pay_until,
)
from rules.refusals import written_amount, written_date


@dataclass(frozen=True)
class NewProtest:
    """A title as the office took it."""

    office: str
    protocol: str
    protocolled_on: date


async def record_protest(
    session: AsyncSession, invoice_id: int, new: NewProtest, *, deed: Deed
) -> Protest:
    """This will record that an invoice went to protest, and ask for the outcome after its time.

    Refuses what rules.protests.check_protest and check_told refuse, and what is contested.
    """
    invoice, today = await lock_paid_invoice(session, invoice_id), local_date(deed.at)
    check_uncontested(label_of(invoice) for _ in await contested(session, [invoice_id]))
    policy = await load_policy(session, ProtestPolicy())
    debts = await load_policy(session, DebtPolicy())
    check_protest(await _facts(session, invoice), policy, debts, today=today)
    check_told(
        office=new.office, protocol=new.protocol, protocolled_on=new.protocolled_on,
        due=invoice.due_date, today=today,
    )  # fmt: skip
    calendar = await load_calendar(session, kind=CalendarKind.BANK)
    protest = Protest(
        invoice_id=invoice_id, customer_id=invoice.customer_id, office=new.office.strip(),
        protocol=new.protocol.strip(), protocolled_on=new.protocolled_on,
        pay_until=pay_until(new.protocolled_on, policy, calendar), amount=invoice.open_amount,
        stage=ProtestStage.PROTOCOLLED, stage_on=new.protocolled_on, at=deed.at, by=deed.by,
    )  # fmt: skip
    session.add(protest)
    await session.flush()
    _tell(session, invoice, protest, "protest_protocolled", deed.by, deed.at)
    record(session, deed, "protest.record", subject=f"invoice/{invoice_id}",
           protocol=protest.protocol)  # fmt: skip
    due = max(add_business_days(protest.pay_until, days=1, calendar=calendar), today)
    await ask(session, protest, OUTCOME, "outcome", due, at=deed.at)
    return protest


async def tell_outcome(
    session: AsyncSession, protest_id: int, stage: ProtestStage, *, deed: Deed
) -> Protest:
    """This will write down what became of a title: protested, taken back or paid, cancelled.

    Whoever was asked for it, or to lift it, is asked no more. Refuses ProtestNotFound, and what
    cannot become of it (ProtestEndRefused).
    """
    protest = await lock_protest(session, protest_id)
    check_next(protest.stage, stage)
    protest.stage, protest.stage_on = stage, local_date(deed.at)
    session.add(protest)
    # Paid at this instant, either the payment sees the new stage, or this sees the payment.
    invoice = await lock_paid_invoice(session, protest.invoice_id)
    _tell(session, invoice, protest, f"protest_{stage}", deed.by, deed.at)
    record(session, deed, "protest.outcome", subject=f"invoice/{invoice.key}", stage=str(stage))
    await ask_no_more(session, protest, TOLD, at=deed.at)
    if await paid_on(session, invoice) is not None and stage.is_live:
        await ask_to_lift(session, protest, at=deed.at)
    return protest


async def consent_letter(
    session: AsyncSession, protest_id: int, *, at: datetime, has_whole_cpf: bool
) -> Document:
    """This will write the letter with which a paid debtor has the protest cancelled.

    Refuses ProtestNotFound, and one that is not protested or not paid (ConsentTooEarly).
    """
    protest = await lock_protest(session, protest_id)
    invoice = await session.get_one(Invoice, protest.invoice_id)
    paid = await paid_on(session, invoice)
    if paid is None or protest.stage not in (ProtestStage.PROTESTED, ProtestStage.CANCELLED):
        raise ConsentTooEarly
    customer = await session.get_one(Customer, protest.customer_id)
    supplier = await load_policy(session, Supplier())
    document = customer.document
    return Document(
        "consent", f"anuencia-{invoice.code}.pdf",
        {
            "supplier": asdict(supplier), "customer": customer.name, "office": protest.office,
            "document": format_document(document) if has_whole_cpf else mask_document(document),
            "protocol": protest.protocol, "protocolled_on": written_date(protest.protocolled_on),
            "invoice": label_of(invoice), "due_date": written_date(invoice.due_date),
            "amount": written_amount(protest.amount),
            "settled_on": written_date(paid),
            "today": written_date(local_date(at)),
        },
    )  # fmt: skip


async def _facts(session: AsyncSession, invoice: Invoice) -> ProtestFacts:
    marks = await marked(session, [invoice.customer_id])
    return ProtestFacts(
        label=label_of(invoice), status=invoice.status, due_date=invoice.due_date,
        has_title=invoice.contract_id is not None or invoice.fiscal_document_issued,
        has_live_protest=bool(await live_protests(session, [invoice.key])),
        mark=marks.get(invoice.customer_id, ""),
    )  # fmt: skip


def _tell(
    session: AsyncSession, invoice: Invoice, protest: Protest, kind: str, by: str, at: datetime
) -> None:
    told: dict[str, Any] = {"office": protest.office, "protocol": protest.protocol}
    until = protest.pay_until.isoformat()
    record_invoice_event(session, invoice, kind=kind, by=by, at=at, until=until, **told)
