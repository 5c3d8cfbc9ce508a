"""Requests to anonymise a customer: refused, waited for, carried out; and what of it is history."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

from obstore.store import ObjectStore
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.asking import Request, ask_team, team_id_of
from activities.attachments import store_of
from activities.cases import Answer, Move, Moved, transition
from activities.personal_data import anonymise
from activities.tasks import withdraw_tasks
from models import cases, outbox
from models.anonymisations import (
    Anonymisation,
    anonymisation_of,
    request_under_way,
)
from models.calendars import load_calendar
from models.cases import Case
from models.customer_trace import trace_of
from models.customers import Customer, lock_customer
from models.database import Database
from models.people import Deed, record
from models.policies import load_policy
from rules import anonymisation as rules
from rules.anonymisation import (
    AnonymisationPolicy,
    AnonymisationStage,
    AnonymisationStep,
    CustomerTrace,
    WithdrawAnonymisation,
)
from rules.business_days import at_local_time, local_date
from rules.cases import SYSTEM, Elapsed, News, Process, Step, spread
from rules.due import due_after
from rules.refusals import written_date
from rules.sentences import N_
from settings import Settings

#: When nobody works with the customer's rows.
NIGHT = time(3, 40)
STANDS = "anonymisation_held"
SOMETHING_STANDS = Request(
    N_("Anonimização impedida: resolver o que falta"),
    N_("O prazo legal passou, mas o cliente ainda tem dívida, contrato ou processo em aberto."),
    N_("Os dados pessoais continuam guardados além do prazo."),
)
AnonymisationCommand = Annotated[
    WithdrawAnonymisation | Elapsed | News, Field(discriminator="kind")
]


class AnonymisationActivities:
    """The transitions of requests."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings

    @activity.defn
    async def move_anonymisation(self, move: Move[AnonymisationCommand]) -> Moved:
        """One transition of one request."""
        store = store_of(self.settings)

        async def decide(
            session: AsyncSession, case: Case, command: AnonymisationCommand, at: datetime
        ) -> Answer:
            return await _decide(session, case, command, store, at)

        return await transition(self.database, move, decide)


async def ask_anonymisation(
    session: AsyncSession,
    customer_id: int,
    *,
    reason: str,
    wait: bool,
    deed: Deed,
    basis: str = "request",
) -> Anonymisation:
    """This will begin a customer's anonymisation: at once, or once the legal times have passed.

    Refuses CustomerNotFound, AlreadyAnonymised, AnonymisationUnderWay, no reason, what
    rules.anonymisation.obstacles finds, and a legal time that runs unless it is to be waited for
    (LegalTimeStands).
    """
    customer = await lock_customer(session, customer_id)
    rules.check_reason(reason)
    await _check_free(session, customer)
    trace, until = await standing_of(session, customer_id, at=deed.at)
    for refusal in rules.obstacles(trace):
        raise refusal
    if until is not None and not wait:
        raise rules.LegalTimeStands(until=written_date(until))
    request = Anonymisation(
        customer_id=customer_id, basis=basis, reason=reason.strip(), waits_until=until,
        asked_at=deed.at, asked_by=deed.by,
    )  # fmt: skip
    session.add(request)
    await session.flush()
    await _open(session, request, deed)
    return request


async def standing_of(
    session: AsyncSession, customer_id: int, *, at: datetime
) -> tuple[CustomerTrace, date | None]:
    """What stands against it, and until which day the law has the customer's data kept."""
    policy = await load_policy(session, AnonymisationPolicy())
    trace = await trace_of(session, customer_id)
    kept = rules.keepings(trace, policy=policy, today=local_date(at))
    return trace, kept[0].until if kept else None


async def _check_free(session: AsyncSession, customer: Customer) -> None:
    if customer.anonymised_at is not None:
        raise rules.AlreadyAnonymised
    if await request_under_way(session, customer.id or 0) is not None:
        raise rules.AnonymisationUnderWay


