"""What a contract's periods cost from a day on, where its own price is that of later days already.

A renewal made ahead has the next term's, a readjustment that was told holds from an invoice on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.readjusted_charges import term_of_price
from models.charges import charges_of
from models.contracts import Contract
from models.policies import load_policy
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from rules.charges import ChargeKind
from rules.plan_prices import PriceFrom
from rules.price_indices import holds_for
from rules.readjustments import ReadjustmentPolicy, ReadjustmentStage
from rules.renewals import RenewalStage


@dataclass(frozen=True)
class _Turn:
    """The first day of another price, and the price until then."""

    day: date
    before: Decimal


async def prices_from(
    session: AsyncSession, contract: Contract, *, since: date, successor: Contract | None = None
) -> Sequence[PriceFrom]:
    """What the contract's periods cost from a day on, the price of that day first.

    `successor` is the contract that waits to follow it, if its price is to be told too.
    """
    term = await _term_ahead(session, contract, since)
    kept = {contract.monthly_amount, term.before if term else None}
    told = await _readjusted_ahead(session, contract, since)
    readjusted = told[0] if told and told[1] in kept else None  # else another plan's price holds
    found = [term, readjusted, _succeeded(contract, successor)]
    turns = sorted(
        (each for each in found if each is not None and each.day > since), key=lambda turn: turn.day
    )
    amounts = [*(each.before for each in turns), (successor or contract).monthly_amount]
    days = [since, *(each.day for each in turns)]
    prices = dict(zip(days, amounts, strict=True))  # of two that begin together, the last holds
    return [PriceFrom(*each) for each in prices.items()]


async def _term_ahead(session: AsyncSession, contract: Contract, since: date) -> _Turn | None:
    """The next term, where the contract was renewed before this one is over."""
    statement = select(ContractRenewal).where(
        ContractRenewal.contract_id == contract.id, ContractRenewal.ends_on > since,
        ContractRenewal.stage == RenewalStage.RENEWED,
    )  # fmt: skip
    made = (await session.exec(statement)).first()
    if made is None or made.amount_before is None:
        return None
    return _Turn(made.ends_on, made.amount_before)


async def _readjusted_ahead(
    session: AsyncSession, contract: Contract, since: date
) -> tuple[_Turn, Decimal] | None:
    """A readjustment that was told and holds for later invoices alone, and its price."""
    statement = select(ContractReadjustment).where(
        ContractReadjustment.contract_id == contract.id,
        ContractReadjustment.stage == ReadjustmentStage.TOLD,
    )
    newest = statement.order_by(col(ContractReadjustment.id).desc()).limit(1)
    told = (await session.exec(newest)).first()
    policy = await load_policy(session, ReadjustmentPolicy())
    if (
        told is None
        or told.amount is None
        or holds_for(since, told_on=told.told_on, notice_days=policy.notice_days)
    ):
        return None
    term = await term_of_price(session, contract, told)
    begins = [
        each.period_start for each in await charges_of(session, contract.key)
        if each.kind == ChargeKind.MONTHLY and each.period_start is not None and term.has(each)
        and holds_for(each.issue_date, told_on=told.told_on, notice_days=policy.notice_days)
    ]  # fmt: skip
    return (_Turn(min(begins), told.amount_before), told.amount) if begins else None


def _succeeded(contract: Contract, successor: Contract | None) -> _Turn | None:
    if successor is None or successor.starts_on is None:
        return None
    return _Turn(successor.starts_on, contract.monthly_amount)
