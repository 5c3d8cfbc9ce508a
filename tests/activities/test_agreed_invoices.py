"""What was paid of an agreement that is undone, and what is taken back of it, is owed once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreed_invoices import restore_originals
from activities.agreement_moves import decide
from activities.payments import reverse_payment
from models.agreements import Agreement
from models.cases import Case, CaseEvent, case_of
from models.database import Database
from models.invoices import Invoice
from models.payments import Payment, payments_of
from rules.agreements import AgreementReason, CancelAgreement
from rules.cases import News, Process
from tests import builders
from tests.builders import AT
from tests.support.agreements import Scene, a_setting, invoices_of


async def owed_in_all(session: AsyncSession) -> Decimal:
    """What every open invoice owes; what owes nothing in the books owes nothing at all."""
    invoices = (await session.exec(select(Invoice))).all()
    assert all(not each.open_amount for each in invoices if each.status != "open")
    return sum((each.open_amount for each in invoices), Decimal(0))


async def agreed(session: AsyncSession) -> tuple[Scene, Invoice, Case]:
    """A proposal agreed on, its first instalment and its case."""
    scene = await Scene(session).set()
    agreement = await scene.make(scene.proposal())
    first, *_ = await invoices_of(session, agreement)
    case = await case_of(session, process=Process.AGREEMENTS, subject_id=agreement.number)
    assert case is not None
    return scene, first, case


async def payment_of(session: AsyncSession, invoice: Invoice) -> Payment:
    [payment] = await payments_of(session, invoice.key)
    return payment


async def undo(session: AsyncSession, agreement: Agreement) -> None:
    await restore_originals(session, agreement, reason=AgreementReason.RESTORED, by="ana", at=AT)


async def test_a_discount_that_an_instalment_forgave_was_not_paid(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        agreement = await scene.make(scene.proposal(keeps_discount=True))
        first, *_ = await invoices_of(session, agreement)
        paid = first.amount - first.pay_on_time_discount
        await builders.pay(session, first, str(paid))

        await undo(session, agreement)

        owed = scene.older.open_amount + scene.newer.open_amount
        assert first.pay_on_time_discount > 0
        assert owed == Decimal(1000) - paid


async def test_what_is_taken_back_of_a_cancelled_instalment_is_negotiated_again(
    database: Database,
) -> None:
    async with database.write() as session:
        _, first, case = await agreed(session)
        await builders.pay(session, first, "81.67")
        await decide(session, case, CancelAgreement("ana", "pediu"), AT)
        assert await owed_in_all(session) == Decimal(1000) - Decimal("81.67")

        payment = await payment_of(session, first)
        await reverse_payment(session, payment.id or 0, reason="estorno", by="ana", at=AT)
        await decide(session, case, News(), AT)

        assert await owed_in_all(session) == Decimal(1000)
        assert (first.status, first.open_amount) == ("open", Decimal("81.67"))
        assert (first.collection_stage, first.agreement_id) == ("negotiating", None)
        assert (case.stage, case.closed_at is None) == ("cancelled", False)


@pytest.mark.parametrize("suspends", [False, True])
async def test_what_is_taken_back_of_an_original_is_owed_beside_its_agreement(
    database: Database, suspends: bool
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        session.add(a_setting("suspend_originals", value=suspends))
        await builders.pay(session, scene.older, "100.00")
        agreement = await scene.make(scene.proposal())
        before = await owed_in_all(session)

        payment = await payment_of(session, scene.older)
        await reverse_payment(session, payment.id or 0, reason="estorno", by="ana", at=AT)

        assert await owed_in_all(session) == before + 100
        assert (scene.older.status, scene.older.collection_stage) == ("open", None)
        assert agreement.status == "in_progress"
        await undo(session, agreement)
        assert await owed_in_all(session) == Decimal(1000)


async def test_a_debt_that_the_house_gave_up_is_not_owed_by_a_reversal(database: Database) -> None:
    async with database.write() as session:
        invoice = await builders.an_invoice(session, await builders.a_customer(session), "100.00")
        await builders.pay(session, invoice, "40.00")
        invoice.status, invoice.open_amount = "cancelled", Decimal(0)

        payment = await payment_of(session, invoice)
        await reverse_payment(session, payment.id or 0, reason="estorno", by="ana", at=AT)

        assert (invoice.status, invoice.open_amount) == ("cancelled", Decimal(0))
        assert payment.reversed_at == AT


async def test_a_suspended_invoice_that_owed_all_along_stays_suspended(database: Database) -> None:
    async with database.write() as session:
        invoice = await builders.an_invoice(session, await builders.a_customer(session), "100.00")
        invoice.status = "suspended"
        await builders.pay(session, invoice, "40.00")

        payment = await payment_of(session, invoice)
        await reverse_payment(session, payment.id or 0, reason="estorno", by="ana", at=AT)

        assert (invoice.status, invoice.open_amount) == ("suspended", Decimal(100))


async def test_what_is_paid_of_an_agreement_stands_in_its_history_and_the_accounts(
    database: Database,
) -> None:
    async with database.write() as session:
        scene, first, case = await agreed(session)

        await builders.pay(session, first, "381.67")
        await decide(session, case, News(), AT)
        await decide(session, case, News(), AT)

        for each in (case, scene.case):
            events = await builders.events_of(session, each)
            assert events.count("agreed_settled") == 1
        told = select(CaseEvent).where(CaseEvent.kind == "agreed_settled")
        for event in await session.exec(told):
            assert event.parameters["codes"] == [first.code]
            assert event.parameters["amount"] == "381.67"

        payment = await payment_of(session, first)
        await reverse_payment(session, payment.id or 0, reason="estorno", by="ana", at=AT)
        await decide(session, case, News(), AT)

        assert "agreed_reversed" in await builders.events_of(session, scene.case)
