"""What the provider sells, and its newest contracts: made by the rules, waiting or active."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.activation import decide
from activities.contract_changes import ask_change
from activities.contract_services import NewService, add_service
from activities.contracts import make_contract
from activities.inbox import claim
from activities.task_moves import decide as conclude
from models.cases import case_of
from models.contracts import Contract
from models.people import Deed
from models.plans import (
    Consultant,
    DiscountTable,
    DueDayRule,
    Plan,
    PlanProduct,
    PriceIndex,
    PriceIndexMonth,
    Product,
    SlaTable,
    SlaTarget,
)
from models.registries import LedgerAccount
from models.task_items import items_of
from models.tasks import case_of_task, open_tasks_of
from rules.business_days import add_months, local_date
from rules.cases import News, Process
from rules.contract_changes import AskedChange, ChangeKind
from rules.contract_welcome import Welcome
from rules.contracts import ContractStage, PlanType
from rules.price_indices import Method
from rules.sla import SlaEvent, SlaUnit
from rules.task_lists import INSTALL
from rules.tasks import ConcludeTask

TEM = "Gestão de telecom (TEM)"
DUE_DAYS = (5, 10, 15)
#: event, amount, unit
TARGETS = (
    (SlaEvent.ACTIVATION, 5, SlaUnit.BUSINESS_DAYS),
    (SlaEvent.FIRST_RESPONSE, 4, SlaUnit.BUSINESS_HOURS),
    (SlaEvent.RESOLUTION, 16, SlaUnit.BUSINESS_HOURS),
    (SlaEvent.KICKOFF_MEETING, 10, SlaUnit.BUSINESS_DAYS),
    (SlaEvent.INSTALLATION, 30, SlaUnit.BUSINESS_DAYS),
)
PRODUCTS = (("IP fixo", "30.00"), ("Ponto Wi-Fi adicional", "19.90"), ("Visita técnica", "90.00"))
#: A plan that is made of products: name, amount, fiscal document.
SPLIT = "Fibra 500 Mega"
PARTS = (("Acesso à internet", "79.90", "nfcom"), ("Biblioteca digital", "30.00", "nfse"))
#: Days ago on which a new contract was signed, and those after which it was installed; None: not.
NEW = ((0, None), (1, None), (7, 3), (12, 4), (20, 2), (33, 6), (48, 3))


async def found_sales(
    session: AsyncSession, plans: tuple[tuple[str, str, bool], ...], *, today: date
) -> dict[str, int]:
    """This will make what contracts are made from; gives the plans by their name."""
    table = SlaTable(code="padrao", name="SLA padrão", is_default=True)
    index = PriceIndex(code="IGP-DI", name="IGP-DI", series=190)
    consumer = PriceIndex(code="IPCA", name="IPCA", series=433)
    account = LedgerAccount(code="3.1.0", name="Receita de serviços")
    rules = [
        DueDayRule(code=f"dia-{day}", name=f"Dia {day}", due_day=day, is_default=day == 10)
        for day in DUE_DAYS
    ]
    session.add_all([table, index, consumer, account, *rules])
    await session.flush()
    for event, amount, unit in TARGETS:
        target = SlaTarget(sla_table_id=table.id or 0, event=event, amount=amount, unit=unit)
        session.add(target)
    _fill_index(session, index, today)
    _fill_index(session, consumer, today)
    session.add_all(
        Product(code=f"P{n}", name=name, amount=Decimal(amount), ledger_account_id=account.id)
        for n, (name, amount) in enumerate(PRODUCTS)
    )
    session.add(DiscountTable(code="em-dia", name="R$ 10 em dia", pay_on_time=Decimal(10)))
    session.add(Consultant(code="carla", name="Carla Menezes", email="carla@provedor.test"))
    sold = [
        Plan(
            code=f"plano-{n}", name=name, amount=Decimal(amount), telecom_service=is_telecom,
            plan_type=PlanType.INTERNET if is_telecom else PlanType.TEM, setup_fee=Decimal(99),
            setup_instalments=3, minimum_term_months=12, minimum_term_fee=Decimal(300),
            due_day_rule_id=rules[1].id, sla_table_id=table.id, ledger_account_id=account.id,
            price_index_id=index.id,
        )
        for n, (name, amount, is_telecom) in enumerate(plans)
    ]  # fmt: skip
    session.add_all(sold)
    await session.flush()
    await _make_of_products(session, sold)
    return {plan.name: plan.id or 0 for plan in sold}


async def _make_of_products(session: AsyncSession, sold: list[Plan]) -> None:
    """One plan sells a library beside the access, each with its own fiscal document."""
    plan = next((each for each in sold if each.name == SPLIT), None)
    if plan is None:
        return
    for place, (name, amount, kind) in enumerate(PARTS, 1):
        product = Product(code=f"plano-{place}", name=name, fiscal_kind=kind)
        session.add(product)
        await session.flush()
        session.add(
            PlanProduct(
                plan_id=plan.id or 0, product_id=product.id or 0, amount=Decimal(amount),
                position=place,
            )
        )  # fmt: skip


def installed(plans: dict[str, int]) -> list[int]:
    """The plans whose contracts are installed: one of telecom management has a kickoff instead."""
    return sorted(plan_id for name, plan_id in plans.items() if name != TEM)


async def sell(
    session: AsyncSession,
    rng: random.Random,
    plans: dict[str, int],
    *,
    customers: int,
    now: datetime,
) -> None:
    """This will bring the older contracts to their plans, and make the newest ones by the rules."""
    await _settle_old_ones(session, plans)
    for days_ago, installed_after in NEW:
        signed = now - timedelta(days=days_ago)
        starts = local_date(signed)
        asked = {
            "plan_id": rng.choice(installed(plans)), "signed_on": starts,
            "adhesion_date": starts, "starts_on": starts, "ends_on": add_months(starts, months=12),
            "origin": "lead",
        }  # fmt: skip
        contract = await make_contract(
            session, rng.randint(1, customers), asked, welcome=Welcome(is_wanted=False),
            by="paula", at=signed,
        )  # fmt: skip
        await _take(session, contract, at=min(signed + timedelta(hours=1), now))
        if installed_after is not None:
            await install(session, contract, at=signed + timedelta(days=installed_after))
            if days_ago == NEW[-1][0]:
                await _live(session, contract, now)


async def _take(session: AsyncSession, contract: Contract, *, at: datetime) -> None:
    """Somebody has the installation; while nobody did, the lead would hear of it."""
    case = await case_of(session, process=Process.ACTIVATION, subject_id=contract.key)
    assert case is not None  # noqa: S101 - it was made with the contract
    for task in await open_tasks_of(session, for_case_id=case.number, kinds=(INSTALL,)):
        await claim(session, task.number, Deed("marcos", at))


async def install(session: AsyncSession, contract: Contract, *, at: datetime) -> None:
    """The installation's task is concluded, and the activation hears of it."""
    case = await case_of(session, process=Process.ACTIVATION, subject_id=contract.key)
    assert case is not None  # noqa: S101 - it was made with the contract
    [task] = await open_tasks_of(session, for_case_id=case.number, kinds=(INSTALL,))
    own = await case_of_task(session, task.number)
    for item in await items_of(session, task.number):
        item.done_at, item.done_by = at, "marcos"
    await conclude(session, own, ConcludeTask(by="marcos"), at)
    await decide(session, case, News(), at)


