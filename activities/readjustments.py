"""Readjustments: opened on their day, decided once the index is known, told, then charged."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.asking import Request
from activities.cases import Answer, Move, Moved, transition
from activities.contract_asking import ask_contracts, contracts_team
from activities.contract_prices import full_period, service_charges, used_of
from activities.contract_welcome import contract_values
from activities.messages import write_to_customer
from activities.tasks import withdraw_tasks
from models import cases, outbox
from models.cases import Case
from models.contracts import Contract, lock_contract, record_contract_event
from models.customers import Customer
from models.database import Database
from models.plans import PriceIndex, PriceIndexMonth
from models.policies import load_policy
from models.renewals import ContractReadjustment, readjustment_of
from rules import readjustment as prices
from rules.business_days import ONE_DAY, at_local_time, local_date
from rules.cases import Elapsed, News, Process, Step, spread
from rules.charges import PENDING, ChargeKind
from rules.contracts import ContractStage
from rules.money import ZERO, round_half_up
from rules.proration import charge_for_use
from rules.readjustment import (
    Method,
    NegativePolicy,
    Outcome,
    Readjustment,
    ReadjustmentTerms,
    Series,
)
from rules.readjustments import (
    DecideReadjustment,
    ReadjustmentPolicy,
    ReadjustmentStage,
    ReadjustmentStep,
    due_month,
)
from rules.refusals import written_amount

#: Once a day a readjustment that waits looks whether its index has come.
LOOKS_AT = time(8)
MISSING = "index_missing"
FELL = "index_fell"
INDEX_MISSING = Request(
    "Informar o índice do reajuste",
    "Um contrato espera por um mês do índice que ainda não foi informado.",
    "O contrato continua com o preço antigo.",
)
INDEX_FELL = Request(
    "Decidir o reajuste de um índice que caiu",
    "A variação acumulada foi negativa e o contrato manda perguntar.",
    "O contrato continua com o preço antigo.",
)
ReadjustmentCommand = Annotated[DecideReadjustment | Elapsed | News, Field(discriminator="kind")]


class ReadjustmentActivities:
    """The transitions of readjustments."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def move_readjustment(self, move: Move[ReadjustmentCommand]) -> Moved:
        """One transition of one readjustment."""
        return await transition(self.database, move, decide)


async def open_readjustment(
    session: AsyncSession, contract: Contract, *, at: datetime
) -> ContractReadjustment | None:
    """This will open this year's readjustment once its day has come; before it, or again: None."""
    since = contract.readjusted_on or contract.signed_on
    if since is None or contract.price_index_id is None:
        return None
    month = due_month(since, data_base_month=contract.data_base_month, today=local_date(at))
    if month is None or await _is_known(session, contract, month):
        return None
    readjustment = ContractReadjustment(
        contract_id=contract.key, month=month, price_index_id=contract.price_index_id,
        amount_before=contract.monthly_amount,
    )  # fmt: skip
    session.add(readjustment)
    await session.flush()
    case = await cases.open_case(
        session, process=Process.READJUSTMENTS, subject_id=readjustment.number,
        customer_id=contract.customer_id, stage=readjustment.stage, by="system", at=at,
    )  # fmt: skip
    case.team_id = await contracts_team(session)
    cases.schedule(case, Step(ReadjustmentStep.DECIDE, spread(at, case.number)))
    outbox.start_case(session, case, at=at)
    return readjustment


async def decide(
    session: AsyncSession, case: Case, command: ReadjustmentCommand, at: datetime
) -> Answer:
    """What a command does to a readjustment; everything inside the caller's transaction."""
    readjustment = await readjustment_of(session, case.subject_id)
    contract = await lock_contract(session, readjustment.contract_id)
    if ContractStage(contract.stage).is_over:
        readjustment.stage = ReadjustmentStage.WITHDRAWN
    elif isinstance(command, DecideReadjustment):
        await _answer(session, case, contract, readjustment, command, at)
    elif readjustment.stage == ReadjustmentStage.WAITING:
        await _look(session, case, contract, readjustment, at)
    session.add(readjustment)
    await _settle(session, case, readjustment, by=command.by, at=at)
    return {"readjustment_id": readjustment.number, "stage": readjustment.stage}


async def _is_known(session: AsyncSession, contract: Contract, month: date) -> bool:
    statement = select(ContractReadjustment.id).where(
        ContractReadjustment.contract_id == contract.id, ContractReadjustment.month == month
    )
    return (await session.exec(statement)).first() is not None


async def _look(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    at: datetime,
) -> None:
    terms, series = await _index_of(session, contract, readjustment)
    missing = prices.missing_months(series, month=readjustment.month, terms=terms)
    if missing:
        await _ask_index(session, case, readjustment, terms.index, missing, at)
        return
    await withdraw_tasks(
        session, for_case_id=case.number, kinds=(MISSING,), reason="O índice foi informado.", at=at
    )
    accumulation = prices.accumulate(series, month=readjustment.month, terms=terms)
    found = prices.readjust(
        contract.monthly_amount, accumulation=accumulation, negative=terms.negative
    )
    readjustment.percent = round(accumulation.percent, 6)
    readjustment.outcome = found.outcome
    if found.outcome is Outcome.ASKED:
        readjustment.stage, readjustment.asked = ReadjustmentStage.ASKED, True
        due_at = at + timedelta(days=5)
        await ask_contracts(session, case, FELL, INDEX_FELL, due_at=due_at, at=at)
    else:
        await _apply(session, case, contract, readjustment, found, by="system", at=at)


