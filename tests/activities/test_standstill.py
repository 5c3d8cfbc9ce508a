"""What is owed again after an agreement does not lose the days on which its ladder stood still."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreed_invoices import restore_originals
from activities.payments import reverse_payment
from models.classification_pauses import later
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.ladder_stops import pauses_of
from rules.agreements import AgreementReason
from rules.business_days import local_date
from rules.classification import Forwarding
from rules.ladder_dates import Pause
from tests import builders
from tests.builders import AT, TODAY, days
from tests.support.agreements import Scene, invoices_of

UNDONE = AT + timedelta(days=40)
REVERSED = AT + timedelta(days=60)


async def pauses(session: AsyncSession, invoice: Invoice) -> tuple[Pause, ...]:
    await session.flush()
    return (await pauses_of(session, [invoice])).get(invoice.key, ())


async def test_an_original_that_owes_again_stood_still_while_it_was_replaced(
    database: Database,
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        paid = await builders.pay(session, scene.older, "50.00", at=AT)
        await scene.make(scene.proposal())

        await reverse_payment(session, paid.id or 0, reason="Devolvido", by="ana", at=REVERSED)

        original = scene.older
        assert (original.status, original.open_amount) == ("open", Decimal(50))
        assert (original.collection_stage, original.agreement_id) == (None, None)
        assert await pauses(session, original) == (Pause(TODAY, days(60), "agreement"),)
        kinds = [e.kind for e in await session.exec(select(InvoiceEvent).order_by("id"))]
        assert kinds[-1] == "payment_reversed"
        assert "owed_again" in kinds


async def test_what_an_undone_agreement_had_paid_stands_still_no_less_once_taken_back(
    database: Database,
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        agreement = await scene.make(scene.proposal())
        await restore_originals(
            session, agreement, reason=AgreementReason.CANCELLED, by="ana", at=UNDONE
        )
        paid = await builders.pay(session, scene.older, "600.00", at=UNDONE)
        scene.older.collection_stage = "recovered"

        await reverse_payment(session, paid.id or 0, reason="Devolvido", by="ana", at=REVERSED)

        assert scene.older.collection_stage is None
        assert await pauses(session, scene.older) == (Pause(TODAY, days(40), "agreement"),)


async def test_it_is_classified_so_much_later(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        scene.older.due_date = days(-5)
        paid = await builders.pay(session, scene.older, "50.00", at=AT)
        await scene.make(scene.proposal())
        await reverse_payment(session, paid.id or 0, reason="Devolvido", by="ana", at=REVERSED)
        await session.flush()

        # Ten days late by its due date long ago, but only five without those of the agreement
        def due(today: date) -> Forwarding:
            return Forwarding({1: today - timedelta(days=10)}, 1, today)

        day = local_date(REVERSED)
        assert await later(session, due(day + timedelta(days=4))) == {scene.older.key}
        assert await later(session, due(day + timedelta(days=5))) == frozenset()


async def test_its_instalments_that_were_given_back_stood_still_too(database: Database) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        agreement = await scene.make(scene.proposal(count=1))
        [made] = await invoices_of(session, agreement)

        assert await pauses(session, made) == (Pause(TODAY, None, "agreement"),)
