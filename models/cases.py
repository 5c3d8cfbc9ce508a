"""Cases: one row for every journey, its history, and the commands it has answered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Index, UniqueConstraint, and_, bindparam, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, reference
from rules import cases as rules
from rules.cases import CaseNotFound, Step, SupersededEpoch


class Case(SQLModel, table=True):
    """Where a journey stands, since when, and what comes next and when if nobody acts."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("process", "subject_id"),
        Index("ix_cases_stage", "process", "stage", "stage_since"),
        Index("ix_cases_next_at", "next_at", postgresql_where=text("closed_at IS NULL")),
        # The managers' numbers read nothing but this index; SQLite wants closed_at in it for that.
        Index(
            "ix_cases_open",
            "process",
            "stage",
            "stage_since",
            "due_at",
            "next_at",
            "breached_at",
            "closed_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: int | None = identity()
    process: str = Field(max_length=30)
    subject_id: int = Field(description="the row of the process: customer, agreement, record, task")
    customer_id: int | None = reference("customers.id", nullable=True)
    stage: str = Field(max_length=30)
    stage_since: datetime = instant()
    owner: str | None = Field(default=None, max_length=60)
    team_id: int | None = reference("teams.id", nullable=True, index=False)
    next_kind: str | None = Field(default=None, max_length=40)
    next_at: datetime | None = instant(None)
    due_at: datetime | None = instant(None)
    breached_at: datetime | None = instant(None)
    version: int = 1
    epoch: int = 1
    opened_at: datetime = instant()
    closed_at: datetime | None = instant(None)

    @property
    def workflow_id(self) -> str:
        """The id of the workflow that waits for this case."""
        return rules.workflow_id(self.process, self.number)

    @property
    def number(self) -> int:
        """The case's identity once it is stored."""
        return cast(int, self.id)

    @property
    def next_step(self) -> Step | None:
        """What comes next if nobody acts."""
        if self.next_kind is None or self.next_at is None:
            return None
        return Step(self.next_kind, self.next_at)


class CaseEvent(SQLModel, table=True):
    """One line of a case's history; the page makes the sentence from `kind` and `parameters`."""

    __tablename__ = "case_events"
    __table_args__ = (
        Index("ix_case_events_case", "case_id", "id"),
        Index("ix_case_events_by", "by", "at"),
        Index("ix_case_events_kind", "kind", "at"),
    )

    id: int | None = identity()
    case_id: int = reference("cases.id", index=False)
    at: datetime = instant()
    by: str = Field(max_length=60)
    kind: str = Field(max_length=40)
    parameters: dict[str, Any] = facts()


class Command(SQLModel, table=True):
    """A command that was carried out, and its answer: repeated, it gets the same answer.

    `case_id` is None for what was asked of rows that no case waits for.
    """

    __tablename__ = "commands"

    id: str = Field(primary_key=True, max_length=120)
    case_id: int | None = reference("cases.id", nullable=True)
    at: datetime = instant()
    answer: dict[str, Any] = facts()


async def open_case(  # noqa: PLR0913 - the columns of a case
    session: AsyncSession,
    *,
    process: str,
    subject_id: int,
    customer_id: int | None,
    stage: str,
    by: str,
    at: datetime,
) -> Case:
    """This will insert a case in its first stage, with the event that opened it."""
    case = Case(
        process=process,
        subject_id=subject_id,
        customer_id=customer_id,
        stage=stage,
        stage_since=at,
        opened_at=at,
    )
    session.add(case)
    await session.flush()
    record_event(session, case, kind="opened", by=by, at=at, stage=stage)
    return case


def record_event(
    session: AsyncSession, case: Case, *, kind: str, by: str, at: datetime, **parameters: Any
) -> None:
    """This will add a line to the case's history; parameters are plain JSON values."""
    session.add(CaseEvent(case_id=case.number, at=at, by=by, kind=kind, parameters=parameters))


async def lock_case(session: AsyncSession, case_id: int) -> Case:
    """This will read a case for changing it. Raises CaseNotFound."""
    statement = select(Case).where(Case.id == case_id).with_for_update()
    case = (await session.exec(statement)).one_or_none()
    if case is None:
        raise CaseNotFound
    return case


async def lock_with_answer(
    session: AsyncSession, case_id: int, command_id: str
) -> tuple[Case, dict[str, Any] | None]:
    """This will read a case for changing it, and the answer that the command got before.

    The answer of an attempt that is just being committed is not seen; keeping it a second time
    then fails on its key, and the next attempt sees it. Raises CaseNotFound.
    """
    told = {"command": command_id, "case": case_id}
    return _found((await session.exec(_locked_with_answer(), params=told)).one_or_none())


async def find_with_answer(
    session: AsyncSession, *, process: str, subject_id: int, command_id: str
) -> tuple[Case, dict[str, Any] | None]:
    """The case of a subject, and the answer that the command got before. Raises CaseNotFound."""
    told = {"command": command_id, "process": process, "subject": subject_id}
    return _found((await session.exec(_found_with_answer(), params=told)).one_or_none())


# Made once: every command asks both, and to make them takes longer than to answer them.
@cache
def _locked_with_answer() -> Any:
    return _with_answer().where(col(Case.id) == bindparam("case")).with_for_update(of=Case)


@cache
def _found_with_answer() -> Any:
    return _with_answer().where(
        col(Case.process) == bindparam("process"), col(Case.subject_id) == bindparam("subject")
    )


def _with_answer() -> Any:
    return select(Case, Command).outerjoin(Command, col(Command.id) == bindparam("command"))


def _found(row: Any) -> tuple[Case, dict[str, Any] | None]:
    if row is None:
        raise CaseNotFound
    case, command = row
    return case, command.answer if command else None


def is_case_of(process: str, subject: Any) -> ColumnElement[bool]:
    """Whether a case is that of a subject in a process: of a row, or of a column joined to it."""
    return and_(col(Case.process) == process, col(Case.subject_id) == subject)


async def case_of(session: AsyncSession, *, process: str, subject_id: int) -> Case | None:
    """The case of a subject; None when it never had one."""
    statement = select(Case).where(Case.process == process, Case.subject_id == subject_id)
    return (await session.exec(statement)).one_or_none()


async def processes_of(session: AsyncSession, case_ids: Collection[int]) -> dict[int, str]:
    """Of which process each of these cases is."""
    statement = select(Case.id, Case.process).where(col(Case.id).in_(case_ids))
    return {case_id or 0: process for case_id, process in await session.exec(statement)}


async def first_to_act(session: AsyncSession, *, process: str, customer_id: int) -> Case | None:
    """The customer's case of a process in which something happens first; None: in none."""
    statement = (
        select(Case)
        .where(Case.process == process, Case.customer_id == customer_id)
        .where(col(Case.closed_at).is_(None), col(Case.next_at).is_not(None))
        .order_by(col(Case.next_at), col(Case.id))
        .limit(1)
    )
    return (await session.exec(statement)).first()


def check_epoch(case: Case, epoch: int) -> None:
    """This will refuse a write of an execution that repair has replaced."""
    if case.epoch != epoch:
        raise SupersededEpoch


def move_to(
    session: AsyncSession, case: Case, stage: str, *, by: str, at: datetime, is_final: bool = False
) -> None:
    """This will put the case into a stage and write it to the history; same stage: nothing."""
    if stage == case.stage and not is_final:
        return
    record_event(session, case, kind="stage", by=by, at=at, was=case.stage, now=stage)
    case.stage = stage
    case.stage_since = at
    if is_final:
        case.closed_at = at


def schedule(case: Case, step: Step | None) -> None:
    """This will set what comes next; None when the case only waits for people or news."""
    case.next_kind = step.kind if step else None
    case.next_at = step.at if step else None


def reopen(session: AsyncSession, case: Case, stage: str, *, by: str, at: datetime) -> None:
    """This will open a closed case again under a new epoch."""
    record_event(session, case, kind="reopened", by=by, at=at, stage=stage)
    case.stage, case.stage_since, case.closed_at = stage, at, None
    case.epoch += 1
    case.version += 1


def remember(
    session: AsyncSession, case: Case, *, command_id: str, answer: dict[str, Any], at: datetime
) -> None:
    """This will raise the case's version and keep the command's answer."""
    case.version += 1
    session.add(case)
    session.add(Command(id=command_id, case_id=case.number, at=at, answer=answer))


async def answer_to(session: AsyncSession, command_id: str) -> dict[str, Any] | None:
    """What a command was answered; None when it was never carried out."""
    known = await session.get(Command, command_id)
    return known.answer if known else None


def keep_answer(
    session: AsyncSession, *, command_id: str, answer: dict[str, Any], at: datetime
) -> None:
    """This will keep the answer of a command on rows that no case waits for."""
    session.add(Command(id=command_id, case_id=None, at=at, answer=answer))


async def has_event(session: AsyncSession, case: Case, *, kind: str) -> bool:
    """Whether the case's history has a line of this kind."""
    await session.flush()
    statement = select(CaseEvent.id).where(CaseEvent.case_id == case.id, CaseEvent.kind == kind)
    return (await session.exec(statement.limit(1))).first() is not None
