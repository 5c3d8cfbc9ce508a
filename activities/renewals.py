"""Renewals: a term's end is queued, told twice, and becomes the next term or the contract's end."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import Answer, Move, Moved, transition
from activities.contract_asking import contracts_team
from activities.contract_ends import expire_contract
from activities.contract_succession import call_off_successor
from activities.renewal_effects import (
    ask,
    check_not_made,
    check_notices,
    edit,
    hand_on,
    let_expire,
    renew,
)
from activities.renewal_notices import (
    ask_if_untold,
    give_notice,
    is_untold,
    prove,
    tell_again,
)
from activities.tasks import withdraw_tasks
from models import cases, outbox
from models.cases import Case
from models.contract_scans import open_invoices_of
from models.contracts import Contract, lock_contract, put_in_stage
from models.database import Database
from models.plans import Plan
from models.policies import load_policy
from models.renewals import ContractRenewal, renewal_of
from rules import renewals as rules
from rules.business_days import ONE_DAY, local_date, months_end
from rules.cases import Elapsed, News, Process, Step, spread
from rules.contracts import ContractStage, RenewalPrice
from rules.renewals import (
    EditRenewal,
    LetExpire,
    ProveRenewal,
    RenewalFacts,
    RenewalPolicy,
    RenewalStage,
    RenewalStep,
    RenewNow,
    TellRenewalAgain,
)
from rules.sentences import N_

RenewalCommand = Annotated[
    RenewNow | EditRenewal | LetExpire | ProveRenewal | TellRenewalAgain | Elapsed | News,
    Field(discriminator="kind"),
]


class RenewalActivities:
    """The transitions of renewals."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def move_renewal(self, move: Move[RenewalCommand]) -> Moved:
        """One transition of one renewal."""
        return await transition(self.database, move, decide)


async def queue_renewal(
    session: AsyncSession, contract: Contract, *, at: datetime
) -> ContractRenewal | None:
    """This will put the end of the contract's term into the queue; there already: None."""
    known = select(ContractRenewal.id).where(
        ContractRenewal.contract_id == contract.id, ContractRenewal.term == contract.term
    )
    if contract.ends_on is None or (await session.exec(known)).first() is not None:
        return None
    plan = await session.get(Plan, contract.plan_id or 0)
    renewal = ContractRenewal(
        contract_id=contract.key, term=contract.term, ends_on=contract.ends_on,
        months=_months(contract),
        amount=rules.next_amount(
            price=RenewalPrice(contract.renewal_price), present=contract.monthly_amount,
            plan_amount=plan.price_for(contract.periodicity_months) if plan else None,
            suggested=contract.suggested_amount,
        ),
    )  # fmt: skip
    session.add(renewal)
    await session.flush()
    case = await cases.open_case(
        session, process=Process.RENEWALS, subject_id=renewal.number,
        customer_id=contract.customer_id, stage=renewal.stage, by="system", at=at,
    )  # fmt: skip
    case.team_id, case.due_at = await contracts_team(session), None
    put_in_stage(session, contract, ContractStage.RENEWAL_QUEUE, by="system", at=at)
    await _plan(session, case, contract, renewal, at)
    outbox.start_case(session, case, at=at)
    return renewal


async def decide(
    session: AsyncSession, case: Case, command: RenewalCommand, at: datetime
) -> Answer:
    """What a command does to a renewal; everything inside the caller's transaction."""
    renewal = await renewal_of(session, case.subject_id)
    contract = await lock_contract(session, renewal.contract_id)
    is_over = ContractStage(contract.stage).is_over
    match command:
        case Elapsed() | News() if is_over:
            await call_off_successor(session, contract, by="system", at=at)
            renewal.stage = RenewalStage.WITHDRAWN
        case Elapsed(step=step):
            await _elapse(session, case, contract, renewal, RenewalStep(step), at)
        case News():
            pass
        case _:
            await check_not_made(session, contract, renewal)
            await _obey(session, case, contract, renewal, command, at)
    session.add(renewal)
    await _settle(session, case, contract, renewal, by=command.by, at=at)
    return {"renewal_id": renewal.number, "stage": renewal.stage}


