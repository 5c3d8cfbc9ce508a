"""Dated changes of a contract: suspensions, upgrades for a time, new plans, cancellations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference
from models.contracts import Contract, ContractEvent
from rules.business_days import local_time
from rules.cases import SYSTEM, ChangedBy, StaleVersion
from rules.contract_changes import ChangeKind, ChangeStage
from rules.refusals import Refusal, written_instant


class ChangeNotFound(Refusal):
    message = "Esta alteração de contrato não existe."


class ContractChange(SQLModel, table=True):
    """A change asked for: from when, until when, and what was before it."""

    __tablename__ = "contract_changes"

    id: int | None = identity()
    contract_id: int = reference("contracts.id")
    kind: str = Field(max_length=14)
    stage: str = Field(default=ChangeStage.SCHEDULED, max_length=10)
    starts_on: date
    until: date | None = Field(default=None, description="exclusive; None: until it is ended")
    plan_id: int | None = reference("plans.id", nullable=True, index=False)
    amount: Decimal | None = money(None)
    plan_before_id: int | None = reference("plans.id", nullable=True, index=False)
    amount_before: Decimal | None = money(None)
    next_prices: dict[str, Any] = facts()  #: a day within a plan for a time: the price from it on
    reason: str = Field(default="", max_length=300)
    to_customer_id: int | None = reference("customers.id", nullable=True, index=False)
    months: int | None = Field(default=None, description="of a period, from then on")
    address: dict[str, Any] = facts()  #: of the installation; rules/contract_changes.py, Address
    asked_by: str = Field(max_length=60)
    asked_at: datetime = instant()

    @property
    def number(self) -> int:
        """The change's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


async def change_of(session: AsyncSession, change_id: int) -> ContractChange:
    """This will read a change for changing it. Refuses an unknown one (ChangeNotFound)."""
    statement = select(ContractChange).where(ContractChange.id == change_id).with_for_update()
    change = (await session.exec(statement)).one_or_none()
    if change is None:
        raise ChangeNotFound
    return change


async def changes_of(
    session: AsyncSession,
    contract_id: int,
    *,
    stages: Collection[ChangeStage] = tuple(ChangeStage),
    kinds: Collection[ChangeKind] = tuple(ChangeKind),
) -> Sequence[ContractChange]:
    """The changes of a contract in these stages, newest first."""
    statement = (
        select(ContractChange)
        .where(
            ContractChange.contract_id == contract_id,
            col(ContractChange.stage).in_(stages),
            col(ContractChange.kind).in_(kinds),
        )
        .order_by(col(ContractChange.id).desc())
    )
    return (await session.exec(statement)).all()


async def check_version(session: AsyncSession, contract: Contract, seen: int | None) -> None:
    """Refuses an older version than the contract's, naming who changed it last; None: any goes."""
    if seen in (None, contract.version):
        return
    told = select(ContractEvent).where(
        ContractEvent.contract_id == contract.key, ContractEvent.by != SYSTEM
    )
    deed = (await session.exec(told.order_by(col(ContractEvent.id).desc()).limit(1))).first()
    if deed is None:
        raise StaleVersion
    raise ChangedBy(by=deed.by, when=written_instant(local_time(deed.at)))
