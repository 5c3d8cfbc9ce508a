"""Renewals: what became of a contract's term as it drew to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, money, reference
from models.cases import Case, is_case_of
from rules.cases import Process
from rules.refusals import Refusal
from rules.renewals import RenewalStage


class RenewalNotFound(Refusal):
    message = "Esta renovação não existe."


class ContractRenewal(SQLModel, table=True):
    """The end of one term, and the next as it is proposed; an operator may change the proposal."""

    __tablename__ = "contract_renewals"
    __table_args__ = (
        UniqueConstraint("contract_id", "term"),
        Index("ix_contract_renewals_stage", "stage", "ends_on", "id"),
    )

    id: int | None = identity()
    contract_id: int = reference("contracts.id", index=False)
    term: int
    ends_on: date = Field(description="of the term that ends; the next one begins on it")
    months: int = Field(description="of the next term")
    amount: Decimal = money()
    amount_before: Decimal | None = money(None)  #: of the term that ends, once it was renewed
    form: str | None = Field(
        default=None, max_length=10, description="RenewalForm; None: the contract's own choice"
    )
    stage: str = Field(default=RenewalStage.QUEUED, max_length=10)
    notices: int = Field(default=0, description="how many of the two notices were given")
    told_on: date | None = Field(default=None, description="of the last notice")
    notices_proven: int = Field(
        default=0, description="of the notices, those from the first on that were given otherwise"
    )
    told_how: str = Field(default="", max_length=300, description="by other means than messages")
    asked: bool = Field(default=False, description="an operator was asked to decide")

    @property
    def number(self) -> int:
        """The renewal's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


async def renewal_of(session: AsyncSession, renewal_id: int) -> ContractRenewal:
    """This will read a renewal for changing it. Refuses an unknown one (RenewalNotFound)."""
    statement = select(ContractRenewal).where(ContractRenewal.id == renewal_id).with_for_update()
    renewal = (await session.exec(statement)).one_or_none()
    if renewal is None:
        raise RenewalNotFound
    return renewal


async def terms_begun(session: AsyncSession, contract_id: int) -> Sequence[tuple[date, datetime]]:
    """The terms that extensions gave a contract: their first day, and when it was renewed."""
    statement: Any = (
        select(col(ContractRenewal.ends_on), col(Case.closed_at))
        .join(Case, is_case_of(Process.RENEWALS, ContractRenewal.id))
        .where(
            ContractRenewal.contract_id == contract_id,
            ContractRenewal.stage == RenewalStage.RENEWED,
            col(ContractRenewal.amount_before).is_not(None), col(Case.closed_at).is_not(None),
        )
        .order_by(col(ContractRenewal.ends_on))
    )  # fmt: skip
    return [(begins, renewed_at) for begins, renewed_at in await session.exec(statement)]
