"""What the customer is told of an agreement by letter: made, not kept, called off."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.messages import write_to_customer
from models.agreements import Agreement
from models.cases import Case
from models.customers import Customer
from models.policies import load_policy
from rules.agreements import AgreementPolicy, AgreementReason


async def tell_customer(
    session: AsyncSession, case: Case, agreement: Agreement, what: AgreementReason, *, at: datetime
) -> None:
    """This will write to the customer what became of the agreement; nothing where the house does
    not. `case` is the agreement's own; told once of each."""
    if not (await load_policy(session, AgreementPolicy())).tells_customer:
        return
    await write_to_customer(
        session, case=case, customer=await session.get_one(Customer, agreement.customer_id),
        purpose=what, key=f"agreements/{case.number}/{what}", at=at,
    )  # fmt: skip
