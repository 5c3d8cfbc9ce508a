"""Terms of a contract in service: what may change, and what follows without an invoice yet."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_edit import edit_terms
from activities.contract_ends import cancel_contract, early_fee
from activities.contract_services import NewService, add_service
from activities.renewals import queue_renewal
from models.contracts import Contract, events_of_kind
from models.invoices import Invoice
from models.plans import BillingGroup, DiscountTable, DueDayRule
from rules.contract_checks import (
    DueDayRuleForTelephony,
    EndsBeforeItStarts,
    FiscalNoteNotPossible,
    GroupNotOfCustomer,
    GroupWithoutGrouping,
    InactivityDiscountNotPossible,
    MinimumTermTooLong,
    ProfileForTelephony,
    RegistryNotActive,
    ReviewNotPossible,
    SuggestedAmountRequired,
    TerminalNotPossible,
    TerminalTaken,
    TermTooLong,
)
from rules.contract_edit import (
    DueDayOfGroup,
    EditedTerms,
    EndFixedByRenewal,
    MinimumTermFromNotPossible,
)
from rules.contracts import BillingMethod, RenewalPrice
from rules.refusals import Refusal
from tests import builders
from tests.builders import AT, TODAY
from tests.contracts import a_plan, activated, charges


@pytest.fixture
async def session(database):
    async with database.write() as session:
        yield session


def terms_of(contract: Contract, **values: Any) -> EditedTerms:
    known = {field.name: getattr(contract, field.name) for field in fields(EditedTerms)}
    return replace(EditedTerms(**known), **values)


async def a_rule(session: AsyncSession, due_day: int, **values: Any) -> int:
    asked = {"code": f"R{due_day}", "name": f"Dia {due_day}", "due_day": due_day, "days_before": 10}
    return (await builders.stored(session, DueDayRule(**{**asked, **values}))).id


async def test_charges_without_an_invoice_move_to_the_new_due_day(session: AsyncSession) -> None:
    contract = await activated(session, await a_plan(session))  # on 16 November, due on the 10th
    first, second, *_ = await charges(session, contract)
    first.status = "invoiced"
    before = [each.due_date for each in (first, second)]

    changed = await edit_terms(
        session, contract, terms_of(contract, due_day_rule_id=await a_rule(session, 25)),
        by="ana", at=AT,
    )  # fmt: skip

    assert changed == ["due_day_rule_id"]
    assert before == [date(2026, 12, 10), date(2027, 1, 10)]
    assert (first.due_date, second.due_date) == (date(2026, 12, 10), date(2027, 1, 25))
    assert second.issue_date == date(2027, 1, 15)
    [event] = await events_of_kind(session, contract, "terms_edited")
    assert event.parameters == {"terms": ["due_day_rule_id"], "moved": 11}


async def test_nothing_changed_leaves_no_line(session: AsyncSession) -> None:
    contract = await activated(session, await a_plan(session))

    changed = await edit_terms(session, contract, terms_of(contract), by="ana", at=AT)

    assert (changed, await events_of_kind(session, contract, "terms_edited")) == ([], [])


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"payment_profile_id": 99}, RegistryNotActive),
        ({"renewal_price": RenewalPrice.SUGGESTED}, SuggestedAmountRequired),
    ],
)
async def test_what_contradicts_the_contract_is_refused(
    session: AsyncSession, asked: dict[str, Any], refusal: type[Refusal]
) -> None:
    contract = await activated(session, await a_plan(session))

    with pytest.raises(refusal):
        await edit_terms(session, contract, terms_of(contract, **asked), by="ana", at=AT)


async def test_a_rule_for_telephony_is_no_internets(session: AsyncSession) -> None:
    contract = await activated(session, await a_plan(session))
    rule = await a_rule(session, 25, for_telephony=True)

    with pytest.raises(DueDayRuleForTelephony):
        await edit_terms(session, contract, terms_of(contract, due_day_rule_id=rule), by="a", at=AT)


async def test_a_suggested_amount_goes_with_its_choice(session: AsyncSession) -> None:
    contract = await activated(session, await a_plan(session))
    asked = terms_of(
        contract, renewal_price=RenewalPrice.SUGGESTED, suggested_amount=Decimal("99.90")
    )

    changed = await edit_terms(session, contract, asked, by="ana", at=AT)

    assert changed == ["renewal_price", "suggested_amount"]
    assert contract.version == 3


async def test_a_group_keeps_its_own_due_day(session: AsyncSession) -> None:
    customer = await builders.a_customer(session)
    own = {"due_day_rule_id": await a_rule(session, 20), "customer_id": customer.id}
    group = await builders.stored(session, BillingGroup(code="G1", name="Matriz", **own))
    contract = await activated(
        session, await a_plan(session), customer=customer, billing_group_id=group.id
    )
    asked = terms_of(contract, due_day_rule_id=await a_rule(session, 25))

    with pytest.raises(DueDayOfGroup, match="Matriz"):
        await edit_terms(session, contract, asked, by="ana", at=AT)


async def test_a_contract_goes_into_a_group_and_takes_its_due_day(session: AsyncSession) -> None:
    customer = await builders.a_customer(session)
    own = {"due_day_rule_id": await a_rule(session, 20), "customer_id": customer.id}
    group = await builders.stored(session, BillingGroup(code="G1", name="Matriz", **own))
    contract = await activated(session, await a_plan(session), customer=customer)

    await edit_terms(
        session, contract, terms_of(contract, billing_group_id=group.id), by="ana", at=AT
    )

    assert {each.due_date.day for each in await charges(session, contract)} == {20}


@pytest.mark.parametrize(
    ("whose", "method", "refusal"),
    [("other", "grouped", GroupNotOfCustomer), ("own", "per_charge", GroupWithoutGrouping)],
)
async def test_a_group_is_the_customers_and_for_grouped_charges(
    session: AsyncSession, whose: str, method: str, refusal: type[Refusal]
) -> None:
    contract = await activated(session, await a_plan(session), billing_method=method)
    other = await builders.a_customer(session)
    customer_id = contract.customer_id if whose == "own" else other.id
    group = await builders.stored(
        session, BillingGroup(code="G1", name="Matriz", customer_id=customer_id)
    )

    with pytest.raises(refusal):
        await edit_terms(
            session, contract, terms_of(contract, billing_group_id=group.id), by="ana", at=AT
        )


async def test_a_profile_for_telephony_is_no_internets(session: AsyncSession) -> None:
    contract = await activated(session, await a_plan(session))
    profile = await builders.a_payment_profile(session, for_telephony=True)

    with pytest.raises(ProfileForTelephony):
        await edit_terms(
            session, contract, terms_of(contract, payment_profile_id=profile.id), by="a", at=AT
        )


async def test_another_discount_goes_onto_what_has_no_invoice(session: AsyncSession) -> None:
    contract = await activated(session, await a_plan(session))
    first, *_ = await charges(session, contract)
    first.status = "invoiced"
    table = await builders.stored(
        session,
        DiscountTable(code="D1", name="Fiel", on_invoice=Decimal(10), pay_on_time=Decimal(5)),
    )

    await edit_terms(
        session, contract, terms_of(contract, discount_table_id=table.id), by="ana", at=AT
    )

    found = await charges(session, contract)
    assert (found[0].discount, found[0].pay_on_time_discount) == (Decimal(0), Decimal(0))
    assert {(each.discount, each.pay_on_time_discount) for each in found[1:]} == {
        (Decimal(10), Decimal(5))
    }


async def test_days_without_service_come_off_only_where_they_can(session: AsyncSession) -> None:
    yearly = await a_plan(session, periodicity_months=12)
    contract = await activated(session, yearly, ends_on=None)

    with pytest.raises(InactivityDiscountNotPossible):
        await edit_terms(
            session, contract, terms_of(contract, inactivity_discount=True), by="ana", at=AT
        )


async def test_days_that_are_added_to_a_term_are_charged_and_those_taken_off_are_not(session):
    contract = await activated(session, await a_plan(session), ends_on=date(2027, 5, 1))
    assert await owed(session, contract) == (Decimal("550.00"), date(2027, 5, 1))

    await edited(session, contract, ends_on=date(2027, 6, 16))
    assert await owed(session, contract) == (Decimal("700.00"), date(2027, 6, 16))

    await edited(session, contract, ends_on=date(2027, 5, 1))
    assert await owed(session, contract) == (Decimal("550.00"), date(2027, 5, 1))
    await edited(session, contract, ends_on=date(2027, 5, 16))
    assert await owed(session, contract) == (Decimal("600.00"), date(2027, 5, 16))


async def test_a_contract_that_has_no_end_any_more_is_charged_ahead(session):
    contract = await activated(session, await a_plan(session), ends_on=date(2027, 5, 16))

    await edited(session, contract, ends_on=None)

    assert await owed(session, contract) == (Decimal("1200.00"), date(2027, 11, 16))
    await edited(session, contract, ends_on=date(2028, 11, 16))
    assert await owed(session, contract) == (Decimal("2400.00"), date(2028, 11, 16))


async def test_a_service_is_charged_to_the_new_end_too(session):
    contract = await activated(session, await a_plan(session), ends_on=date(2027, 5, 1))
    asked = NewService(TODAY, description="Ponto", amount=Decimal(30))
    await add_service(session, contract, asked, by="ana", at=AT)

    await edited(session, contract, ends_on=date(2027, 5, 16))

    found = await charges(session, contract, kind="service")
    assert sum(each.amount for each in found) == Decimal(180)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"ends_on": date(2026, 11, 16)}, EndsBeforeItStarts),
        ({"ends_on": date(2037, 1, 1)}, TermTooLong),
        ({"minimum_term_months": 24}, MinimumTermTooLong),
        ({"minimum_term_from": date(2026, 11, 17)}, MinimumTermFromNotPossible),
        ({"phone_terminal": "1133334444"}, TerminalNotPossible),
        ({"review_charges": True}, ReviewNotPossible),
        ({"billing_method": "grouped", "fiscal_note": "Lote 3"}, FiscalNoteNotPossible),
    ],
)
async def test_what_no_contract_could_be_made_with_is_refused_later_too(session, asked, refusal):
    contract = await activated(session, await a_plan(session))

    with pytest.raises(refusal):
        await edited(session, contract, **asked)


@pytest.mark.parametrize("is_edited", [False, True])
async def test_a_terminal_is_free_once_its_contract_is_over(session, is_edited):
    line = {"phone_terminal": "1133334444"}
    phone = {"billing_method": "grouped", "ignore_automatic_renewal": True}
    plan = await a_plan(session, plan_type="telephony")
    old = await activated(session, plan, **phone, **line)
    with pytest.raises(TerminalTaken):
        await activated(session, plan, **phone, **line)
    await cancel_contract(session, old, on=TODAY, reason="Mudou", by="ana", at=AT)

    new = await activated(session, plan, **phone, **({} if is_edited else line))
    if is_edited:
        await edited(session, new, **line)

    assert (old.phone_terminal, new.phone_terminal) == (None, "1133334444")


async def test_the_end_of_a_term_in_the_renewal_queue_stays(session):
    contract = await activated(session, await a_plan(session))
    await queue_renewal(session, contract, at=AT)

    with pytest.raises(EndFixedByRenewal):
        await edited(session, contract, ends_on=date(2028, 5, 1))


async def test_a_minimum_term_agreed_later_counts_from_its_own_day(session):
    contract = await activated(session, await a_plan(session))
    at = AT + timedelta(days=30)

    await edited(
        session, contract, at=at, minimum_term_months=6, minimum_term_fee=Decimal(181),
        minimum_term_from=date(2026, 12, 16),
    )  # fmt: skip

    fee = early_fee(contract, on=date(2027, 3, 17))
    assert (fee.fee, fee.term_days) == (Decimal("90.50"), 182)
    [event] = await events_of_kind(session, contract, "minimum_term_changed")
    assert event.parameters == {"months": 6, "amount": "181", "from_on": "2026-12-16"}


async def test_a_courtesy_owes_what_was_used_and_is_charged_again_from_its_day(session):
    contract = await activated(session, await a_plan(session))
    later = AT + timedelta(days=15)

    await edited(session, contract, at=later, billing_method=BillingMethod.COURTESY)
    assert await owed(session, contract) == (Decimal("50.00"), date(2026, 12, 1))
    invoice = (await session.exec(select(Invoice))).one()
    assert (invoice.amount, contract.billing_method) == (Decimal(50), "courtesy")

    again = AT + timedelta(days=30 + 15)
    await edited(session, contract, at=again, billing_method=BillingMethod.GROUPED)
    total, reach = await owed(session, contract)
    assert (total, reach) == (Decimal("50.00") + Decimal("51.61") + 1000, date(2027, 11, 16))


async def test_charges_that_stand_alone_are_invoiced_at_once_and_reviewed_ones_wait(session):
    contract = await activated(session, await a_plan(session))

    await edited(session, contract, billing_method=BillingMethod.PER_CHARGE, review_charges=True)
    assert {each.status for each in await charges(session, contract)} == {"waiting"}
    await edited(session, contract, review_charges=False)

    assert {each.status for each in await charges(session, contract)} == {"invoiced"}
    [event] = await events_of_kind(session, contract, "billing_changed")
    assert event.parameters == {"method_was": "grouped", "method": "per_charge"}


async def test_what_is_invoiced_already_stays_when_charges_are_grouped(session):
    contract = await activated(session, await a_plan(session), billing_method="per_charge")

    await edited(session, contract, billing_method=BillingMethod.GROUPED)

    assert {each.status for each in await charges(session, contract)} == {"invoiced"}


async def edited(
    session: AsyncSession, contract: Contract, *, at: datetime = AT, **values: Any
) -> None:
    """The contract with these terms."""
    await edit_terms(session, contract, terms_of(contract, **values), by="ana", at=at)


async def owed(session: AsyncSession, contract: Contract) -> tuple[Decimal, date]:
    """What a contract's charges come to, and until when they reach."""
    found = [each for each in await charges(session, contract) if each.status != "cancelled"]
    reach = max(each.period_end for each in found if each.period_end)
    return sum((each.amount for each in found), Decimal(0)), reach
