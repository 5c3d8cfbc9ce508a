"""What is told to a contract's customer: welcome, renewal, readjustment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.messages import write_to_customer
from models.contracts import Contract
from models.customers import Customer
from rules.contract_terms import Welcome
from rules.messages import Channel


async def welcome_customer(
    session: AsyncSession,
    customer: Customer,
    contract: Contract,
    welcome: Welcome,
    *,
    at: datetime,
) -> None:
    """This will send the welcome message once, in the words given or else the template's."""
    addressed = Customer.model_validate({**customer.model_dump(), "email": welcome.to.strip()})
    written = await write_to_customer(
        session, case=None, customer=addressed, purpose="contract_welcome", at=at,
        key=f"contract/{contract.key}/welcome", channels=(Channel.EMAIL,),
        values=contract_values(contract),
    )  # fmt: skip
    for message in written:
        message.subject = welcome.subject.strip() or message.subject
        if welcome.text.strip():
            message.text, message.html = welcome.text.strip(), ""
        session.add(message)


def contract_values(contract: Contract, **more: Any) -> dict[str, Any]:
    """What a message about a contract may mention."""
    return {
        "contract": {
            "number": contract.code,
            "plan": contract.description,
            "amount": contract.monthly_amount,
            "starts_on": contract.starts_on or contract.signed_on,
            **more,
        }
    }
