"""Activation: the clock and the task that stand for it, and what installing sets going."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import Field
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.asking import Request
from activities.cases import Answer, Move, Moved, transition
from activities.clock_reminders import Promises, keep_promises
from activities.contract_asking import ask_contracts, contracts_team
from activities.contract_charges import make_setup_charges, make_term_charges
from activities.contract_webhooks import announce_contract
from activities.desk import CaseDesk
from activities.provisioning import put_all
from activities.task_letters import tell_of_task
from activities.tasks import withdraw_tasks
from models import cases, outbox
from models.calendars import load_calendar
from models.cases import Case
from models.contracts import Contract, lock_contract, put_in_stage, record_contract_event
from models.database import Database
from models.policies import load_policy
from models.service_clocks import Timed, clocks_of, end_clock, start_clock
from models.sla_targets import promise_of
from models.tasks import Task
from rules import activation as rules
from rules.activation import Activate, ActivationStage, ActivationStep
from rules.business_days import local_date
from rules.cases import SYSTEM, Elapsed, News, Process, Step, spread
from rules.clock_reminders import ClockMark
from rules.connections import ConnectionState
from rules.contract_terms import ContractPolicy
from rules.contracts import ContractStage
from rules.due import due_after
from rules.sentences import N_
from rules.sla import SlaEvent
from rules.task_lists import INSTALL
from rules.tasks import TaskStatus
from rules.webhooks import BusinessEventKind as K

CLOCK = SlaEvent.ACTIVATION
INSTALLATION = Request(
    N_("Instalar e ativar o contrato"),
    N_("O contrato aguarda ativação."),
    N_("O prazo prometido ao cliente estoura e as contas não são geradas."),
)
LATE = Request(
    N_("Ativação fora do prazo"),
    N_("O prazo de ativação prometido ao cliente passou."),
    N_("O cliente espera além do que foi prometido."),
    priority=1,
)
#: Of the installation task, and how its letters are called.
LETTERS = {
    ActivationStep.REMIND: "task_reminder",
    ActivationStep.BREACH: "task_escalated",
    ActivationStep.ESCALATE: "task_escalated",
}
ActivationCommand = Annotated[Activate | Elapsed | News, Field(discriminator="kind")]


class ActivationActivities:
    """The transitions of activations."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def move_activation(self, move: Move[ActivationCommand]) -> Moved:
        """One transition of one activation."""
        return await transition(self.database, move, decide)


async def begin_activation(
    session: AsyncSession, contract: Contract, *, by: str, at: datetime
) -> Case:
    """This will open the activation's case, start its clock and ask for the installation."""
    case = await cases.open_case(
        session, process=Process.ACTIVATION, subject_id=contract.key,
        customer_id=contract.customer_id, stage=ActivationStage.AWAITING, by=by, at=at,
    )  # fmt: skip
    case.team_id = await contracts_team(session)
    policy = await load_policy(session, ContractPolicy())
    promise = await promise_of(session, contract.sla_table_id, SlaEvent.ACTIVATION)
    if promise is not None:
        allowed, calendar = promise
        await start_clock(session, case, CLOCK, at=at, allowed=allowed, calendar=calendar)
    await _plan(session, case, policy)
    await ask_contracts(
        session, case, INSTALL, INSTALLATION, at=at, due_at=case.due_at or due_after(
            at, business_days=policy.installation_business_days,
            calendar=await load_calendar(session),
        ),
        description=f"{contract.code}: {contract.description}",
    )  # fmt: skip
    outbox.start_case(session, case, at=at)
    return case


async def decide(
    session: AsyncSession, case: Case, command: ActivationCommand, at: datetime
) -> Answer:
    """What a command does to an activation; everything inside the caller's transaction."""
    contract = await lock_contract(session, case.subject_id)
    policy = await load_policy(session, ContractPolicy())
    match command:
        case Activate(installed_at=installed_at):
            rules.check_installed(installed_at, now=at)
            await _activated(session, case, contract, by=command.by, on=installed_at or at, at=at)
        case News() if ContractStage(contract.stage).is_over:
            await _end(session, case, ActivationStage.CANCELLED, by=command.by, at=at)
        case News():
            await _look_at_task(session, case, contract, at)
        case Elapsed():
            await _keep_promise(session, case, contract, policy, at)
    await _plan(session, case, policy)
    return {"contract_id": contract.key, "stage": case.stage}


