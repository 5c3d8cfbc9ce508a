"""One transition of a case: one activity, one transaction, safe to repeat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic_core import to_jsonable_python
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from models import cases, cases_seen
from models.cases import Case
from models.database import Database
from models.people import audit
from models.webhooks import announce_case
from rules.cases import SUBJECTS, SYSTEM, CasePlan, CaseRef
from rules.refusals import Refusal

CommandT = TypeVar("CommandT")
Answer = dict[str, Any]


@dataclass(frozen=True)
class Move(Generic[CommandT]):
    """A command on its way to a case; `command_id` makes a repetition harmless."""

    case: CaseRef
    command_id: str
    command: CommandT


@dataclass(frozen=True)
class Moved:
    """What became of a command: its answer, and the case's new plan."""

    plan: CasePlan
    answer: Answer


#: What a process does with a command inside the transaction: it returns the answer.
Decide = Callable[[AsyncSession, Case, Any, datetime], Awaitable[Answer]]


async def transition(database: Database, move: Move[Any], decide: Decide) -> Moved:
    """This will carry out a command on a case, once, however often it is called.

    A repeated command gets its stored answer, also when the case is closed by now. A refusal
    rolls everything back and reaches the caller as a failure that is not retried.
    """
    with refusals_reported():
        async with database.write() as session:
            case, answer = await cases.lock_with_answer(session, move.case.case_id, move.command_id)
            if answer is None:
                answer = await _carry_out(session, case, move, decide)
            return Moved(plan_of(case), answer)


async def _carry_out(session: AsyncSession, case: Case, move: Move[Any], decide: Decide) -> Answer:
    at = now()
    cases.check_epoch(case, move.case.epoch)
    if case.closed_at is not None and move.command.by != SYSTEM:
        raise await cases_seen.who_was_first(session, case)
    before = case.stage
    answer = await decide(session, case, move.command, at)
    if case.stage != before:
        await announce_case(session, case, at=at)
    if move.command.by != SYSTEM:
        _audit(session, case, move.command, answer, at)
    cases.remember(session, case, command_id=move.command_id, answer=answer, at=at)
    return answer


def _audit(session: AsyncSession, case: Case, command: Any, answer: Answer, at: datetime) -> None:
    """Every person's command, of every process, is in the trail with all it said and did.

    Its commands carry `kind` and `by`, and the `ip` they came from where a page or program knew it.
    """
    told = {**to_jsonable_python(command), "answer": answer}
    by, ip, kind = told.pop("by"), told.pop("ip", ""), told.pop("kind")
    audit(
        session, by=by, ip=ip, action=f"{case.process}.{kind}", at=at,
        subject=f"{SUBJECTS.get(case.process, case.process)}/{case.subject_id}",
        details={name: value for name, value in told.items() if value not in (None, "", [], {})},
    )  # fmt: skip


def plan_of(case: Case) -> CasePlan:
    """What the case's workflow must know of it."""
    return CasePlan(
        case.stage, case.version, case.next_kind, case.next_at, case.closed_at is not None
    )


def now() -> datetime:
    """The instant of the activity; it follows the virtual clock of tests."""
    return activity.info().started_time


class refusals_reported:  # noqa: N801 - reads as a statement: with refusals_reported()
    """Turns a Refusal into a failure that carries its code, sentence and field to the caller."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, refusal: BaseException | None, _trace: object) -> None:
        if isinstance(refusal, Refusal):
            raise ApplicationError(
                str(refusal),
                {"message": refusal.message, "params": refusal.params, "field": refusal.field},
                type=refusal.code,
                non_retryable=True,
            ) from refusal


class CaseActivities:
    """What every journey asks, whatever its process."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def load_case(self, ref: CaseRef) -> CasePlan:
        """This will read where the case stands; an epoch that was replaced is refused."""
        with refusals_reported():
            async with self.database.read() as session:
                case = await cases.lock_case(session, ref.case_id)
                cases.check_epoch(case, ref.epoch)
                return plan_of(case)
