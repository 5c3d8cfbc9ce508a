"""The dunning ladders that contracts follow, and their steps; models/ladders has what they did."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.base import identity, instant, reference


class Ladder(SQLModel, table=True):
    """A dunning ladder: the dated steps that follow a due date. One of them is the default.

    `override_reason` is why it holds in spite of the law; a new `version` at every change, and
    `planned_version` the one by which the open invoices were last given their next day.
    """

    __tablename__ = "ladders"

    id: int | None = identity()
    code: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=120)
    is_default: bool = False
    for_telecom: bool = Field(default=True, description="guarded by the regulator's minima")
    override_reason: str = Field(default="", max_length=300)
    version: int = 1
    planned_version: int = 0
    saved_at: datetime | None = instant(None)
    saved_by: str = Field(default="", max_length=60)

    @property
    def key(self) -> int:
        """The ladder's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class LadderStep(SQLModel, table=True):
    """What a ladder does so many calendar days after the due date, or after another step.

    A step that was taken out is kept, not active: what it did still names it.
    """

    __tablename__ = "ladder_steps"

    id: int | None = identity()
    ladder_id: int = reference("ladders.id")
    action: str = Field(max_length=40, description="rules/ladder_steps.py, Action")
    offset_days: int = Field(description="negative only before the due date")
    after_id: int | None = reference("ladder_steps.id", nullable=True, index=False)
    name: str = Field(default="", max_length=80)
    purpose: str = Field(default="", max_length=40, description="of the messages it writes")
    channels: str = Field(default="", max_length=40, description="separated by commas")
    position: int = 0
    is_active: bool = True
    since: date | None = Field(
        default=None, description="a message speaks only of days from then on; None: of all"
    )
