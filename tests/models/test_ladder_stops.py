"""When the ladder stood still for an invoice, as its own history tells it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement, AgreementInvoice
from models.database import Database
from models.invoices import Invoice, put_in_stage
from models.ladder_stops import pauses_of
from rules.collection_stages import CollectionStage as Stage
from rules.ladder_dates import Pause
from tests.builders import AT, TODAY, a_category, a_customer, an_invoice, days, stored


async def an_agreement_on(session: AsyncSession, invoice: Invoice) -> None:
    category = await a_category(session)
    agreement = await stored(
        session,
        Agreement(
            customer_id=invoice.customer_id, kind="unchanged", status="restored",
            category_id=category.id, tolerance_date=days(30), principal=invoice.amount,
            total=invoice.amount, made_at=AT, made_by="ana",
        ),
    )  # fmt: skip
    session.add(
        AgreementInvoice(agreement_id=agreement.id, invoice_id=invoice.key, role="original")
    )


@pytest.mark.parametrize("stage", [Stage.IN_AGREEMENT, Stage.REPLACED])
async def test_an_invoice_stands_still_while_it_is_in_an_agreement_replaced_by_one_or_not(
    database: Database, stage: Stage
) -> None:
    async with database.write() as session:
        invoice = await an_invoice(session, await a_customer(session))
        await an_agreement_on(session, invoice)
        put_in_stage(session, invoice, stage, by="ana", at=AT, reason="agreement_made")
        undone = AT + timedelta(days=60)
        put_in_stage(
            session, invoice, Stage.NEGOTIATING, by="ana", at=undone, reason="agreement_restored"
        )
        await session.flush()

        found = await pauses_of(session, [invoice])

    assert found == {invoice.key: (Pause(TODAY, days(60), "agreement"),)}
