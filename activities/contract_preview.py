"""What a contract that is not made yet would charge, for whoever fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import discounts_of, terms_of
from activities.contracts import Filled, row_of
from models.contracts import Contract
from rules.charge_plan import ChargeTerms, PlannedCharge, plan_setup, plan_term
from rules.charges import ChargeKind
from rules.contract_terms import NewContract
from rules.money import ZERO


@dataclass(frozen=True)
class ForeseenCharge:
    """A charge as it would be made: of the setup or of a period, with what comes off it."""

    kind: ChargeKind
    planned: PlannedCharge
    discount: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """What is to be paid of it."""
        return self.planned.amount - self.discount


async def foresee(
    session: AsyncSession, filled: Filled, *, today: date
) -> list[ForeseenCharge] | None:
    """This will tell the charges of the contract, by due date, if it were activated today.

    None while something stands against it. Nothing is saved.
    """
    if filled.new is None or filled.faults:
        return None
    contract = row_of(filled.new)
    terms = await terms_of(session, contract, today=today)
    if terms is None:
        return []
    found = [*_setup(filled.new, terms, today), *await _term(session, contract, terms, today)]
    return sorted(found, key=lambda each: each.planned.due_date)


def _setup(new: NewContract, terms: ChargeTerms, today: date) -> list[ForeseenCharge]:
    planned = plan_setup(
        new.setup_fee, instalments=new.setup_instalments, adhesion=new.adhesion_date,
        rule=terms.rule, made_on=today,
    )  # fmt: skip
    return [ForeseenCharge(ChargeKind.SETUP, each) for each in planned]


async def _term(
    session: AsyncSession, contract: Contract, terms: ChargeTerms, today: date
) -> list[ForeseenCharge]:
    waits = contract.wait_for_activation
    used_from = max(today, terms.starts_on) if waits else terms.starts_on
    off = await discounts_of(session, contract)
    return [
        ForeseenCharge(ChargeKind.MONTHLY, each, off(each.amount)["discount"])
        for each in plan_term(terms, used_from=used_from, made_on=today)
    ]
