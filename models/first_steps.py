"""How far a house is with its first steps, by what its rows say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bulk import BulkRun
from models.calendars import Closure
from models.customers import Customer
from models.ladder_tables import Ladder
from models.message_templates import MessageTemplate
from models.people import User
from models.policies import PolicyValue
from models.registries import AgreementCategory, ContactCategory, LedgerAccount, PaymentProfile
from rules.cases import SYSTEM
from rules.first_steps import FirstStep


async def steps_done(session: AsyncSession) -> frozenset[FirstStep]:
    """The steps that rows show to be done; that of messages is told by the settings alone."""
    steps = {step: condition.label(step.value) for step, condition in _CONDITIONS.items()}
    row = (await session.exec(select(*steps.values()))).one()  # type: ignore[call-overload]
    return frozenset(step for step in steps if row._mapping[step.value])


async def is_without_customers(session: AsyncSession) -> bool:
    """Whether nothing was imported yet."""
    return (await session.exec(select(Customer.id).limit(1))).first() is None  # type: ignore[call-overload]


def _any(*conditions: Any) -> Any:
    return exists().where(*conditions)


_CONDITIONS: dict[FirstStep, Any] = {
    FirstStep.COMPANY: _any(col(PolicyValue.name).startswith("Supplier.")),
    FirstStep.PEOPLE: (
        select(func.count()).select_from(User).where(col(User.is_active)).scalar_subquery() > 1
    ),
    FirstStep.PROFILES: _any(col(PaymentProfile.is_active)),
    FirstStep.REGISTRIES: _any(col(AgreementCategory.is_active))
    & _any(col(ContactCategory.is_active))
    & _any(col(LedgerAccount.is_active)),
    FirstStep.LADDER: _any(col(Ladder.saved_by).not_in(["", SYSTEM])),
    FirstStep.TEMPLATES: _any(col(MessageTemplate.saved_by) != SYSTEM),
    FirstStep.CALENDAR: _any(col(Closure.is_active)),
    FirstStep.PORTFOLIO: _any(col(Customer.id).is_not(None)),
    FirstStep.CLASSIFICATION: _any(col(BulkRun.kind) == "classification", col(BulkRun.changed) > 0),
}