async def _open(session: AsyncSession, request: Anonymisation, deed: Deed) -> None:
    case = await cases.open_case(
        session, process=Process.ANONYMISATION, subject_id=request.number,
        customer_id=request.customer_id, stage=request.stage, by=deed.by, at=deed.at,
    )  # fmt: skip
    policy = await load_policy(session, AnonymisationPolicy())
    case.team_id = await team_id_of(session, policy.team)
    cases.schedule(case, _look_on(case, request.waits_until, at=deed.at))
    outbox.start_case(session, case, at=deed.at)
    record(
        session, deed, "anonymisation.ask", subject=f"customer/{request.customer_id}",
        basis=request.basis, until=request.waits_until and request.waits_until.isoformat(),
    )  # fmt: skip


async def _decide(
    session: AsyncSession,
    case: Case,
    command: AnonymisationCommand,
    store: ObjectStore,
    at: datetime,
) -> Answer:
    """What a command does to a request; everything inside the caller's transaction."""
    request = await anonymisation_of(session, case.subject_id)
    step: Step | None = case.next_step
    if isinstance(command, WithdrawAnonymisation):
        rules.check_reason(command.reason)
        request.stage, step = AnonymisationStage.WITHDRAWN, None
    elif isinstance(command, Elapsed):
        step = await _look(session, case, request, store, at)
    session.add(request)
    await _settle(session, case, request, step, by=command.by, at=at)
    return {"anonymisation_id": request.number, "stage": request.stage}


async def _look(
    session: AsyncSession, case: Case, request: Anonymisation, store: ObjectStore, at: datetime
) -> Step | None:
    """Everything is judged anew on the day itself, for a customer may have come back meanwhile."""
    customer = await lock_customer(session, request.customer_id)
    trace, until = await standing_of(session, request.customer_id, at=at)
    if any(rules.obstacles(trace)):
        return await _hold(session, case, request, at)
    if until is not None:
        request.stage, request.waits_until = AnonymisationStage.WAITING, until
        return _look_on(case, until, at=at)
    await anonymise(session, customer, store, at=at)
    request.stage = AnonymisationStage.DONE
    return None


async def _hold(session: AsyncSession, case: Case, request: Anonymisation, at: datetime) -> Step:
    """A person is asked once; the request looks again by itself meanwhile."""
    policy = await load_policy(session, AnonymisationPolicy())
    request.stage = AnonymisationStage.HELD
    if not request.asked:
        request.asked = True
        due_at = due_after(
            at, business_days=policy.look_again_days, calendar=await load_calendar(session)
        )
        await ask_team(
            session, case, STANDS, SOMETHING_STANDS, due_at=due_at, at=at, team=policy.team,
            description=f"/pessoas/privacidade/clientes/{request.customer_id}",
        )  # fmt: skip
    again = local_date(at) + timedelta(days=policy.look_again_days)
    return _look_on(case, again, at=at)


def _look_on(case: Case, day: date | None, *, at: datetime) -> Step:
    due = at if day is None else at_local_time(day, at=NIGHT)
    return Step(AnonymisationStep.LOOK, due if day is None else spread(due, case.number))


async def _settle(
    session: AsyncSession,
    case: Case,
    request: Anonymisation,
    step: Step | None,
    *,
    by: str,
    at: datetime,
) -> None:
    stage = AnonymisationStage(request.stage)
    cases.move_to(session, case, stage, by=by, at=at, is_final=stage.is_over)
    cases.schedule(case, step)
    if stage is AnonymisationStage.HELD:
        return
    await withdraw_tasks(
        session, for_case_id=case.number, kinds=(STANDS,),
        reason=N_("Nada mais impede a anonimização."), at=at,
    )  # fmt: skip
    request.asked = False
    if stage.is_over:
        request.ended_at, request.ended_by = at, by
    if stage is AnonymisationStage.DONE:
        told = Deed(SYSTEM, at)
        record(session, told, "anonymisation.done", subject=f"customer/{request.customer_id}")
