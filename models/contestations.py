"""Contestations, their items, protocols, credits, and the corrections of root causes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, money, reference
from models.findings import Finding
from rules.contestation import ContestationStage, Direction, Level
from rules.contestation_commands import ContestationNotFound
from rules.contestation_corrections import Cause
from rules.money import ZERO


class Contestation(SQLModel, table=True):
    """The dispute of findings of one carrier invoice; its number is its identity.

    `due_on` is the last day of the present wait and `reminded` counts what was done in it; `round`
    grows each time that a credit was missing and it went back to the carrier. `extra` is what is
    claimed above the accepted amount because it had been paid without being due; what corrects it
    and its interest are counted until `counted_on`.
    """

    __tablename__ = "contestations"
    __table_args__ = (
        Index("ix_contestations_stage", "stage", "id"),
        Index("ix_contestations_account", "account_id", "stage"),
    )

    id: int | None = identity()
    direction: str = Field(default=Direction.MADE, max_length=8)
    stage: str = Field(default=ContestationStage.DRAFT, max_length=24)
    stage_on: date
    customer_id: int = reference("customers.id")
    carrier_id: int | None = reference("carriers.id", nullable=True)
    account_id: int | None = reference("carrier_accounts.id", nullable=True, index=False)
    invoice_id: int | None = reference("carrier_invoices.id", nullable=True)
    own_invoice_id: int | None = reference("invoices.id", nullable=True)
    is_preview: bool = False
    closing_on: date | None = None
    level: int = Level.CARRIER
    round: int = 1
    due_on: date | None = None
    reminded: int = 0
    letters: int = 0
    letter_since: datetime | None = instant(None)
    claimed: Decimal = money()
    accepted: Decimal = money(ZERO)
    credited: Decimal = money(ZERO)
    avoided: Decimal = money(ZERO)
    extra: Decimal = money(ZERO)
    correction: Decimal = money(ZERO)
    interest: Decimal = money(ZERO)
    counted_on: date | None = None
    remedy: str = Field(default="", max_length=12)
    barcode: str = Field(default="", max_length=50)
    filed_on: date | None = None
    answered_on: date | None = None
    deemed_accepted_on: date | None = None
    description: str = Field(default="", max_length=500)
    reason: str = Field(default="", max_length=500)
    made_at: datetime = instant()
    made_by: str = Field(max_length=60)
    ended_at: datetime | None = instant(None)
    ended_by: str | None = Field(default=None, max_length=60)

    @property
    def asks_granted(self) -> bool:
        """Whether its letters ask for what was granted and did not come, and for no more."""
        return self.round > 1 and self.accepted > 0

    @property
    def number(self) -> int:
        """The contestation's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class ContestationItem(SQLModel, table=True):
    """A finding under dispute. `is_current` is false once a later contestation took it up again.

    What the carrier mended by issuing the invoice anew is `avoided`, and no longer `claimed`.

    `extra` is what is claimed above `accepted`; both, what corrects them and their interest must
    come.
    """

    __tablename__ = "contestation_items"
    __table_args__ = (UniqueConstraint("contestation_id", "finding_id"),)

    id: int | None = identity()
    contestation_id: int = reference("contestations.id", index=False)
    finding_id: int = reference("findings.id")
    is_current: bool = True
    claimed: Decimal = money()
    accepted: Decimal = money(ZERO)
    extra: Decimal = money(ZERO)
    correction: Decimal = money(ZERO)
    interest: Decimal = money(ZERO)
    credited: Decimal = money(ZERO)
    avoided: Decimal = money(ZERO)
    reason: str = Field(default="", max_length=500)

    @property
    def key(self) -> int:
        """The item's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id

    @property
    def due(self) -> Decimal:
        """All that must come for it, as of the day to which it was counted."""
        return self.accepted + self.extra + self.correction + self.interest

    @property
    def awaited(self) -> Decimal:
        """What is still to come for it."""
        return max(self.due - self.credited, ZERO)

    @property
    def bare(self) -> Decimal:
        """What is still to come for it, correction and interest left out."""
        return max(self.accepted + self.extra - self.credited, ZERO)


class ContestationProtocol(SQLModel, table=True):
    """One contact about a contestation: nothing of it may be missing."""

    __tablename__ = "contestation_protocols"

    id: int | None = identity()
    contestation_id: int = reference("contestations.id")
    contacted_at: datetime = instant()
    request: str = Field(max_length=500)
    account: str = Field(max_length=40)
    protocol: str = Field(max_length=60, index=True)
    attendant: str = Field(max_length=80)
    channel: str = Field(max_length=12)
    level: int = Level.CARRIER
    round: int = 1
    recorded_at: datetime = instant()
    recorded_by: str = Field(max_length=60)


class ContestationCredit(SQLModel, table=True):
    """So much of a charge that gives money back, taken for an item of a contestation."""

    __tablename__ = "contestation_credits"
    __table_args__ = (UniqueConstraint("item_id", "charge_id"),)

    id: int | None = identity()
    item_id: int = reference("contestation_items.id", index=False)
    charge_id: int = reference("carrier_invoice_items.id")
    amount: Decimal = money()
    found_at: datetime = instant()


class Correction(SQLModel, table=True):
    """The carrier's own record to be mended: one rule on one line and charge of an account.

    `status` is open, closed or returned; `repeats` counts the times it came back; `checked_id` is
    the invoice that said so last.
    """

    __tablename__ = "corrections"
    __table_args__ = (UniqueConstraint("account_id", "rule", "number", "code", "description"),)

    id: int | None = identity()
    contestation_id: int = reference("contestations.id")
    account_id: int = reference("carrier_accounts.id", index=False)
    rule: str = Field(max_length=40)
    number: str = Field(default="", max_length=25)
    code: str = Field(default="", max_length=60)
    description: str = Field(default="", max_length=160)
    status: str = Field(max_length=10)
    opened_at: datetime = instant()
    requested_at: datetime | None = instant(None)
    protocol: str = Field(default="", max_length=60)
    attendant: str = Field(default="", max_length=80)
    channel: str = Field(default="", max_length=12)
    due_on: date
    repeats: int = 0
    checked_id: int | None = reference("carrier_invoices.id", nullable=True, index=False)
    closed_at: datetime | None = instant(None)


class ContestationDesk(SQLModel, table=True):
    """Where a carrier takes contestations, by level."""

    __tablename__ = "contestation_desks"
    __table_args__ = (UniqueConstraint("carrier_id", "level"),)

    id: int | None = identity()
    carrier_id: int = reference("carriers.id", index=False)
    level: int
    email: str = Field(default="", max_length=120)
    phone: str = Field(default="", max_length=40)


def letter_key(contestation_id: int, ordinal: int) -> str:
    """What the message of a contestation's letter is known by."""
    return f"contestation/{contestation_id}/letter/{ordinal}"


