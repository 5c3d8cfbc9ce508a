"""Contracts, thin for now, and the dunning ladder that each follows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import identity, money, reference


class Ladder(SQLModel, table=True):
    """A dunning ladder: the dated steps that follow a due date. One of them is the default."""

    __tablename__ = "ladders"

    id: int | None = identity()
    code: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=120)
    is_default: bool = False


class LadderStep(SQLModel, table=True):
    """What a ladder does so many calendar days after the due date."""

    __tablename__ = "ladder_steps"
    __table_args__ = (UniqueConstraint("ladder_id", "action"),)

    id: int | None = identity()
    ladder_id: int = reference("ladders.id")
    action: str = Field(max_length=40, description="forward_to_collections, …")
    offset_days: int = Field(ge=0)


class Contract(SQLModel, table=True):
    """What the customer signed, as far as collections must know it."""

    __tablename__ = "contracts"

    id: int | None = identity()
    code: str = Field(unique=True, max_length=40)
    customer_id: int = reference("customers.id")
    description: str = Field(default="", max_length=160)
    ladder_id: int | None = reference("ladders.id", nullable=True)
    telecom_service: bool = Field(
        default=True, description="telecom services reach the bureau only after termination"
    )
    monthly_amount: Decimal = money(Decimal(0))
    pay_on_time_discount: Decimal = money(Decimal(0))
    signed_on: date | None = None
    terminated_on: date | None = None