async def _answer(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    command: DecideReadjustment,
    at: datetime,
) -> None:
    """A person decided what an index that fell does."""
    if readjustment.stage != ReadjustmentStage.ASKED:
        return
    negative = NegativePolicy.REDUCE if command.reduce else NegativePolicy.KEEP
    terms, series = await _index_of(session, contract, readjustment)
    accumulation = prices.accumulate(series, month=readjustment.month, terms=terms)
    found = prices.readjust(contract.monthly_amount, accumulation=accumulation, negative=negative)
    await _apply(session, case, contract, readjustment, found, by=command.by, at=at)


async def _apply(  # noqa: PLR0913 - what is applied to what, by whom and when
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    found: Readjustment,
    *,
    by: str,
    at: datetime,
) -> None:
    """The customer is told, and charges issued late enough after that get the new price."""
    readjustment.outcome, readjustment.amount = found.outcome, found.price
    readjustment.decided_at = at
    contract.readjusted_on = readjustment.month.replace(
        day=min((contract.signed_on or readjustment.month).day, 28)
    )
    if found.price == contract.monthly_amount:
        readjustment.stage = ReadjustmentStage.KEPT
        session.add(contract)
        return
    readjustment.stage, readjustment.told_on = ReadjustmentStage.TOLD, local_date(at)
    await _tell(session, case, contract, readjustment, found.price, at)
    readjustment.repriced = await _reprice(session, contract, readjustment, found.price)
    contract.monthly_amount = found.price
    record_contract_event(
        session, contract, kind="readjusted", by=by, at=at, amount=str(found.price),
        percent=str(readjustment.percent), charges=readjustment.repriced,
    )  # fmt: skip
    session.add(contract)


async def _reprice(
    session: AsyncSession, contract: Contract, readjustment: ContractReadjustment, price: Decimal
) -> int:
    """Only what is issued so many days after the customer was told; nothing is retroactive."""
    policy = await load_policy(session, ReadjustmentPolicy())
    told_on, repriced = readjustment.told_on, 0
    for charge in await service_charges(session, contract, since=readjustment.month):
        holds = prices.holds_for(charge.issue_date, told_on=told_on, notice_days=policy.notice_days)
        if charge.kind == ChargeKind.MONTHLY and charge.status in PENDING and holds:
            full = full_period(contract, charge)
            charge.amount = charge_for_use(price, period=full, used=[used_of(charge)])
            session.add(charge)
            repriced += 1
    return repriced


async def _tell(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    price: Decimal,
    at: datetime,
) -> None:
    policy = await load_policy(session, ReadjustmentPolicy())
    customer = await session.get_one(Customer, contract.customer_id)
    await write_to_customer(
        session, case=case, customer=customer, purpose="contract_readjustment", at=at,
        key=f"readjustment/{readjustment.number}",
        values=contract_values(
            contract, next_amount=price, percent=_written(readjustment.percent),
            holds_from=local_date(at) + timedelta(days=policy.notice_days),
        ),
    )  # fmt: skip


def _written(percent: Decimal | None) -> str:
    return written_amount(round_half_up(percent or ZERO))


async def _ask_index(
    session: AsyncSession,
    case: Case,
    readjustment: ContractReadjustment,
    index: str,
    missing: list[date],
    at: datetime,
) -> None:
    """A missing month waits, and is never guessed; it is asked for once."""
    if readjustment.asked:
        return
    readjustment.asked = True
    months = ", ".join(f"{each:%m/%Y}" for each in missing)
    await ask_contracts(
        session, case, MISSING, INDEX_MISSING, due_at=at + timedelta(days=5), at=at,
        description=f"{index}: {months}",
    )  # fmt: skip


async def _index_of(
    session: AsyncSession, contract: Contract, readjustment: ContractReadjustment
) -> tuple[ReadjustmentTerms, Series]:
    """The index by the contract's method; by monthly rates where number-indices are not loaded."""
    index = await session.get_one(PriceIndex, readjustment.price_index_id)
    method = Method(contract.readjustment_method)
    series = await _series(session, readjustment.price_index_id, method)
    if method is Method.NUMBER_INDICES and not series:
        method = Method.MONTHLY_RATES
        series = await _series(session, readjustment.price_index_id, method)
    terms = ReadjustmentTerms(
        index.code, method, percent_decimals=contract.readjustment_decimals,
        negative=NegativePolicy(contract.negative_readjustment),
    )  # fmt: skip
    return terms, series


async def _series(session: AsyncSession, index_id: int, method: Method) -> Series:
    statement = select(PriceIndexMonth).where(
        PriceIndexMonth.price_index_id == index_id,
        PriceIndexMonth.kind == method,
        col(PriceIndexMonth.is_active),
    )
    return {row.month: row.value for row in await session.exec(statement)}


async def _settle(
    session: AsyncSession,
    case: Case,
    readjustment: ContractReadjustment,
    *,
    by: str,
    at: datetime,
) -> None:
    stage = ReadjustmentStage(readjustment.stage)
    cases.move_to(session, case, stage, by=by, at=at, is_final=stage.is_over)
    step = None
    if stage is ReadjustmentStage.WAITING:
        tomorrow = at_local_time(local_date(at) + ONE_DAY, at=LOOKS_AT)
        step = Step(ReadjustmentStep.DECIDE, spread(tomorrow, case.number))
    cases.schedule(case, step)
    if stage.is_over:
        await withdraw_tasks(
            session, for_case_id=case.number, kinds=(MISSING, FELL),
            reason="O reajuste foi decidido.", at=at,
        )  # fmt: skip
