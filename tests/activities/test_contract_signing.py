"""What was signed, corrected: until an invoice holds it, and then refused with its reason."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_billing import bill_ahead
from activities.contract_edit import edit_terms
from models.contracts import Contract, events_of_kind
from rules.contract_checks import AdhesionTooFar, SetupAccountRequired, SignatureTooFar
from rules.contract_signing import (
    SetupAlreadyInvoiced,
    SignatureAlreadyInvoiced,
    SignedDayRequired,
)
from tests import builders
from tests.activities.test_contract_edit import terms_of
from tests.builders import AT, TODAY
from tests.contracts import a_plan, activated, charges


@pytest.fixture
async def session(database):
    async with database.write() as session:
        yield session


async def a_contract(session: AsyncSession, **asked: Any) -> Contract:
    """In service, with 120 reais of setup in three instalments."""
    account = await builders.a_ledger_account(session)
    setup = {
        "setup_fee": Decimal("120.00"), "setup_instalments": 3, "setup_account_id": account.id,
    }  # fmt: skip
    return await activated(session, await a_plan(session), **{**setup, **asked})


async def edit(session: AsyncSession, contract: Contract, **asked: Any) -> list[str]:
    return await edit_terms(session, contract, terms_of(contract, **asked), by="ana", at=AT)


async def setup_of(session: AsyncSession, contract: Contract) -> list[tuple[date, Decimal]]:
    found = await charges(session, contract, kind="setup")
    return [(each.due_date, each.amount) for each in found if each.status != "cancelled"]


async def test_another_fee_is_charged_in_other_instalments(session: AsyncSession) -> None:
    contract = await a_contract(session)

    await edit(session, contract, setup_fee=Decimal("99.90"), setup_instalments=2)
    await edit(session, contract, adhesion_date=TODAY + timedelta(days=40))

    assert await setup_of(session, contract) == [
        (date(2027, 1, 10), Decimal("49.95")), (date(2027, 2, 10), Decimal("49.95")),
    ]  # fmt: skip
    told = [each.parameters["amount"] for each in
            await events_of_kind(session, contract, "setup_changed")]  # fmt: skip
    assert told == ["99.90", "99.90"]


async def test_a_fee_that_was_forgotten_is_charged_and_one_too_many_goes(
    session: AsyncSession,
) -> None:
    contract = await a_contract(session)
    account = contract.setup_account_id

    await edit(session, contract, setup_fee=Decimal(0))
    gone = await setup_of(session, contract)
    await edit(session, contract, setup_fee=Decimal("30.00"), setup_instalments=1)

    assert (gone, account) == ([], contract.setup_account_id)
    assert await setup_of(session, contract) == [(date(2026, 12, 10), Decimal("30.00"))]


async def test_what_is_invoiced_is_refused_and_says_by_what(session: AsyncSession) -> None:
    contract = await a_contract(session)
    await bill_ahead(session, contract, until=date(2026, 12, 10), by="ana", at=AT)

    with pytest.raises(SetupAlreadyInvoiced) as setup:
        await edit(session, contract, setup_instalments=2)
    with pytest.raises(SignatureAlreadyInvoiced) as signature:
        await edit(session, contract, signed_on=TODAY - timedelta(days=3))

    assert setup.value.field == "setup_instalments"
    assert setup.value.params["invoice"] == signature.value.params["invoice"] != ""


async def test_a_term_in_months_ends_with_its_signature(session: AsyncSession) -> None:
    contract = await a_contract(session, term_months=12, minimum_term_months=12, ends_on=None)
    ends_on = contract.ends_on
    signed = TODAY - timedelta(days=10)

    changed = await edit(session, contract, signed_on=signed)

    assert ends_on == date(2027, 11, 16)
    assert changed == ["ends_on", "signed_on"]
    assert (contract.ends_on, contract.term_months) == (date(2027, 11, 6), 12)
    monthly = [each for each in await charges(session, contract, kind="monthly")
               if each.status != "cancelled"]  # fmt: skip
    assert monthly[-1].period_end == contract.ends_on
    assert len(await events_of_kind(session, contract, "signature_changed")) == 1


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"signed_on": None}, SignedDayRequired),
        ({"adhesion_date": None}, SignedDayRequired),
        ({"signed_on": date(1926, 11, 16)}, SignatureTooFar),
        ({"adhesion_date": date(2062, 11, 16)}, AdhesionTooFar),
        ({"setup_account_id": None}, SetupAccountRequired),
    ],
)
async def test_what_could_not_be_signed_is_refused(session: AsyncSession, asked, refusal) -> None:
    contract = await a_contract(session)

    with pytest.raises(refusal):
        await edit(session, contract, **asked)
