"""A service that went on from contract to contract: what those before charged of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.charges import Charge
from models.contracts import Contract, ContractService
from rules.charges import ChargeStatus
from rules.money import ZERO
from rules.proration import Period, charge_for_use


async def charged_before(
    session: AsyncSession, contract: Contract, service: ContractService
) -> Decimal:
    """This will add up what contracts before this one charged of a service that goes on in it, each
    for the days before the next one: what it billed beyond them came back."""
    charged, begins, before = ZERO, contract.starts_on, service.continues_id
    while before is not None and begins is not None:
        kept = select(Charge).where(
            Charge.service_id == before, Charge.status != ChargeStatus.CANCELLED
        )
        charged += sum((_until(each, begins) for each in await session.exec(kept)), ZERO)
        own = await session.get_one(ContractService, before)
        begins = (await session.get_one(Contract, own.contract_id)).starts_on
        before = own.continues_id
    return charged


def _until(charge: Charge, day: date) -> Decimal:
    """What a charge comes to without the days from one on."""
    if charge.period_start is None or charge.period_end is None or charge.period_end <= day:
        return charge.amount
    used = Period(charge.period_start, charge.period_end)
    rest = Period(max(day, used.start), used.until)
    return charge.amount - charge_for_use(charge.amount, period=used, used=[rest])
