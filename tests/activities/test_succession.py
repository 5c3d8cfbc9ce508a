"""Renewals by a successor: a contract that follows another, made ahead, and what it takes over."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_changes import ask_change
from activities.contract_changes import decide as decide_change
from activities.contract_charges import make_single_charge
from activities.contract_edit import edit_terms
from activities.contract_services import NewService, add_service, remove_service
from activities.contract_succession import successor_of, waiting_successor
from activities.renewals import decide, queue_renewal
from models.cases import Case, case_of
from models.connections import connections_of
from models.contract_changes import ContractChange
from models.contracts import Contract, ContractService
from models.customers import Customer
from models.invoices import Invoice
from models.ladders import LadderException
from models.provisioning import ProvisioningOrder
from models.renewals import ContractRenewal
from rules.business_days import local_date
from rules.cases import Elapsed, News, Process
from rules.contract_changes import AskedChange, ChangeKind
from rules.contracts import RenewalForm
from rules.renewals import EditRenewal, LetExpire, RenewalAlreadyMade, RenewNow
from tests import builders
from tests.activities.test_contract_edit import terms_of
from tests.builders import AT, TODAY
from tests.contracts import a_plan, activated, charges, day

#: The term of the contracts here ends on it.
END = day("16/11/2027")
RENEWED = AT + timedelta(days=310)
TAKEN_OVER = AT + timedelta(days=366)


@pytest.fixture
async def session(database):
    async with database.write() as session:
        yield session


async def renewed(
    session: AsyncSession, **values: object
) -> tuple[Contract, Contract, ContractRenewal, Case]:
    """A contract in service since today, with the successor that an operator made of it."""
    contract = await activated(session, await a_plan(session), **values)
    renewal = await queue_renewal(session, contract, at=AT)
    case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
    renewal.notices = 2
    await decide(session, case, RenewNow("ana", form=RenewalForm.SUCCESSOR), RENEWED)
    waiting = await waiting_successor(session, contract)
    return contract, waiting, renewal, case


async def hand_over(session: AsyncSession, case: Case) -> None:
    await decide(session, case, Elapsed("take_over"), TAKEN_OVER)


async def test_the_next_term_is_a_contract_of_its_own_charged_ahead(session):
    old, new, renewal, case = await renewed(
        session, minimum_term_months=12, minimum_term_fee=Decimal(300), notes="Fundos"
    )

    assert (old.stage, new.stage, new.predecessor_id) == ("active", "awaiting_activation", old.id)
    assert (new.starts_on, new.ends_on, new.term) == (END, day("16/11/2028"), 1)
    assert (new.notes, new.minimum_term_months, new.code != old.code) == ("Fundos", 0, True)
    assert (renewal.stage, case.closed_at, case.next_kind) == ("succeeding", None, "take_over")
    assert local_date(case.next_at) == END
    assert (len(await charges(session, old)), len(await charges(session, new))) == (12, 12)
    assert (await charges(session, new))[0].period_start == END


async def test_it_takes_over_on_the_day_and_the_network_hears_nothing(session):
    old, new, renewal, case = await renewed(session)
    session.add(
        LadderException(
            contract_id=old.key, kind="exception", since=END, until=END + timedelta(days=9),
            reason="acordo", at=AT, by="ana",
        )
    )  # fmt: skip
    customer = await session.get_one(Customer, old.customer_id)
    debt = await builders.an_invoice(session, customer, contract_id=old.id)
    paid = await builders.an_invoice(session, customer, contract_id=old.id, status="settled")
    told = len((await session.exec(select(ProvisioningOrder).order_by("id"))).all())
    credit = await make_single_charge(
        session, old, key="credit/1", kind="credit", description="Dias sem serviço",
        amount=Decimal(-5), by="ana", at=RENEWED,
    )  # fmt: skip

    await hand_over(session, case)

    assert (old.stage, new.stage, renewal.stage) == ("expired", "active", "renewed")
    assert case.closed_at == TAKEN_OVER
    assert old.end_reason == f"Renovado pelo contrato {new.code}"
    assert await connections_of(session, old.key) == []
    assert [each.state for each in await connections_of(session, new.key)] == ["active"]
    assert len((await session.exec(select(ProvisioningOrder).order_by("id"))).all()) == told
    await session.refresh(debt)
    assert (debt.contract_id, paid.contract_id) == (new.id, old.id)
    await session.refresh(credit)
    assert (credit.contract_id, credit.status) == (new.id, "open")
    exception = (await session.exec(select(LadderException))).one()
    await session.refresh(exception)
    assert exception.contract_id == new.id
    assert await successor_of(session, old.key) is new


async def test_nothing_is_decided_of_a_renewal_that_was_made(session):
    _, new, _, case = await renewed(session)

    for command in (
        RenewNow("ana"), EditRenewal("ana", Decimal(90), 12), LetExpire("ana"),
    ):  # fmt: skip
        with pytest.raises(RenewalAlreadyMade, match=new.code):
            await decide(session, case, command, RENEWED)


async def test_who_leaves_before_the_day_leaves_the_successor_too(session):
    old, new, renewal, case = await renewed(session, billing_method="per_charge")
    asked = AskedChange(ChangeKind.CANCELLATION, local_date(RENEWED), reason="mudou-se")
    await ask_change(session, old, asked, by="ana", at=RENEWED)

    await decide(session, case, News(), RENEWED)

    assert (old.stage, new.stage, renewal.stage) == ("cancelled", "cancelled", "withdrawn")
    assert {each.status for each in await charges(session, new)} == {"cancelled"}
    invoices = select(Invoice).where(Invoice.contract_id == new.id, Invoice.status == "open")
    assert (await session.exec(invoices)).all() == []


async def test_a_successor_that_was_called_off_lets_the_contract_expire(session):
    old, new, renewal, case = await renewed(session)
    asked = AskedChange(ChangeKind.CANCELLATION, local_date(RENEWED), reason="não quer mais")
    await ask_change(session, new, asked, by="ana", at=RENEWED)

    await hand_over(session, case)

    assert (old.stage, new.stage, renewal.stage) == ("expired", "cancelled", "expired")


async def test_a_suspension_goes_on_under_the_successor(session):
    old, new, _, case = await renewed(session)
    since = END - timedelta(days=10)
    asked = AskedChange(ChangeKind.SUSPENSION, since, until=END + timedelta(days=20))
    change = await ask_change(session, old, asked, by="ana", at=AT + timedelta(days=355))

    await hand_over(session, case)

    assert (new.stage, new.suspended_from) == ("suspended", since)
    assert (change.contract_id, old.suspended_from) == (new.id, None)
    ahead = [each for each in await charges(session, new) if each.period_start >= END]
    assert {each.status for each in ahead} == {"waiting"}
    ended = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    assert ended.closed_at is None


async def test_another_plan_and_other_terms_hold_in_the_one_that_waits(session):
    old, new, *_ = await renewed(session)
    dearer = await a_plan(session, name="Fibra 600", amount=Decimal(150))
    asked = AskedChange(ChangeKind.PLAN_CHANGE, local_date(RENEWED), plan_id=dearer.id)
    await ask_change(session, old, asked, by="ana", at=RENEWED)
    await edit_terms(session, old, terms_of(old, notes="Portão"), by="ana", at=RENEWED)

    assert (new.description, new.monthly_amount, new.notes) == ("Fibra 600", Decimal(150), "Portão")
    assert {each.amount for each in await charges(session, new)} == {Decimal(150)}


async def test_services_go_on_and_end_in_both(session):
    contract = await activated(session, await a_plan(session))
    kept = NewService(TODAY, description="Ponto", amount=Decimal(10))
    await add_service(session, contract, kept, by="ana", at=AT)
    renewal = await queue_renewal(session, contract, at=AT)
    contract.renewal_form, renewal.notices = RenewalForm.SUCCESSOR, 2
    case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)
    await decide(session, case, RenewNow("ana"), RENEWED)
    new = await waiting_successor(session, contract)
    late = await add_service(
        session, contract, NewService(local_date(RENEWED), description="IP", amount=Decimal(5)),
        by="ana", at=RENEWED,
    )  # fmt: skip

    async def services() -> list[Decimal]:
        found = await charges(session, new, kind="service")
        return sorted(each.amount for each in found if each.status != "cancelled")

    assert await services() == [Decimal(5)] * 12 + [Decimal(10)] * 12
    await remove_service(session, contract, late.id, on=local_date(RENEWED), by="ana", at=RENEWED)
    assert await services() == [Decimal(10)] * 12
    held = await session.exec(select(ContractService).where(ContractService.contract_id == new.id))
    assert {(each.description, each.starts_on) for each in held} == {("Ponto", END), ("IP", END)}


async def test_a_temporary_plan_runs_on_to_its_end_under_the_old_contract(session):
    old, new, _, case = await renewed(session)
    faster = await a_plan(session, name="Fibra 600", amount=Decimal(150))
    at = AT + timedelta(days=350)
    asked = AskedChange(
        ChangeKind.UPGRADE, local_date(at), until=END + timedelta(days=30), plan_id=faster.id
    )
    change = await ask_change(session, old, asked, by="ana", at=at)
    await hand_over(session, case)
    own = await case_of(session, process=Process.CONTRACT_CHANGES, subject_id=change.number)
    await decide_change(session, own, News(), TAKEN_OVER)

    assert (await session.get_one(ContractChange, change.id)).stage == "in_effect"
    assert new.monthly_amount == Decimal(100)


async def test_a_renewal_that_comes_on_the_last_day_takes_over_at_once(session):
    contract = await activated(session, await a_plan(session), renewal_form=RenewalForm.SUCCESSOR)
    renewal = await queue_renewal(session, contract, at=AT)
    renewal.notices = 2
    case = await case_of(session, process=Process.RENEWALS, subject_id=renewal.number)

    await decide(session, case, Elapsed("expire"), TAKEN_OVER + timedelta(days=3))

    new = await successor_of(session, contract.key)
    assert (contract.stage, new.stage, renewal.stage) == ("expired", "active", "renewed")
    assert new.starts_on == date(2027, 11, 16)
