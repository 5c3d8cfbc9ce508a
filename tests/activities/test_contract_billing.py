"""A contract's charges invoiced by command, before the morning that would."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from activities.contract_billing import bill_ahead
from activities.contract_ends import cancel_contract
from models.contracts import Contract, ContractEvent
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.plans import BillingGroup
from rules.billing import NothingToBill
from rules.contract_changes import ChangeTooFar
from tests import builders
from tests.builders import AT
from tests.contracts import a_plan, activated, charges, day


async def invoices(database: Database) -> list[Invoice]:
    async with database.read() as session:
        return list(await session.exec(select(Invoice).order_by(Invoice.due_date)))


async def test_what_falls_due_by_a_day_is_invoiced_at_once_and_once(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        due = [charge.due_date for charge in await charges(session, contract)]

        made = await bill_ahead(session, contract, until=due[1], by="ana", at=AT)
        with pytest.raises(NothingToBill):
            await bill_ahead(session, contract, until=due[1], by="ana", at=AT)
        events = await session.exec(select(ContractEvent.kind))
        told = (await session.exec(select(InvoiceEvent.parameters))).first()

        assert "billed_ahead" in list(events)
        assert told == {"charges": 1, "until_on": due[1].isoformat()}
    assert made == 2
    found = await invoices(database)
    assert [each.due_date for each in found] == due[:2]
    assert {each.issue_date for each in found} == {AT.date()}


async def test_the_other_contracts_of_a_group_stand_on_the_invoice_and_no_others(
    database: Database,
) -> None:
    async with database.write() as session:
        customer, plan = await builders.a_customer(session), await a_plan(session)
        group = BillingGroup(code="G", name="Matriz", customer_id=customer.id)
        group = await builders.stored(session, group)
        values = [{"billing_group_id": group.id}, {"billing_group_id": group.id}, {}]
        one, other, alone = [
            await activated(session, plan, customer=customer, **each) for each in values
        ]
        until = (await charges(session, one))[0].due_date

        made = await bill_ahead(session, one, until=until, by="ana", at=AT)

        billed = [
            len(await charges(session, each, status="invoiced")) for each in (one, other, alone)
        ]
    assert (made, billed) == (1, [1, 1, 0])


async def test_a_day_years_away_and_charges_that_wait_are_refused(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(
            session, await a_plan(session), billing_method="per_charge", review_charges=True
        )
        for until, refusal in (
            (AT.date() + timedelta(days=40_000), ChangeTooFar),
            (day("16/11/2027"), NothingToBill),
        ):
            with pytest.raises(refusal):
                await bill_ahead(session, contract, until=until, by="ana", at=AT)
        assert isinstance(contract, Contract)
    assert await invoices(database) == []


async def test_the_last_invoice_of_a_contract_that_ended_need_not_wait(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session), minimum_term_months=12,
                                   minimum_term_fee=Decimal("365.00"))  # fmt: skip
        on = AT.date() + timedelta(days=10)
        await cancel_contract(session, contract, on=on, reason="mudou-se", by="ana", at=AT)
        await session.flush()
        until = max(each.due_date for each in await charges(session, contract, status="open"))

        await bill_ahead(session, contract, until=until, by="ana", at=AT)

        assert await charges(session, contract, status="open") == []
    found = await invoices(database)
    assert sum(each.amount for each in found) == Decimal("33.33") + Decimal("355.00")
