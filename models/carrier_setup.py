"""What a house still lacks before the first file of a carrier can be audited."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_agreements import CarrierAgreement, CarrierTariff
from models.carriers import Carrier, CarrierAccount
from models.customers import Customer
from models.lines import Line


class SetupStep(StrEnum):
    """What is to be set up, in the order in which one leans on the other."""

    CARRIER = "carrier"
    COMPANY = "company"
    AGREEMENT = "agreement"
    TARIFFS = "tariffs"
    LINES = "lines"
    ACCOUNT = "account"


_ROWS: dict[SetupStep, Any] = {
    SetupStep.CARRIER: Carrier.id, SetupStep.COMPANY: Customer.id,
    SetupStep.AGREEMENT: CarrierAgreement.id, SetupStep.TARIFFS: CarrierTariff.id,
    SetupStep.LINES: Line.id, SetupStep.ACCOUNT: CarrierAccount.id,
}  # fmt: skip


async def missing_steps(session: AsyncSession) -> list[SetupStep]:
    """The steps of which nothing is there yet; none of them in a house at work."""
    return [
        step
        for step, column in _ROWS.items()
        if (await session.exec(select(column).limit(1))).first() is None
    ]
