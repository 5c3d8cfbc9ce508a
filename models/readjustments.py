"""Readjustments: the yearly change of a contract's price, and since when it was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile

from sqlalchemy import Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, money, reference
from models.cases import Case, is_case_of
from rules.cases import Process
from rules.readjustments import ReadjustmentStage
from rules.refusals import Refusal

#: The price was to stay, or to change.
DECIDED = (
    ReadjustmentStage.KEPT, ReadjustmentStage.TOLD, ReadjustmentStage.UNTOLD,
    ReadjustmentStage.IN_FORCE,
)  # fmt: skip


class ReadjustmentNotFound(Refusal):
    message = "Este reajuste não existe."


class ContractReadjustment(SQLModel, table=True):
    """A yearly readjustment: by which index, from which price to which, and since when told."""

    __tablename__ = "contract_readjustments"
    __table_args__ = (UniqueConstraint("contract_id", "month"),)

    id: int | None = identity()
    contract_id: int = reference("contracts.id", index=False)
    month: date = Field(description="its first day; the index looks at the months before it")
    price_index_id: int = reference("price_indices.id")
    stage: str = Field(default=ReadjustmentStage.WAITING, max_length=10)
    outcome: str = Field(default="", max_length=10)
    percent: Decimal | None = Field(default=None, sa_type=Numeric(12, 6))
    amount_before: Decimal = money()
    amount: Decimal | None = money(None)
    told_on: date | None = None
    told_how: str = Field(default="", max_length=300, description="by other means than messages")
    repriced: int = Field(default=0, description="charges that got the new price")
    asked: bool = False
    decided_at: datetime | None = instant(None)

    @property
    def number(self) -> int:
        """The readjustment's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


async def readjustment_of(session: AsyncSession, readjustment_id: int) -> ContractReadjustment:
    """This will read one for changing it. Refuses an unknown one (ReadjustmentNotFound)."""
    table = ContractReadjustment
    statement = select(table).where(table.id == readjustment_id).with_for_update()
    readjustment = (await session.exec(statement)).one_or_none()
    if readjustment is None:
        raise ReadjustmentNotFound
    return readjustment


async def readjustments_awaiting(session: AsyncSession, index_id: int) -> Sequence[Case]:
    """The cases of those that wait for a month of an index."""
    statement = (
        select(Case)
        .join(ContractReadjustment, is_case_of(Process.READJUSTMENTS, ContractReadjustment.id))
        .where(
            ContractReadjustment.price_index_id == index_id,
            ContractReadjustment.stage == ReadjustmentStage.WAITING,
        )
    )
    return (await session.exec(statement)).all()


async def frozen_years(session: AsyncSession, contract_id: int, *, before: date) -> int:
    """How many readjustments before a month left the price as it was, since it last changed."""
    table = ContractReadjustment
    decided = select(table.stage).where(
        table.contract_id == contract_id, table.month < before,
        col(table.stage).in_(DECIDED),
    )  # fmt: skip
    stages = (await session.exec(decided.order_by(col(table.month).desc()))).all()
    return sum(1 for _ in takewhile(ReadjustmentStage.KEPT.__eq__, stages))
