"""What a readjusted price does to charges: those of its term that no invoice holds, issued so many
days after the customer was told.

A contract that was renewed ahead has its next price already. A readjustment before that changes the
term that ends; one after it changes the term that comes, whose price it was told of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_prices import full_period, service_charges, used_of
from models.charges import Charge
from models.contracts import Contract
from models.policies import load_policy
from models.readjustments import ContractReadjustment
from models.renewals import terms_begun
from rules.charges import PENDING, ChargeKind
from rules.money import ZERO, prorate
from rules.price_indices import holds_for
from rules.proration import charge_for_use
from rules.readjustments import ReadjustmentPolicy


@dataclass(frozen=True)
class Term:
    """The days that a price is of; `until` is exclusive, None while no next term has begun."""

    since: date
    until: date | None

    def has(self, charge: Charge) -> bool:
        """Whether a charge is for days of it."""
        start = used_of(charge).start
        return start >= self.since and (self.until is None or start < self.until)


async def term_of_price(
    session: AsyncSession, contract: Contract, readjustment: ContractReadjustment
) -> Term:
    """The term whose price a readjustment changed, by the renewals before and after it."""
    since, until, decided_at = date.min, None, readjustment.decided_at
    for begins, renewed_at in await terms_begun(session, contract.key):
        if decided_at is None or renewed_at <= decided_at:
            since = begins
        else:
            until = until or begins
    return Term(since, until)


async def reprice(
    session: AsyncSession,
    contract: Contract,
    readjustment: ContractReadjustment,
    *,
    was: date | None,
) -> None:
    """Only what is issued so many days after the customer was told has the new price; what had it
    by the day that counted before, and has it no more, costs again what it did. What another plan
    gave another price since then keeps that."""
    policy, now, held = await load_policy(session, ReadjustmentPolicy()), readjustment.told_on, 0
    term = await term_of_price(session, contract, readjustment)
    for charge in await service_charges(session, contract, since=readjustment.month):
        is_pending = charge.kind == ChargeKind.MONTHLY and charge.status in PENDING
        if not is_pending or not term.has(charge):
            continue
        before, after = (
            holds_for(charge.issue_date, told_on=day, notice_days=policy.notice_days)
            for day in (was, now)
        )
        held += after
        if before != after:
            had, has = (_owed(contract, charge, readjustment, is_new=is_new)
                        for is_new in (before, after))  # fmt: skip
            if was is None or charge.amount == had:
                charge.amount = has
                session.add(charge)
    readjustment.repriced = held


def _owed(
    contract: Contract, charge: Charge, readjustment: ContractReadjustment, *, is_new: bool
) -> Decimal:
    """What a charge comes to by the new price, or by the one before; days that it lost are free."""
    price = readjustment.amount if is_new else readjustment.amount_before
    full, used = full_period(contract, charge), used_of(charge)
    amount = charge_for_use(price or ZERO, period=full, used=[used])
    return amount - prorate(amount, used_days=charge.lost_days, period_days=used.days)