async def _obey(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    renewal: ContractRenewal,
    command: RenewNow | EditRenewal | LetExpire | ProveRenewal | TellRenewalAgain,
    at: datetime,
) -> None:
    """What a person wants of a renewal that is not made yet."""
    match command:
        case RenewNow(by=by):
            await check_notices(session, renewal)
            renewal.form = command.form or renewal.form
            await renew(session, contract, renewal, by=by, at=at)
        case EditRenewal(by=by):
            edit(session, contract, renewal, command, at)
            cases.record_event(
                session, case, kind="edited", by=by, at=at, amount=str(command.amount),
                months=command.months,
            )  # fmt: skip
        case LetExpire(by=by, reason=reason):
            let_expire(session, contract, renewal, by=by, reason=reason, at=at)
            cases.record_event(session, case, kind="declined", by=by, at=at)
        case ProveRenewal():
            await prove(session, contract, renewal, command, at)
        case TellRenewalAgain(by=by):
            await tell_again(session, case, contract, renewal, by=by, at=at)


async def facts_of(
    session: AsyncSession, contract: Contract, renewal: ContractRenewal, at: datetime
) -> RenewalFacts:
    """What decides about a renewal now."""
    policy = await load_policy(session, RenewalPolicy())
    due = await open_invoices_of(session, contract.key, today=local_date(at))
    return RenewalFacts(
        stage=RenewalStage(renewal.stage),
        ends_on=renewal.ends_on,
        notices=renewal.notices,
        open_invoices=len(due),
        next_change_on=min(due) + ONE_DAY if due else None,
        is_automatic=policy.renews_automatically and not contract.ignore_automatic_renewal,
        is_asked=renewal.asked,
        told_on=renewal.told_on,
        is_untold=await is_untold(session, renewal),
    )


async def _plan(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    renewal: ContractRenewal,
    at: datetime,
) -> RenewalFacts:
    policy = await load_policy(session, RenewalPolicy())
    facts = await facts_of(session, contract, renewal, at)
    step = rules.next_step(facts, policy, now=at)
    cases.schedule(case, Step(step.kind, spread(step.at, case.number)) if step else None)
    return facts


async def _settle(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    renewal: ContractRenewal,
    *,
    by: str,
    at: datetime,
) -> None:
    stage = RenewalStage(renewal.stage)
    if stage is not RenewalStage.QUEUED and case.closed_at is None:
        cases.move_to(session, case, stage, by=by, at=at, is_final=stage.is_over)
        await withdraw_tasks(
            session, for_case_id=case.number, kinds=(RenewalStep.ASK,),
            reason=N_("A renovação foi decidida."), at=at,
        )  # fmt: skip
    facts = await _plan(session, case, contract, renewal, at)
    await ask_if_untold(session, case, contract, facts, at=at)


async def _elapse(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    renewal: ContractRenewal,
    step: RenewalStep,
    at: datetime,
) -> None:
    """The step is taken only if it is still what comes next."""
    policy = await load_policy(session, RenewalPolicy())
    facts = await facts_of(session, contract, renewal, at)
    due = rules.next_step(facts, policy, now=at)
    if due is None or due.kind != step or due.at > at:
        return
    match step:
        case RenewalStep.FIRST_NOTICE | RenewalStep.SECOND_NOTICE:
            await give_notice(session, case, contract, renewal, at)
        case RenewalStep.RENEW if rules.may_renew(facts, policy):
            await renew(session, contract, renewal, by="system", at=at)
        case RenewalStep.TAKE_OVER:
            await hand_on(session, contract, renewal, at=at)
        case RenewalStep.ASK:
            await ask(session, case, renewal, at)
        case RenewalStep.EXPIRE if facts.is_automatic and rules.is_told(facts):
            await renew(session, contract, renewal, by="system", at=at)
        case RenewalStep.EXPIRE:
            renewal.stage = RenewalStage.EXPIRED
            await expire_contract(session, contract, at=at)


def _months(contract: Contract) -> int:
    """The next term is as long as this one; a year where that is not in whole months."""
    since, until = contract.starts_on, contract.ends_on
    if contract.term_months:
        return contract.term_months
    if contract.term > 1 or since is None or until is None:
        return 12
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if months and months_end(since, months=months) == until else 12