async def _live(session: AsyncSession, contract: Contract, now: datetime) -> None:
    """One contract has a service more, and is suspended for the holidays."""
    today = local_date(now)
    service = NewService(today, product_id=1)
    await add_service(session, contract, service, by="giane", at=now)
    asked = AskedChange(
        ChangeKind.SUSPENSION, today + timedelta(days=20), today + timedelta(days=50),
        reason="Viagem de férias",
    )  # fmt: skip
    await ask_change(session, contract, asked, by="giane", at=now)


async def _settle_old_ones(session: AsyncSession, plans: dict[str, int]) -> None:
    """Contracts of the past name their plan; those that were terminated stand so."""
    for name, plan_id in plans.items():
        await session.exec(
            update(Contract)
            .where(col(Contract.description) == name)
            .values(plan_id=plan_id, starts_on=Contract.signed_on)
        )
    await session.exec(
        update(Contract)
        .where(col(Contract.terminated_on).is_not(None))
        .values(stage=ContractStage.TERMINATED, end_reason="Falta de pagamento")
    )
    await session.exec(
        update(Contract).where(~col(Contract.telecom_service)).values(plan_type=PlanType.TEM)
    )


def _fill_index(session: AsyncSession, index: PriceIndex, today: date) -> None:
    """Monthly rates up to two months ago: last month's is still waited for."""
    rates = ("0.42", "-0.15", "0.61", "0.33", "0.08", "0.74", "0.29")
    for back in range(2, 16):
        month = add_months(today.replace(day=1), months=-back)
        session.add(
            PriceIndexMonth(
                price_index_id=index.id or 0, kind=Method.MONTHLY_RATES, month=month,
                value=Decimal(rates[back % len(rates)]), source="csv",
            )
        )  # fmt: skip
