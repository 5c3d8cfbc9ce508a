"""What a readjustment does to the price: by which index, told to whom, charged from when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_prices import full_period, service_charges, used_of
from activities.contract_webhooks import announce_contract
from activities.contract_welcome import contract_values
from activities.messages import write_to_customer
from models.calendars import load_calendar
from models.cases import Case
from models.contracts import Contract, record_contract_event
from models.customers import Customer
from models.index_months import continued_series_of
from models.plans import PriceIndex
from models.policies import load_channel_hours, load_contact_hours, load_policy
from models.readjustments import ContractReadjustment, frozen_years
from rules import price_indices as prices
from rules.business_days import local_date
from rules.charges import PENDING, ChargeKind
from rules.contact_window import TIME_ZONES, next_opening
from rules.messages import Channel
from rules.money import ZERO, round_half_up
from rules.price_indices import (
    Method,
    NegativePolicy,
    Readjustment,
    ReadjustmentTerms,
    Series,
)
from rules.proration import charge_for_use
from rules.readjustments import (
    ReadjustmentPolicy,
    ReadjustmentStage,
    months_used,
    readjusted_on,
)
from rules.refusals import written_amount
from rules.webhooks import BusinessEventKind as K


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
    readjustment.stage = ReadjustmentStage.TOLD
    readjustment.told_on = await _leaves_on(session, contract, at)
    await _tell(session, case, contract, readjustment, found.price, at)
    readjustment.repriced = await _reprice(session, contract, readjustment, found.price)
    contract.monthly_amount = found.price
    record_contract_event(
        session, contract, kind="readjusted", by=by, at=at, amount=str(found.price),
        percent=str(readjustment.percent), charges=readjustment.repriced,
    )  # fmt: skip
    session.add(contract)
    await announce_contract(
        session, contract, K.CONTRACT_READJUSTED, at=at, percent=str(readjustment.percent)
    )


async def _leaves_on(session: AsyncSession, contract: Contract, at: datetime) -> date:
    """The day on which the customer may be written to: a letter of Friday night waits for Monday,
    and only from then on do the days before the new price count."""
    customer = await session.get_one(Customer, contract.customer_id)
    uf = customer.uf if customer.uf in TIME_ZONES else None
    closures = (await load_calendar(session, uf=uf or "")).closures
    opening = next_opening(
        at, uf=uf, closures=closures, overrides=await load_contact_hours(session),
        within=await load_channel_hours(session, Channel.EMAIL),
    )  # fmt: skip
    return local_date(opening)


async def _reprice(
    session: AsyncSession, contract: Contract, readjustment: ContractReadjustment, price: Decimal
) -> int:
    """Only what is issued so many days after the customer was told; nothing is retroactive."""
    policy = await load_policy(session, ReadjustmentPolicy())
    told_on, repriced = readjustment.told_on, 0
    for charge in await service_charges(session, contract, since=readjustment.month):
        holds = prices.holds_for(charge.issue_date, told_on=told_on, notice_days=policy.notice_days)
        if charge.kind == ChargeKind.MONTHLY and charge.status in PENDING and holds:
            full = full_period(contract, charge)
            charge.amount = charge_for_use(price, period=full, used=[used_of(charge)])
            session.add(charge)
            repriced += 1
    return repriced


async def _tell(
    session: AsyncSession,
    case: Case,
    contract: Contract,
    readjustment: ContractReadjustment,
    price: Decimal,
    at: datetime,
) -> None:
    policy = await load_policy(session, ReadjustmentPolicy())
    customer = await session.get_one(Customer, contract.customer_id)
    told_on = readjustment.told_on or local_date(at)
    await write_to_customer(
        session, case=case, customer=customer, purpose="contract_readjustment", at=at,
        key=f"readjustment/{readjustment.number}",
        values=contract_values(
            contract, next_amount=price, percent=_written(readjustment.percent),
            holds_from=told_on + timedelta(days=policy.notice_days),
        ),
    )  # fmt: skip


def _written(percent: Decimal | None) -> str:
    return written_amount(round_half_up(percent or ZERO))