async def _plan(session: AsyncSession, case: Case, policy: ContractPolicy) -> None:
    """The next step of the promise; nothing once all are taken, or where nothing is promised."""
    timed = (await clocks_of(session, case.number)).get(CLOCK)
    first = next(iter(timed.coming(policy.activation_reminders) if timed else ()), None)
    step = Step(rules.STEPS[first.step.mark], spread(first.at, case.number)) if first else None
    cases.schedule(case, step if case.closed_at is None else None)
    case.due_at = timed.row.promised_at if timed else None


async def _look_at_task(
    session: AsyncSession, case: Case, contract: Contract, at: datetime
) -> None:
    """Concluded, the service is installed; cancelled, somebody has to say so by hand."""
    statement = select(Task).where(
        Task.for_case_id == case.number, Task.kind == INSTALL,
        Task.status == TaskStatus.CONCLUDED,
    )  # fmt: skip
    task = (await session.exec(statement)).first()
    if task is not None and contract.stage == ContractStage.AWAITING_ACTIVATION:
        by = task.finished_by or "system"
        await _activated(session, case, contract, by=by, on=task.finished_at or at, at=at)


async def put_in_service(
    session: AsyncSession, contract: Contract, *, by: str, on: datetime, at: datetime
) -> None:
    """This will put a contract and its connections in service, and make what waited for it."""
    contract.activated_at = on
    put_in_stage(session, contract, ContractStage.ACTIVE, by=by, at=at)
    await put_all(session, contract, ConnectionState.ACTIVE, reason="", by=by, at=at)
    day = local_date(on)
    contract.starts_on = contract.starts_on or day
    await announce_contract(session, contract, K.CONTRACT_ACTIVATED, at=at)
    if contract.wait_for_activation:
        await make_setup_charges(session, contract, by=by, at=at)
        used_from = max(day, contract.starts_on)
        await make_term_charges(session, contract, used_from=used_from, by=by, at=at)


async def _activated(
    session: AsyncSession, case: Case, contract: Contract, *, by: str, on: datetime, at: datetime
) -> None:
    await put_in_service(session, contract, by=by, on=on, at=at)
    timed = (await clocks_of(session, case.number)).get(CLOCK)
    if timed is not None:
        _end_clock(session, case, timed, at=on)
    await _end(session, case, ActivationStage.ACTIVATED, by=by, at=at)


def _end_clock(session: AsyncSession, case: Case, timed: Timed, *, at: datetime) -> None:
    end_clock(session, timed, at=max(at, timed.row.started_at))
    case.breached_at = timed.row.breached_at


async def _end(
    session: AsyncSession, case: Case, stage: ActivationStage, *, by: str, at: datetime
) -> None:
    cases.move_to(session, case, stage, by=by, at=at, is_final=True)
    cases.schedule(case, None)
    await withdraw_tasks(
        session, for_case_id=case.number, kinds=(INSTALL, ActivationStep.BREACH),
        reason=N_("A ativação terminou."), at=at,
    )  # fmt: skip


async def _keep_promise(
    session: AsyncSession, case: Case, contract: Contract, policy: ContractPolicy, at: datetime
) -> None:
    """Whoever is to hear of the promise is told of the installation; the management has a task."""
    desk = CaseDesk(session, case, await clocks_of(session, case.number), SYSTEM, at)
    statement = select(Task).where(Task.for_case_id == case.number, Task.kind == INSTALL)
    task = (await session.exec(statement)).first()
    promises = Promises(
        {CLOCK: rules.STEPS}, lambda _: policy.activation_reminders,
        assignee=task.assignee if task else None,
        ask_manager=partial(
            ask_contracts, session, case, ActivationStep.BREACH, LATE, at=at, of_manager=True
        ),
        tell=partial(_tell, desk, task),
    )  # fmt: skip
    if ClockMark.BREACH in await keep_promises(desk, promises):
        record_contract_event(session, contract, kind="activation_breached", by=SYSTEM, at=at)


async def _tell(desk: CaseDesk, task: Task | None, login: str, step: str) -> None:
    if task is not None:
        await tell_of_task(
            desk.session, task, login=login, purpose=LETTERS[ActivationStep(step)], at=desk.at,
            key=f"activation/{desk.case.number}/{step}/{login}/{desk.case.version}",
        )  # fmt: skip
