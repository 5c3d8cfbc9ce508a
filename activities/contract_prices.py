"""Charges follow what becomes of a contract: other prices, days without service, an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import rule_of
from activities.contract_charges import make_single_charge
from models.charges import Charge, cancel_charge, charges_of, charges_of_all
from models.contracts import Contract
from rules import charge_words
from rules.business_days import local_date
from rules.charge_plan import period_at
from rules.charges import PENDING, ChargeKind, ChargeStatus
from rules.due_days import first_due_date
from rules.money import ZERO, prorate
from rules.proration import Period

#: Charges that are owed for a stretch of service.
FOR_SERVICE = (ChargeKind.MONTHLY, ChargeKind.SERVICE)
#: With what was owed more or less of such a stretch after it was billed.
WITH_DIFFERENCES = (*FOR_SERVICE, ChargeKind.PRO_RATA, ChargeKind.CREDIT)
KEPT = (*PENDING, ChargeStatus.INVOICED)
#: Stands in the key of a charge that was stopped, before the day.
STOPPED = "/until/"


@dataclass(frozen=True)
class Adjustment:
    """Why charges change: a key that names it once, the words for the customer, who and when."""

    key: str
    words: str
    by: str
    at: datetime

    @property
    def today(self) -> date:
        """The day on which they change."""
        return local_date(self.at)


#: What a charge should have cost, of which nothing else is known than its period and its price.
Price = Callable[[Charge, Period], Decimal]


async def reprice(
    session: AsyncSession,
    contract: Contract,
    why: Adjustment,
    *,
    since: date,
    price: Price,
    kinds: Sequence[ChargeKind] = FOR_SERVICE,
) -> None:
    """This will bring every charge for service after a day to what it should cost.

    One that no invoice holds is changed, and cancelled at zero; one that was billed stays, and the
    difference becomes a charge or a credit of its own, for the days from that day on.
    """
    for charge in await service_charges(session, contract, since=since, kinds=kinds):
        wanted = price(charge, full_period(contract, charge))
        if charge.status == ChargeStatus.INVOICED:
            used = used_of(charge)
            days = Period(max(used.start, since), used.until)
            await _difference(session, contract, charge, why, wanted - charge.amount, days=days)
        else:
            put_amount(session, charge, wanted, why)


async def service_charges(
    session: AsyncSession,
    contract: Contract,
    *,
    since: date,
    kinds: Sequence[ChargeKind] = FOR_SERVICE,
) -> Sequence[Charge]:
    """The charges for service whose period reaches beyond a day, for changing them.

    One that was stopped before, with a credit for its days from then on, serves none of them; it is
    given only with its credit, where differences are asked for too.
    """
    found = await charges_of(session, contract.key, statuses=KEPT)
    return [each for each in found if _serves(each, since=since, kinds=kinds)]


def _serves(charge: Charge, *, since: date, kinds: Sequence[ChargeKind] = FOR_SERVICE) -> bool:
    if charge.kind not in kinds or charge.period_end is None or charge.period_end <= since:
        return False
    return ChargeKind.CREDIT in kinds or not _is_stopped(charge, since)


def _is_stopped(charge: Charge, since: date) -> bool:
    stopped = _stopped_on(charge)
    return stopped is not None and stopped <= since


def _stopped_on(charge: Charge) -> date | None:
    """From which day on a charge is owed for nothing, whatever its period says; None: it is."""
    _, is_stopped, told = charge.key.partition(STOPPED)
    return date.fromisoformat(told[:10]) if is_stopped else None


def stopped_key(charge: Charge, day: date) -> str:
    """The key of a charge that is owed for nothing from a day on; its own may be taken again."""
    return f"{charge.key}{STOPPED}{day}/{charge.id}"[:80]


def full_period(contract: Contract, charge: Charge) -> Period:
    """The whole period of the contract that a charge lies in, however little of it was used."""
    assert contract.starts_on is not None  # noqa: S101 - charges for service have periods
    assert charge.period_start is not None  # noqa: S101
    return period_at(
        charge.period_start, starts_on=contract.starts_on, months=contract.periodicity_months
    )


def used_of(charge: Charge) -> Period:
    """The stretch that a charge is owed for."""
    assert charge.period_start is not None  # noqa: S101 - charges for service have periods
    assert charge.period_end is not None  # noqa: S101
    return Period(charge.period_start, charge.period_end)


def without(charge: Charge, lost: Period) -> Decimal:
    """What a charge costs once some of its days are not owed, in proportion to the others."""
    days, owed = _days_within(charge, lost), used_of(charge).days - charge.lost_days
    if not days or not owed:
        return charge.amount
    return charge.amount - prorate(charge.amount, used_days=min(days, owed), period_days=owed)


def _days_within(charge: Charge, lost: Period) -> int:
    used = used_of(charge)
    return max((min(used.until, lost.until) - max(used.start, lost.start)).days, 0)


async def forgive(
    session: AsyncSession, contract: Contract, why: Adjustment, *, lost: Period
) -> bool:
    """This will take days off every charge for service that they lie in; whether there was one.

    What was billed stays, and its part comes back as a credit. The days that a charge lost are
    kept with it, so that what is taken off later is of the days that were left.
    """
    found = [
        (each, days) for each in await service_charges(session, contract, since=lost.start)
        for days in _still_owed(each, lost)
    ]  # fmt: skip
    for charge, days in found:
        wanted = without(charge, days)
        if charge.status == ChargeStatus.INVOICED:
            await _difference(session, contract, charge, why, wanted - charge.amount, days=days)
        else:
            charge.lost_days += days.days
            put_amount(session, charge, wanted, why)
    return bool(found)


def _still_owed(charge: Charge, lost: Period) -> list[Period]:
    """The days of a stretch that a charge is owed for; of one that was stopped, only those before:
    the others came back already."""
    used, stopped = used_of(charge), _stopped_on(charge)
    until = min(used.until, lost.until, stopped or used.until)
    start = max(used.start, lost.start)
    return [Period(start, until)] if start < until else []


async def hold(session: AsyncSession, since: Mapping[int, date], *, reason: str) -> None:
    """This will keep the charges for service of contracts, each after a day of its own, from being
    billed, until released."""
    for charge in await charges_of_all(session, since, statuses=(ChargeStatus.OPEN,)):
        if _serves(charge, since=since[charge.contract_id]):
            charge.status, charge.reason = ChargeStatus.WAITING, reason
            session.add(charge)


async def release_held(
    session: AsyncSession, contract: Contract, *, reason: str, at: datetime
) -> None:
    """This will let held charges be billed again, on due dates that can still be met."""
    rule, today = await rule_of(session, contract), local_date(at)
    for charge in await charges_of(session, contract.key, statuses=(ChargeStatus.WAITING,)):
        if charge.reason != reason:
            continue
        charge.status, charge.reason = ChargeStatus.OPEN, ""
        if rule is not None and charge.issue_date < today:
            charge.due_date = first_due_date(today, rule=rule)
            charge.issue_date = rule.issue_date(charge.due_date)
        session.add(charge)


def put_amount(session: AsyncSession, charge: Charge, wanted: Decimal, why: Adjustment) -> None:
    """This will have a charge that no invoice holds cost what it should; it is cancelled at zero,
    and its discounts are never more than it."""
    if wanted == ZERO or (wanted < ZERO < charge.amount):
        cancel_charge(session, charge, reason=why.words)
        return
    charge.amount = wanted
    if wanted > ZERO:
        charge.discount = min(charge.discount, wanted)
        charge.pay_on_time_discount = min(charge.pay_on_time_discount, wanted - charge.discount)
    session.add(charge)


async def _difference(
    session: AsyncSession,
    contract: Contract,
    charge: Charge,
    why: Adjustment,
    amount: Decimal,
    *,
    days: Period,
) -> None:
    await make_single_charge(
        session, contract, key=f"{why.key}/{charge.id}", amount=amount, by=why.by, at=why.at,
        kind=ChargeKind.CREDIT if amount < ZERO else ChargeKind.PRO_RATA,
        description=charge_words.difference(why.words, charge.description),
        period_start=days.start, period_end=days.until,
        ledger_account_id=charge.ledger_account_id,
    )  # fmt: skip
