"""Readjustments: opened on their day, decided once the index is known, told, then charged."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from pydantic import Field
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.asking import Request
from activities.cases import Answer, Move, Moved, transition
from activities.contract_asking import ask_contracts, contracts_team
from activities.index_asking import MissingIndex, where_informed
from activities.readjustment_effects import apply, index_of
from activities.readjustment_notices import UNTOLD, follow, prove, tell_again
from activities.tasks import withdraw_tasks
from models import cases, outbox
from models.cases import Case
from models.contracts import Contract, lock_contract
from models.database import Database
from models.policies import load_policy
from models.readjustments import ContractReadjustment, readjustment_of
from rules import price_indices as prices
from rules.business_days import ONE_DAY, at_local_time, local_date
from rules.cases import Elapsed, News, Process, Step, spread
from rules.contracts import ContractStage
from rules.money import round_places
from rules.price_indices import (
    NegativePolicy,
    Outcome,
)
from rules.readjustments import (
    TAKES_EFFECT_AT,
    DecideReadjustment,
    ProveReadjustment,
    ReadjustmentPolicy,
    ReadjustmentStage,
    ReadjustmentStep,
    TellReadjustmentAgain,
    due_month,
    holds_from,
)
from rules.sentences import N_

#: Once a day a readjustment that waits looks whether its index has come.
LOOKS_AT = time(8)
MISSING = "index_missing"
FELL = "index_fell"
INDEX_MISSING = Request(
    N_("Informar o índice do reajuste"),
    N_("Um contrato espera por um mês do índice que ainda não foi informado."),
    N_("O contrato continua com o preço antigo."),
)
INDEX_FELL = Request(
    N_("Decidir o reajuste de um índice que caiu"),
    N_("A variação acumulada foi negativa e o contrato manda perguntar."),
    N_("O contrato continua com o preço antigo."),
)
ReadjustmentCommand = Annotated[
    DecideReadjustment | ProveReadjustment | TellReadjustmentAgain | Elapsed | News,
    Field(discriminator="kind"),
]


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
    match command:
        case _ if ContractStage(contract.stage).is_over:
            readjustment.stage = ReadjustmentStage.WITHDRAWN
        case DecideReadjustment():
            await _answer(session, case, contract, readjustment, command, at)
        case ProveReadjustment():
            await prove(session, case, contract, readjustment, command, at)
        case TellReadjustmentAgain(by=by):
            await tell_again(session, case, contract, readjustment, by=by, at=at)
        case _ if readjustment.stage == ReadjustmentStage.WAITING:
            await _look(session, case, contract, readjustment, at)
        case _ if readjustment.stage in {ReadjustmentStage.TOLD, ReadjustmentStage.UNTOLD}:
            await follow(session, case, contract, readjustment, by=command.by, at=at)
    begins = await _begins(session, readjustment)
    if begins is not None and begins <= local_date(at):
        readjustment.stage = ReadjustmentStage.IN_FORCE
    session.add(readjustment)
    await _settle(session, case, readjustment, by=command.by, at=at)
    return {"readjustment_id": readjustment.number, "stage": readjustment.stage}


async def _begins(session: AsyncSession, readjustment: ContractReadjustment) -> date | None:
    """The day from which a price that was told holds; None: of no such price."""
    if readjustment.stage != ReadjustmentStage.TOLD or readjustment.told_on is None:
        return None
    policy = await load_policy(session, ReadjustmentPolicy())
    return holds_from(readjustment.told_on, notice_days=policy.notice_days)


async def _is_known(session: AsyncSession, contract: Contract, month: date) -> bool:
    statement = select(ContractReadjustment.id).where(
        ContractReadjustment.contract_id == contract.id, ContractReadjustment.month == month
    )
    return (await session.exec(statement)).first() is not None


async def missing_of(
    session: AsyncSession, contract: Contract, readjustment: ContractReadjustment
) -> MissingIndex | None:
    """The months of the index that a readjustment waits for; None when all are known."""
    terms, series = await index_of(session, contract, readjustment)
    missing = prices.missing_months(series, month=readjustment.month, terms=terms)
    if not missing:
        return None
    months = ", ".join(f"{each:%m/%Y}" for each in missing)
    href = where_informed(readjustment.price_index_id, missing[0], terms.method)
    return MissingIndex(terms.index, months, href)


async def _look(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    at: datetime,
) -> None:
    missing = await missing_of(session, contract, readjustment)
    if missing is not None:
        await _ask_index(session, case, readjustment, missing, at)
        return
    terms, series = await index_of(session, contract, readjustment)
    await withdraw_tasks(
        session,
        for_case_id=case.number,
        kinds=(MISSING,),
        at=at,
        reason=N_("O índice foi informado."),
    )
    accumulation = prices.accumulate(series, month=readjustment.month, terms=terms)
    found = prices.readjust(
        contract.monthly_amount, accumulation=accumulation, negative=terms.negative
    )
    readjustment.percent = round_places(accumulation.percent, places=6)
    readjustment.outcome = found.outcome
    if found.outcome is Outcome.ASKED:
        readjustment.stage, readjustment.asked = ReadjustmentStage.ASKED, True
        await ask_contracts(session, case, FELL, INDEX_FELL, at=at)
    else:
        await apply(session, case, contract, readjustment, found, by="system", at=at)


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
    terms, series = await index_of(session, contract, readjustment)
    accumulation = prices.accumulate(series, month=readjustment.month, terms=terms)
    found = prices.readjust(contract.monthly_amount, accumulation=accumulation, negative=negative)
    await apply(session, case, contract, readjustment, found, by=command.by, at=at)


async def _ask_index(
    session: AsyncSession,
    case: Case,
    readjustment: ContractReadjustment,
    missing: MissingIndex,
    at: datetime,
) -> None:
    """A missing month waits, and is never guessed; it is asked for once."""
    if readjustment.asked:
        return
    readjustment.asked = True
    await ask_contracts(
        session, case, MISSING, INDEX_MISSING, at=at,
        description=f"{missing.index}: {missing.months}\n{missing.href}",
    )  # fmt: skip


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
    begins = await _begins(session, readjustment)
    if begins is not None:
        holds = at_local_time(begins, at=TAKES_EFFECT_AT)
        step = Step(ReadjustmentStep.TAKE_EFFECT, spread(holds, case.number))
    cases.schedule(case, step)
    if stage not in {ReadjustmentStage.WAITING, ReadjustmentStage.ASKED}:
        kinds = (MISSING, FELL, UNTOLD) if stage.is_over else (MISSING, FELL)
        await withdraw_tasks(
            session, for_case_id=case.number, kinds=kinds,
            reason=N_("O reajuste foi decidido."), at=at,
        )  # fmt: skip
