"""The end of a minimum term, told to its customer before it comes."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_welcome import contract_values
from activities.messages import write_to_customer
from models.contracts import Contract, record_contract_event
from models.customers import Customer
from models.policies import load_policy
from rules.minimum_term import MinimumTerm, MinimumTermPolicy, is_to_be_told

PURPOSE = "contract_minimum_term"


def minimum_term_of(contract: Contract) -> MinimumTerm | None:
    """What the customer agreed to stay; None where nothing was."""
    since = contract.minimum_term_from or contract.signed_on
    if since is None or contract.minimum_term_months == 0:
        return None
    return MinimumTerm(since, contract.minimum_term_months, contract.minimum_term_fee)


async def tell_end(session: AsyncSession, contract: Contract, *, today: date, at: datetime) -> bool:
    """This will tell the customer when leaving is free; not near yet, or told already: nothing."""
    policy, term = await load_policy(session, MinimumTermPolicy()), minimum_term_of(contract)
    is_near = term is not None and is_to_be_told(term, today=today, policy=policy)
    if term is None or not is_near or contract.minimum_term_told == term.until:
        return False
    contract.minimum_term_told = term.until
    session.add(contract)
    await write_to_customer(
        session, case=None, customer=await session.get_one(Customer, contract.customer_id),
        purpose=PURPOSE, key=f"contract/{contract.key}/minimum-term/{term.until}", at=at,
        values=contract_values(contract, free_from=term.until, months=term.months),
    )  # fmt: skip
    record_contract_event(
        session, contract, kind="minimum_term_told", by="system", at=at,
        until_on=term.until.isoformat(),
    )  # fmt: skip
    return True
