"""A payment is applied once, told to every journey concerned, and taken back honestly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.payments import NewPayment, record_payment, reverse_payment
from models.agreements import Agreement
from models.cases import Case, move_to, open_case
from models.collections import PanelTotal
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.outbox import OutboxEntry
from models.payments import PaidInvoiceNotFound
from models.policies import PolicyValue
from models.registries import AgreementCategory
from models.standings import refresh_standings
from models.webhooks import BusinessEvent, WebhookEndpoint
from rules.cases import Process
from rules.payments import InvoiceAlreadySettled, InvoiceReplaced, PaymentCodeTaken, PaymentSource

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
PAID_ON = date(2026, 11, 13)


async def an_invoice(session: AsyncSession, **values: object) -> tuple[Invoice, Case]:
    customer = Customer(code="C1", name="Ana", document="52998224725", created_at=AT)
    session.add(customer)
    await session.flush()
    assert customer.id is not None
    invoice = Invoice(
        code="F1", customer_id=customer.id, due_date=date(2026, 10, 5), amount=Decimal("100.00"),
        open_amount=Decimal("100.00"), collection_stage="negotiating", stage_since=AT,
    )  # fmt: skip
    session.add(invoice)
    case = await open_case(
        session, process=Process.COLLECTIONS, subject_id=customer.id, customer_id=customer.id,
        stage="negotiating", by="system", at=AT,
    )  # fmt: skip
    await refresh_standings(session, [customer.id])
    return invoice, case


def money_for(invoice: Invoice, amount: str, *, code: str = "P1") -> NewPayment:
    return NewPayment(code, invoice.key, Decimal(amount), PAID_ON, source=PaymentSource.CSV)


async def test_a_cent_that_is_missing_is_forgiven_where_the_house_says_so(
    database: Database,
) -> None:
    async with database.write() as session:
        invoice, _ = await an_invoice(session)
        name = "PaymentPolicy.tolerance_cents"
        session.add(PolicyValue(name=name, value=1, changed_at=AT, changed_by="ana"))
        await session.flush()

        payment = await record_payment(session, money_for(invoice, "99.99"), by="ana", at=AT)

        assert (invoice.open_amount, invoice.status) == (Decimal(0), "settled")
        assert (payment.applied, payment.discount) == (Decimal("99.99"), Decimal("0.01"))


async def test_a_part_leaves_the_rest_owed_and_the_whole_settles(database: Database) -> None:
    async with database.write() as session:
        invoice, _ = await an_invoice(session)

        await record_payment(session, money_for(invoice, "40.00"), by="ana", at=AT)
        assert (invoice.open_amount, invoice.status) == (Decimal("60.00"), "open")
        total = (await session.exec(select(PanelTotal))).one()
        assert total.amount == Decimal("60.00")

        payment = await record_payment(
            session, money_for(invoice, "75.50", code="P2"), by="ana", at=AT
        )
        assert (invoice.open_amount, invoice.status) == (Decimal(0), "settled")
        assert (invoice.settled_on, payment.credited_on) == (PAID_ON, PAID_ON)
        assert payment.excess == Decimal("15.50")
        kinds = [(e.kind, e.parameters["excess"]) for e in await session.exec(select(InvoiceEvent))]
        assert kinds == [("payment", "0.00"), ("payment", "15.50")]


async def test_the_journey_hears_of_each_payment_once(database: Database) -> None:
    async with database.write() as session:
        invoice, case = await an_invoice(session)

        first = await record_payment(session, money_for(invoice, "40.00"), by="ana", at=AT)
        again = await record_payment(session, money_for(invoice, "40.00"), by="bia", at=AT)

        assert again.id == first.id
        news = [(e.workflow_id, e.news_id) for e in await session.exec(select(OutboxEntry))]
        assert news == [(case.workflow_id, f"payment/{first.id}")]
        assert invoice.open_amount == Decimal("60.00")


async def test_a_code_used_with_other_content_changes_nothing(database: Database) -> None:
    async with database.write() as session:
        invoice, _ = await an_invoice(session)
        await record_payment(session, money_for(invoice, "40.00"), by="ana", at=AT)

        with pytest.raises(PaymentCodeTaken):
            await record_payment(session, money_for(invoice, "40.01"), by="ana", at=AT)

        assert invoice.open_amount == Decimal("60.00")


async def test_a_settled_or_unknown_invoice_takes_no_money(database: Database) -> None:
    async with database.write() as session:
        invoice, _ = await an_invoice(session)
        await record_payment(session, money_for(invoice, "100.00"), by="ana", at=AT)

        with pytest.raises(InvoiceAlreadySettled):
            await record_payment(session, money_for(invoice, "1.00", code="P2"), by="ana", at=AT)
        with pytest.raises(PaidInvoiceNotFound):
            await record_payment(
                session, NewPayment("P3", 999, Decimal(1), PAID_ON), by="ana", at=AT
            )


async def test_a_chargeback_uses_up_excess_and_reopens_the_invoice(database: Database) -> None:
    async with database.write() as session:
        invoice, case = await an_invoice(session)
        first = await record_payment(session, money_for(invoice, "80.00"), by="ana", at=AT)
        second = await record_payment(
            session, money_for(invoice, "50.00", code="P2"), by="ana", at=AT
        )
        invoice.collection_stage = "recovered"
        assert first.id is not None

        for _ in range(2):
            await reverse_payment(session, first.id, reason="chargeback", by="ana", at=AT)

        assert (invoice.status, invoice.settled_on) == ("open", None)
        assert invoice.open_amount == Decimal("50.00")
        assert invoice.collection_stage is None
        assert (second.applied, first.applied) == (Decimal("50.00"), Decimal(0))
        heard = [e.news_id for e in await session.exec(select(OutboxEntry))]
        assert heard == ["payment/1", "payment/2", f"reversal/{first.id}"]
        assert case.closed_at is None


async def a_fulfilled_agreement(session: AsyncSession, invoice: Invoice) -> Case:
    category = AgreementCategory(code="A", name="Avulso")
    session.add(category)
    await session.flush()
    agreement = Agreement(
        customer_id=invoice.customer_id, kind="unchanged", status="fulfilled",
        category_id=category.id or 0, tolerance_date=date(2026, 12, 1), principal=Decimal(100),
        total=Decimal(100), made_at=AT, made_by="ana",
    )  # fmt: skip
    session.add(agreement)
    await session.flush()
    case = await open_case(
        session, process=Process.AGREEMENTS, subject_id=agreement.id or 0,
        customer_id=invoice.customer_id, stage="in_progress", by="ana", at=AT,
    )  # fmt: skip
    move_to(session, case, "fulfilled", by="system", at=AT, is_final=True)
    invoice.agreement_id = agreement.id
    return case


async def test_a_chargeback_after_the_agreement_ended_opens_it_again(database: Database) -> None:
    async with database.write() as session:
        invoice, _ = await an_invoice(session)
        payment = await record_payment(session, money_for(invoice, "100.00"), by="ana", at=AT)
        case = await a_fulfilled_agreement(session, invoice)
        assert payment.id is not None

        await reverse_payment(session, payment.id, reason="fraude", by="ana", at=AT)

        assert (case.stage, case.closed_at, case.epoch) == ("in_progress", None, 2)
        told = [(e.verb, e.workflow_id) for e in await session.exec(select(OutboxEntry))]
        assert ("restart", case.workflow_id) in told
        assert ("signal", case.workflow_id) in told
        assert (payment.reversed_by, payment.reversal_reason) == ("ana", "fraude")


IN_TIME = date(2026, 11, 16)


async def discounted(session: AsyncSession) -> Invoice:
    """An invoice of R$ 100,00 due today, less R$ 10,00 when it is paid in time."""
    invoice, _ = await an_invoice(session)
    invoice.due_date, invoice.pay_on_time_discount = IN_TIME, Decimal("10.00")
    return invoice


async def test_paid_in_time_less_the_discount_it_is_settled(database: Database) -> None:
    async with database.write() as session:
        invoice = await discounted(session)

        payment = await record_payment(session, money_for(invoice, "90.00"), by="ana", at=AT)

        assert (invoice.open_amount, invoice.status) == (Decimal("0.00"), "settled")
        assert (payment.applied, payment.discount) == (Decimal("90.00"), Decimal("10.00"))
        assert payment.excess == Decimal("0.00")
        told = (await session.exec(select(InvoiceEvent))).one().parameters
        assert told["discount"] == "10.00"


async def test_paid_late_the_discount_stays_owed(database: Database) -> None:
    async with database.write() as session:
        invoice = await discounted(session)
        invoice.due_date = date(2026, 11, 10)  # PAID_ON is Friday the 13th

        payment = await record_payment(session, money_for(invoice, "90.00"), by="ana", at=AT)

        assert (invoice.open_amount, invoice.status) == (Decimal("10.00"), "open")
        assert payment.discount == Decimal("0.00")


async def test_a_payment_taken_back_takes_its_discount_back(database: Database) -> None:
    async with database.write() as session:
        invoice = await discounted(session)
        payment = await record_payment(session, money_for(invoice, "90.00"), by="ana", at=AT)

        await reverse_payment(session, payment.id or 0, reason="devolvido", by="ana", at=AT)

        assert (invoice.open_amount, invoice.status) == (Decimal("100.00"), "open")
        assert (payment.applied, payment.discount) == (Decimal(0), Decimal(0))


async def test_what_another_payment_had_left_over_still_earns_the_discount(
    database: Database,
) -> None:
    async with database.write() as session:
        invoice = await discounted(session)
        first = await record_payment(session, money_for(invoice, "50.00"), by="ana", at=AT)
        second = await record_payment(
            session, money_for(invoice, "95.00", code="P2"), by="ana", at=AT
        )
        assert second.discount == Decimal("10.00")

        await reverse_payment(session, first.id or 0, reason="em dobro", by="ana", at=AT)

        assert (invoice.open_amount, invoice.status) == (Decimal("0.00"), "settled")
        assert (second.applied, second.discount) == (Decimal("90.00"), Decimal("10.00"))
        assert second.excess == Decimal("5.00")


async def test_a_suspended_original_takes_no_money_and_is_not_settled_by_it(
    database: Database,
) -> None:
    async with database.write() as session:
        invoice, _ = await an_invoice(session)
        invoice.status, invoice.open_amount = "suspended", Decimal(0)

        with pytest.raises(InvoiceReplaced):
            await record_payment(session, money_for(invoice, "100.00"), by="ana", at=AT)
        at_hand = replace(money_for(invoice, "100.00"), source=PaymentSource.BANK)
        payment = await record_payment(session, at_hand, by="ana", at=AT)

        assert invoice.status == "suspended"
        assert (payment.applied, payment.excess) == (Decimal(0), Decimal(100))


async def test_other_systems_hear_once_that_an_invoice_was_paid(database: Database) -> None:
    async with database.write() as session:
        invoice, _ = await an_invoice(session)
        endpoint = WebhookEndpoint(
            name="CRM", url="https://crm.invalid", salt="x", events="invoice.paid",
            created_at=AT, created_by="ana",
        )  # fmt: skip
        session.add(endpoint)
        await session.flush()

        for code in ("P1", "P2"):
            paid = replace(money_for(invoice, "100.00", code=code), source=PaymentSource.BANK)
            await record_payment(session, paid, by="ana", at=AT)

        told = await session.exec(select(BusinessEvent.kind))
        assert list(told) == ["invoice.paid"]
