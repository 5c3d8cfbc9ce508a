"""The transitions of contestations: every command, every clock, every invoice that comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import Answer, Move, Moved, now, transition
from activities.contestation_answers import record_answer
from activities.contestation_ends import accept_refusal, withdraw
from activities.contestation_letters import Papers, keep, prepare, send
from activities.contestation_news import catch_up, look_for_money
from activities.contestation_protocols import record_correction_request, record_protocol
from activities.contestation_received_moves import decide_received
from activities.contestation_remedies import record_barcode, record_payment, take_remedy
from activities.contestation_schedule import enter, load_facts, schedule
from activities.contestation_steps import raise_level, take_step
from models import cases, contestations
from models.cases import Case
from models.contestations import Contestation
from models.database import Database
from models.policies import load_policy
from rules import contestation as rules
from rules import contestation_commands as commands
from rules.business_days import local_date
from rules.cases import Elapsed, News
from rules.contestation import (
    ContestationPolicy,
    ContestationStage,
    ContestationStep,
    Direction,
    Level,
)
from rules.contestation_commands import (
    AcceptRefusal,
    ChooseRemedy,
    Escalate,
    FileContestation,
    NotInThisStage,
    RecordAnswer,
    RecordCorrectionRequest,
    RecordInvoicePayment,
    RecordNewBarcode,
    RecordProtocol,
    WithdrawContestation,
)
from rules.contestation_received_commands import AnswerCustomer, RecordCustomerTold, RecordRefund
from settings import Settings

ContestationCommand = Annotated[
    FileContestation
    | RecordProtocol
    | RecordAnswer
    | RecordNewBarcode
    | RecordInvoicePayment
    | ChooseRemedy
    | Escalate
    | AcceptRefusal
    | RecordCorrectionRequest
    | WithdrawContestation
    | AnswerCustomer
    | RecordCustomerTold
    | RecordRefund
    | Elapsed
    | News,
    Field(discriminator="kind"),
]


class ContestationActivities:
    """The transitions of contestations."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings

    @activity.defn
    async def move_contestation(self, move: Move[ContestationCommand]) -> Moved:
        """One transition of one contestation; a letter is drawn before it, outside of it."""
        papers = await self._papers(move)
        return await transition(self.database, move, partial(decide, papers=papers))

    async def _papers(self, move: Move[ContestationCommand]) -> Papers | None:
        command = move.command
        if not isinstance(command, Elapsed) or command.step != ContestationStep.WRITE:
            return None
        papers = await prepare(self.database, move.case.case_id, at=now())
        if papers is not None:
            await keep(self.settings, papers)
        return papers


async def decide(
    session: AsyncSession,
    case: Case,
    command: Any,
    at: datetime,
    *,
    papers: Papers | None = None,
) -> Answer:
    """What a command does to a contestation; everything inside the caller's transaction."""
    contestation = await contestations.contestation_of(session, case.subject_id)
    policy = await load_policy(session, ContestationPolicy())
    if contestation.direction == Direction.RECEIVED:
        await decide_received(session, case, contestation, command, at)
    else:
        await catch_up(session, case, contestation, policy=policy, at=at)
        before = contestation.stage
        await _decide_made(session, case, contestation, command, at, papers=papers)
        if contestation.stage != before:  # the credit may have come before the answer
            await look_for_money(session, case, contestation, policy=policy, at=at)
        _judge_silence(session, case, contestation, policy, at)
    await schedule(session, case, contestation, policy=policy)
    return {"contestation_id": contestation.number, "stage": contestation.stage}


async def _decide_made(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: Any,
    at: datetime,
    *,
    papers: Papers | None,
) -> None:
    match command:
        case Elapsed(step=step):
            await _elapse(session, case, contestation, ContestationStep(step), papers, at)
        case News():
            pass
        case AnswerCustomer() | RecordCustomerTold() | RecordRefund():
            raise NotInThisStage
        case _:
            await _obey(session, case, contestation, command, at)


async def _obey(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: Any,
    at: datetime,
) -> None:
    if type(command) in BY_POLICY:
        policy = await load_policy(session, ContestationPolicy())
        await BY_POLICY[type(command)](session, case, contestation, command, policy, at)
    else:
        await BY_RULE[type(command)](session, case, contestation, command, at)


async def file(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: FileContestation,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """The letter is decided, and written in the next step; the carrier's clock runs from today."""
    commands.check_filing(
        ContestationStage(contestation.stage), claimed=contestation.claimed,
        limit=policy.approval_above, approves=command.approves,
    )  # fmt: skip
    contestation.filed_on = local_date(at)
    contestation.letter_since = at
    await enter(session, case, contestation, ContestationStage.FILED, by=command.by, at=at)


async def _choose(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: ChooseRemedy,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    commands.check_choice(ContestationStage(contestation.stage), command.remedy)
    await take_remedy(
        session, case, contestation, command.remedy, by=command.by, policy=policy, at=at
    )


async def _escalate(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: Escalate,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    level = commands.check_escalation(
        ContestationStage(contestation.stage),
        level=Level(contestation.level), reason=command.reason,
    )  # fmt: skip
    await raise_level(
        session, case, contestation, level, by=command.by, policy=policy, at=at,
        reason=command.reason,
    )  # fmt: skip


async def _elapse(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    step: ContestationStep,
    papers: Papers | None,
    at: datetime,
) -> None:
    """The step is taken only if it is still what comes next: an answer may be there meanwhile."""
    policy = await load_policy(session, ContestationPolicy())
    due = rules.next_step(await load_facts(session, contestation), policy)
    if due is None or due.kind != step or due.at > at:
        return
    if step is ContestationStep.WRITE:
        await send(session, case, contestation, papers, at=at)
        return
    await take_step(session, case, contestation, step, policy=policy, at=at)


def _judge_silence(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """Once the legal term is over: a flag and a line of history; the stage stays what it is."""
    silent = (ContestationStage.NO_ANSWER, ContestationStage.ESCALATED)
    today, filed_on = local_date(at), contestation.filed_on
    if contestation.stage not in silent or filed_on is None or contestation.answered_on:
        return
    if contestation.deemed_accepted_on is None and rules.is_deemed_accepted(
        filed_on=filed_on, today=today, policy=policy
    ):
        contestation.deemed_accepted_on = today
        cases.record_event(session, case, kind="deemed_accepted", by="system", at=at)
        session.add(contestation)


#: What carries out each command: those that a policy decides about, and the others.
BY_POLICY: Mapping[type, Callable[..., Awaitable[None]]] = {
    FileContestation: file,
    RecordAnswer: record_answer,
    RecordInvoicePayment: record_payment,
    ChooseRemedy: _choose,
    Escalate: _escalate,
    RecordCorrectionRequest: record_correction_request,
}
BY_RULE: Mapping[type, Callable[..., Awaitable[None]]] = {
    RecordProtocol: record_protocol,
    RecordNewBarcode: record_barcode,
    AcceptRefusal: accept_refusal,
    WithdrawContestation: withdraw,
}