async def read_contestation(session: AsyncSession, contestation_id: int) -> Contestation:
    """This will read a contestation. Refuses ContestationNotFound."""
    found = await session.get(Contestation, contestation_id)
    if found is None:
        raise ContestationNotFound
    return found


async def contestation_about(session: AsyncSession, finding_id: int) -> int | None:
    """The contestation in which a finding is now; None: it is in none."""
    statement = select(ContestationItem.contestation_id).where(
        ContestationItem.finding_id == finding_id, col(ContestationItem.is_current)
    )
    return (await session.exec(statement)).first()


async def contestation_of(session: AsyncSession, contestation_id: int) -> Contestation:
    """This will read a contestation for changing it. Refuses ContestationNotFound."""
    statement = select(Contestation).where(Contestation.id == contestation_id).with_for_update()
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise ContestationNotFound
    return found


async def items_of(
    session: AsyncSession, contestation_id: int
) -> Sequence[tuple[ContestationItem, Finding]]:
    """What a contestation disputes, with the findings, for changing them."""
    found = await every_item_of(session, contestation_id)
    return [(item, finding) for item, finding in found if item.claimed > 0]


async def every_item_of(
    session: AsyncSession, contestation_id: int
) -> Sequence[tuple[ContestationItem, Finding]]:
    """The same, and what the carrier mended meanwhile by issuing the invoice anew."""
    statement = (
        select(ContestationItem, Finding)
        .join(Finding, col(Finding.id) == col(ContestationItem.finding_id))
        .where(ContestationItem.contestation_id == contestation_id)
        .order_by(col(Finding.difference).desc(), col(ContestationItem.id))
    )
    return (await session.exec(statement)).all()


async def protocols_of(
    session: AsyncSession, contestation_id: int
) -> Sequence[ContestationProtocol]:
    """Every contact about a contestation, the newest first."""
    statement = select(ContestationProtocol).where(
        ContestationProtocol.contestation_id == contestation_id
    )
    order = (col(ContestationProtocol.contacted_at).desc(), col(ContestationProtocol.id).desc())
    return (await session.exec(statement.order_by(*order))).all()


async def corrections_of(session: AsyncSession, contestation_id: int) -> Sequence[Correction]:
    """The corrections that a contestation asked for."""
    statement = select(Correction).where(Correction.contestation_id == contestation_id)
    return (await session.exec(statement.order_by(col(Correction.id)))).all()


async def corrections_by_cause(session: AsyncSession, account_id: int) -> dict[Cause, Correction]:
    """Every correction that was asked for on an account, by what it mends."""
    statement = select(Correction).where(Correction.account_id == account_id)
    return {
        Cause(each.rule, each.number, each.code, each.description): each
        for each in await session.exec(statement)
    }


async def live_on_account(session: AsyncSession, account_id: int) -> Sequence[Contestation]:
    """The contestations of an account that are not at an end, for changing them."""
    statement = (
        select(Contestation)
        .where(Contestation.account_id == account_id, col(Contestation.ended_at).is_(None))
        .order_by(col(Contestation.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def email_of(session: AsyncSession, *, carrier_id: int, level: int) -> str:
    """Where a level is written to; a level without an address of its own is written at the first.

    Empty when the carrier has none; the regulator is never written to by the carrier's address.
    """
    statement = select(ContestationDesk.level, ContestationDesk.email).where(
        ContestationDesk.carrier_id == carrier_id, col(ContestationDesk.email) != ""
    )
    known = dict((await session.exec(statement)).all())
    if level == Level.REGULATOR:
        return known.get(level, "")
    return known.get(level) or known.get(Level.CARRIER, "")


async def open_amount(session: AsyncSession, invoice_id: int) -> Decimal:
    """What is under dispute of an invoice, all contestations together."""
    statement = select(func.sum(Contestation.claimed)).where(
        Contestation.invoice_id == invoice_id, col(Contestation.ended_at).is_(None)
    )
    return (await session.exec(statement)).one() or ZERO
