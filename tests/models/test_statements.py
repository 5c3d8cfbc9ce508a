"""What a statement is made from, as the rows stand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.database import Database
from models.statements import stated_of_customer
from rules.statements import Entry, make_statement
from tests.support.agreements import Scene, a_setting


@pytest.mark.parametrize("suspends", [False, True])
async def test_what_an_agreement_replaced_is_told_so_whatever_it_is_shown_as(
    database: Database, suspends: bool
) -> None:
    async with database.write() as session:
        scene = await Scene(session).set()
        session.add(a_setting("suspend_originals", value=suspends))
        agreement = await scene.make(scene.proposal())

        stated = await stated_of_customer(session, scene.customer.id or 0)

    statement = make_statement(stated.invoices, stated.payments, stated.agreements)
    closed = [each for each in statement.lines if each.credit]
    assert {each.entry for each in closed} == {Entry.REPLACED}
    assert {each.agreement_id for each in closed} == {agreement.number}
    assert statement.balance == Decimal("1075.00")
