"""Ladders as they are kept: steps, versions, what each step did, pauses and exceptions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, delete, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, reference
from models.contracts import Contract
from models.invoice_contracts import owed_by
from models.invoices import Invoice
from models.ladder_tables import Ladder, LadderStep
from rules.ladder_edit import LadderNotFound
from rules.ladder_steps import Rung


class LadderVersion(SQLModel, table=True):
    """A ladder as it was saved: its steps, who saved it, and why in spite of the law if so."""

    __tablename__ = "ladder_versions"
    __table_args__ = (UniqueConstraint("ladder_id", "version"),)

    id: int | None = identity()
    ladder_id: int = reference("ladders.id", index=False)
    version: int
    name: str = Field(max_length=120)
    steps: dict[str, Any] = facts()
    override_reason: str = Field(default="", max_length=300)
    saved_at: datetime = instant()
    saved_by: str = Field(max_length=60)


class LadderExecution(SQLModel, table=True):
    """What became of a step on an invoice, written once: the facts of that day and the reason.

    `contact` is the letter that it went into (Message.contact). `proven_on` is when a legal notice
    reached the customer by other means than ours, `proof` how.
    """

    __tablename__ = "ladder_executions"
    __table_args__ = (
        UniqueConstraint("invoice_id", "step_id"),
        Index("ix_ladder_executions_contact", "contact"),
        Index("ix_ladder_executions_action", "action", "contract_id"),
        Index("ix_ladder_executions_run", "run_id", "action", "id"),
    )

    id: int | None = identity()
    invoice_id: int = reference("invoices.id", index=False)
    step_id: int = reference("ladder_steps.id", index=False)
    ladder_id: int = reference("ladders.id", index=False)
    version: int
    run_id: int | None = reference("bulk_runs.id", nullable=True, index=False)
    customer_id: int = reference("customers.id")
    contract_id: int | None = reference("contracts.id", nullable=True, index=False)
    action: str = Field(max_length=40)
    outcome: str = Field(max_length=16)
    fell_on: date
    executed_on: date
    at: datetime = instant()
    contact: str = Field(default="", max_length=160)
    is_legal_notice: bool = False
    proven_on: date | None = None
    proof: str = Field(default="", max_length=300)
    facts: dict[str, Any] = facts()


class LadderReach(SQLModel, table=True):
    """A contract that a step reached beside the invoice's own: it owes some of the invoice.

    Written once with the step's execution; `action` is what was done to this contract.
    """

    __tablename__ = "ladder_reaches"
    __table_args__ = (
        UniqueConstraint("invoice_id", "step_id", "contract_id"),
        Index("ix_ladder_reaches_action", "action", "contract_id"),
    )

    id: int | None = identity()
    invoice_id: int = reference("invoices.id", index=False)
    step_id: int = reference("ladder_steps.id", index=False)
    contract_id: int = reference("contracts.id")
    action: str = Field(max_length=40)


class LadderPause(SQLModel, table=True):
    """Days on which an invoice's ladder stands still: promised or contested.

    Agreements are not kept here: the invoice's own history tells them, and exceptions are of a
    contract. `reference` names what paused it, and makes pausing twice harmless.
    """

    __tablename__ = "ladder_pauses"
    __table_args__ = (UniqueConstraint("invoice_id", "reason", "reference"),)

    id: int | None = identity()
    invoice_id: int = reference("invoices.id", index=False)
    reason: str = Field(max_length=16)
    reference: str = Field(max_length=60)
    since: date
    until: date | None = Field(default=None, description="exclusive; None: still paused")
    at: datetime = instant()
    by: str = Field(max_length=60)
    note: str = Field(default="", max_length=300, description="why, where a person said so")


class LadderApproval(SQLModel, table=True):
    """That the steps of a day may run on an invoice, where the house wants a word before."""

    __tablename__ = "ladder_approvals"
    __table_args__ = (UniqueConstraint("day", "invoice_id"),)

    id: int | None = identity()
    invoice_id: int = reference("invoices.id")
    day: date
    at: datetime = instant()
    by: str = Field(max_length=60)


class LadderException(SQLModel, table=True):
    """A contract that no step touches until a day: an exception, or a release in confidence."""

    __tablename__ = "ladder_exceptions"
    __table_args__ = (Index("ix_ladder_exceptions_contract", "contract_id", "until"),)

    id: int | None = identity()
    contract_id: int = reference("contracts.id", index=False)
    kind: str = Field(max_length=12, description="release or exception")
    since: date
    until: date = Field(description="exclusive")
    reason: str = Field(max_length=300)
    at: datetime = instant()
    by: str = Field(max_length=60)
    ended_at: datetime | None = instant(None)
    ended_by: str | None = Field(default=None, max_length=60)


async def ladder_of(session: AsyncSession, ladder_id: int) -> Ladder:
    """This will read a ladder for changing it. Refuses an unknown one (LadderNotFound)."""
    statement = select(Ladder).where(Ladder.id == ladder_id).with_for_update()
    ladder = (await session.exec(statement)).one_or_none()
    if ladder is None:
        raise LadderNotFound
    return ladder


async def steps_of(session: AsyncSession, ladder_id: int) -> Sequence[LadderStep]:
    """The steps in use, in their order."""
    statement = (
        select(LadderStep)
        .where(LadderStep.ladder_id == ladder_id, col(LadderStep.is_active))
        .order_by(col(LadderStep.position), col(LadderStep.id))
    )
    return (await session.exec(statement)).all()


async def versions_of(session: AsyncSession, ladder_id: int) -> Sequence[LadderVersion]:
    """Every version that was saved, the newest first."""
    statement = select(LadderVersion).where(LadderVersion.ladder_id == ladder_id)
    return (await session.exec(statement.order_by(col(LadderVersion.version).desc()))).all()


def rung_of(step: LadderStep) -> Rung:
    """A step as the rules see it."""
    return Rung(
        id=step.id or 0, action=step.action, offset_days=step.offset_days, after=step.after_id,
        name=step.name, purpose=step.purpose, channels=channels_of(step.channels),
        position=step.position, since=step.since,
    )  # fmt: skip


def channels_of(stored: str) -> tuple[str, ...]:
    """The channels of a step, as the rules see them."""
    return tuple(each for each in stored.split(",") if each)


def as_json(rung: Rung) -> dict[str, Any]:
    """A step as versions and runs keep it."""
    return {
        **vars(rung),
        "channels": list(rung.channels),
        "since": rung.since.isoformat() if rung.since else None,
    }


def from_json(kept: Mapping[str, Any]) -> Rung:
    """A step as it was kept."""
    since = kept.get("since")
    return Rung(
        **{
            **kept,
            "channels": tuple(kept["channels"]),
            "since": date.fromisoformat(since) if since else None,
        }
    )


async def lock_debts(session: AsyncSession, *, contract_id: int) -> None:
    """This will keep others from changing the open invoices of a contract; before its own row, as
    whoever pays them does (docs/architecture.md, "A transition")."""
    statement = (
        select(Invoice.id)
        .where(owed_by([contract_id]), col(Invoice.status) == "open")
        .order_by(col(Invoice.id))
    )
    await session.exec(statement.with_for_update())


async def look_again(session: AsyncSession, *, contract_id: int) -> None:
    """This will have the next run look at every open invoice of a contract, whatever its day."""
    await session.exec(
        update(Invoice)
        .where(owed_by([contract_id]), col(Invoice.status) == "open")
        .values(ladder_next_on=None)
        .execution_options(synchronize_session=False)
    )


async def hand_on_reaches(
    session: AsyncSession, *, old: int, new: int, invoice_ids: Collection[int]
) -> None:
    """This will have what steps on these invoices did to a contract be done to the one after it,
    once where they reached both."""
    of_new = aliased(LadderReach)
    of_old = (
        col(LadderReach.contract_id) == old, col(LadderReach.invoice_id).in_(invoice_ids)
    )  # fmt: skip
    reached_both = (
        select(of_new.id)
        .where(
            of_new.contract_id == new, of_new.invoice_id == LadderReach.invoice_id,
            of_new.step_id == LadderReach.step_id,
        )
        .exists()
    )  # fmt: skip
    changes: tuple[Any, ...] = (
        delete(LadderReach).where(*of_old, reached_both),
        update(LadderReach).where(*of_old).values(contract_id=new),
    )
    for statement in changes:
        await session.exec(statement.execution_options(synchronize_session=False))


async def codes(session: AsyncSession) -> frozenset[str]:
    """The codes that are taken."""
    return frozenset(await session.exec(select(Ladder.code)))


async def open_invoices_by_ladder(session: AsyncSession) -> dict[int | None, int]:
    """How many open invoices follow each ladder; None: those that follow the default."""
    statement = (
        select(Contract.ladder_id, func.count())
        .select_from(Invoice)
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        .where(Invoice.status == "open")
        .group_by(col(Contract.ladder_id))
    )
    return dict((await session.exec(statement)).all())


async def every_ladder(session: AsyncSession) -> list[Ladder]:
    """All ladders, the default one first, then by name."""
    statement = select(Ladder).order_by(col(Ladder.is_default).desc(), col(Ladder.name))
    return list(await session.exec(statement))
