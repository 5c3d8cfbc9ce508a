"""Charges follow a contract that ends on another day, or is billed in another way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_billing import bill_at_once
from activities.contract_charges import make_term_charges, release_charges
from activities.contract_ends import end_charges
from activities.contract_prices import (
    FOR_SERVICE,
    STOPPED,
    Adjustment,
    full_period,
    stopped_key,
)
from activities.idle_days import begin_idle
from models.charges import Charge, charges_of
from models.contracts import Contract
from rules.business_days import local_date
from rules.charges import ChargeStatus
from rules.contracts import IDLE, BillingMethod, ContractStage
from rules.sentences import N_

ANOTHER_END = N_("Fim do contrato alterado")
ANOTHER_METHOD = N_("Método de faturamento alterado")


def is_charged(contract: Contract) -> bool:
    """Whether this house charges the term by now: not before the service is there, if it is waited
    for, and never for a courtesy."""
    waits = contract.stage == ContractStage.AWAITING_ACTIVATION and contract.wait_for_activation
    # An imported contract whose charges another system makes says neither.
    is_ours = contract.activated_at or contract.charged_from or contract.created_at
    return bool(is_ours) and not waits and contract.billing_method != BillingMethod.COURTESY


async def end_on(
    session: AsyncSession, contract: Contract, ends_on: date | None, *, by: str, at: datetime
) -> None:
    """This will give the contract another end of its term, None for none, and its charges with it.

    Sooner, nothing is charged for the days from it on; later, the days between are charged.
    """
    was, contract.ends_on, contract.term_months = contract.ends_on, ends_on, 0
    session.add(contract)
    if not is_charged(contract):
        return
    reach = was or max(map(_until, await _for_service(session, contract)), default=local_date(at))
    if ends_on is not None and ends_on < reach:
        await _stop(session, contract, of_version(contract, ANOTHER_END, by=by, at=at), on=ends_on)
    elif ends_on != reach:
        await _resume(session, contract, since=reach, by=by, at=at)


async def bill_by(
    session: AsyncSession, contract: Contract, method: BillingMethod, *, by: str, at: datetime
) -> None:
    """This will have the contract billed by another method from today on.

    A courtesy is charged for nothing from today on; what was used until then is invoiced now. One
    that was a courtesy is charged from today on.
    """
    today, was = local_date(at), contract.billing_method
    charged = is_charged(contract)
    contract.billing_method = method
    session.add(contract)
    if method is BillingMethod.COURTESY and charged:
        contract.billing_method = BillingMethod.PER_CHARGE
        await _stop(session, contract, of_version(contract, ANOTHER_METHOD, by=by, at=at), on=today)
        await release_charges(session, contract, by=by, at=at)
        await _bill(session, contract, by=by, at=at)
        contract.billing_method = method
    elif was == BillingMethod.COURTESY and is_charged(contract):
        await _resume(session, contract, since=today, by=by, at=at)
    elif charged:
        await _bill(session, contract, by=by, at=at)


async def charge_anew(
    session: AsyncSession,
    contract: Contract,
    change: Callable[[], Awaitable[None]],
    *,
    on: date,
    why: Adjustment,
) -> None:
    """This will have nothing charged from a day on, carry out a change of the contract's periods or
    price, and charge the days from it on by the new ones; without service they wait until it is
    back, as those before them do."""
    charged = is_charged(contract)
    if charged:
        await _stop(session, contract, why, on=on)
    await change()
    free_keys(session, await _for_service(session, contract), on)  # periods are numbered anew
    await session.flush()
    if charged:
        await _resume(session, contract, since=on, by=why.by, at=why.at)
    if contract.stage in IDLE:
        await begin_idle(session, [(contract, on)])


async def review(session: AsyncSession, contract: Contract, *, by: str, at: datetime) -> None:
    """This will have charges wait for review, or no more, as the contract says now."""
    if not contract.review_charges:
        await release_charges(session, contract, by=by, at=at)
        return
    for charge in await charges_of(session, contract.key, statuses=(ChargeStatus.OPEN,)):
        charge.status = ChargeStatus.WAITING
        session.add(charge)


async def _bill(session: AsyncSession, contract: Contract, *, by: str, at: datetime) -> None:
    await session.flush()
    await bill_at_once(session, contract, by=by, at=at)


def of_version(contract: Contract, words: str, *, by: str, at: datetime) -> Adjustment:
    """Why charges change with a contract's terms, once for each version of them."""
    return Adjustment(f"contract/{contract.key}/v{contract.version}", words, by, at)


async def _stop(session: AsyncSession, contract: Contract, why: Adjustment, *, on: date) -> None:
    before = [each for each in await _for_service(session, contract) if _until(each) > on]
    await end_charges(session, contract, why, on=on)
    free_keys(session, before, on)
    await session.flush()


async def _resume(
    session: AsyncSession, contract: Contract, *, since: date, by: str, at: datetime
) -> None:
    """The period that the day lies in is charged from that day on, whatever it was before."""
    cut = [
        each for each in await _for_service(session, contract)
        if _until(each) == since and full_period(contract, each).until > since
    ]  # fmt: skip
    free_keys(session, cut, since)
    await session.flush()
    await make_term_charges(
        session, contract, used_from=_begin(contract, since), services_from=since, by=by, at=at
    )


def _begin(contract: Contract, since: date) -> date:
    return max(since, contract.starts_on or since)


def free_keys(session: AsyncSession, charges: Iterable[Charge], day: date) -> None:
    """This will let periods be charged again from a day on: their charges give their keys."""
    for charge in charges:
        charge.key = stopped_key(charge, day)
        session.add(charge)


async def _for_service(session: AsyncSession, contract: Contract) -> list[Charge]:
    found = await charges_of(session, contract.key, statuses=tuple(ChargeStatus))
    return [
        each
        for each in found
        if each.kind in FOR_SERVICE and each.period_end is not None and STOPPED not in each.key
    ]


def _until(charge: Charge) -> date:
    assert charge.period_end is not None  # noqa: S101 - only charges with a period are asked
    return charge.period_end
