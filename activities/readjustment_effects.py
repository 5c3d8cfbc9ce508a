"""What a readjustment does to the price: by which index, told to whom, charged from when."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.readjustment_notices import follow, tell
from models.cases import Case
from models.contracts import Contract
from models.index_months import continued_series_of
from models.plans import PriceIndex
from models.readjustments import ContractReadjustment, frozen_years
from rules.price_indices import (
    Method,
    NegativePolicy,
    Readjustment,
    ReadjustmentTerms,
    Series,
)
from rules.readjustments import (
    ReadjustmentStage,
    months_used,
    readjusted_on,
)


async def index_of(
    session: AsyncSession, contract: Contract, readjustment: ContractReadjustment
) -> tuple[ReadjustmentTerms, Series]:
    """This will give the index by the contract's method; by rates where numbers are not loaded."""
    index = await session.get_one(PriceIndex, readjustment.price_index_id)
    method = Method(contract.readjustment_method)
    series = await continued_series_of(session, index, method)
    if method is Method.NUMBER_INDICES and not series:
        method = Method.MONTHLY_RATES
        series = await continued_series_of(session, index, method)
    frozen = await frozen_years(session, contract.key, before=readjustment.month)
    terms = ReadjustmentTerms(
        index.code, method, percent_decimals=contract.readjustment_decimals,
        months=months_used(frozen, resets_base=contract.kept_price_resets_base),
        lag=contract.readjustment_lag_months,
        negative=NegativePolicy(contract.negative_readjustment),
    )  # fmt: skip
    return terms, series


async def apply(  # noqa: PLR0913 - what is applied to what, by whom and when
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    found: Readjustment,
    *,
    by: str,
    at: datetime,
) -> None:
    """This will tell the customer, and give the new price to charges issued late enough after."""
    readjustment.outcome, readjustment.amount = found.outcome, found.price
    readjustment.decided_at = at
    contract.readjusted_on = readjusted_on(
        readjustment.month,
        since=contract.readjusted_on or contract.signed_on or readjustment.month,
        data_base_month=contract.data_base_month,
    )  # fmt: skip
    if found.price == contract.monthly_amount:
        readjustment.stage = ReadjustmentStage.KEPT
        session.add(contract)
        return
    readjustment.amount_before = contract.monthly_amount
    session.add(contract)
    key = f"readjustment/{readjustment.number}"
    await tell(session, case, contract, readjustment, key=key, at=at)
    await follow(session, case, contract, readjustment, by=by, at=at)
