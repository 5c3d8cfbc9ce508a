"""A contract that follows another at its renewal: made ahead, with the next term's charges.

Until it takes over (activities/contract_takeover.py) the contract before it is the one in service.
What changes there meanwhile for good, changes in the one that waits too.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import terms_of
from activities.contract_charges import (
    make_service_charges,
    make_term_charges,
    making,
    services_of,
)
from activities.contract_ends import cancel_contract
from activities.contract_moves import continue_services, follow_up
from activities.contract_webhooks import announce_contract
from models.contracts import Contract, ContractService, lock_contract, record_contract_event
from models.renewals import ContractRenewal
from rules import renewals as rules
from rules.business_days import local_date
from rules.contracts import ContractStage
from rules.money import ZERO
from rules.sentences import N_
from rules.webhooks import BusinessEventKind as K

RENEWAL = "renewal"
#: Why a successor that never began is over.
WITHDRAWN = N_("O contrato anterior terminou antes da renovação.")


async def make_successor(
    session: AsyncSession, contract: Contract, renewal: ContractRenewal, *, by: str, at: datetime
) -> Contract:
    """This will make the contract of the next term, and that term's charges, services' too.

    It has the terms of the contract before it, but for the minimum term, which nobody agreed to
    anew, and the phone terminal, which stands in one contract at a time.
    """
    begins = renewal.ends_on
    made = await follow_up(
        session, contract, customer_id=contract.customer_id, starts_on=begins, signed_on=begins,
        ends_on=rules.next_end(begins, months=renewal.months), term_months=renewal.months,
        monthly_amount=renewal.amount, billing_group_id=contract.billing_group_id,
        consultant_id=contract.consultant_id, phone_terminal=None, minimum_term_months=0,
        minimum_term_fee=ZERO, minimum_term_from=None, minimum_term_told=None,
        readjusted_on=None, charged_from=None,
        origin=RENEWAL, created_at=at, created_by=by,
    )  # fmt: skip
    day = begins.isoformat()
    record_contract_event(
        session, contract, kind="succeeded_by", by=by, at=at, code=made.code, begins_on=day,
        amount=str(renewal.amount),
    )  # fmt: skip
    record_contract_event(
        session, made, kind="succeeds", by=by, at=at, code=contract.code, begins_on=day
    )
    await announce_contract(session, made, K.CONTRACT_MADE, at=at, predecessor=contract.code)
    services = await services_of(session, contract.key)
    await continue_services(session, services, made, on=begins)
    await make_term_charges(session, made, used_from=begins, by=by, at=at)
    return made


async def successor_of(session: AsyncSession, contract_id: int) -> Contract | None:
    """The contract that followed one, or is to, by a renewal or under another owner; else None."""
    statement = select(Contract).where(Contract.predecessor_id == contract_id)
    return (await session.exec(statement.order_by(col(Contract.id).desc()).limit(1))).first()


async def waiting_successor(session: AsyncSession, contract: Contract) -> Contract | None:
    """The successor that is made and has not taken over yet, locked; None without one."""
    found = await successor_of(session, contract.key)
    if found is None or found.stage != ContractStage.AWAITING_ACTIVATION:
        return None
    return await lock_contract(session, found.key)


async def call_off_successor(
    session: AsyncSession, contract: Contract, *, by: str, at: datetime
) -> None:
    """This will undo a successor that waits: its charges and invoices go. None: nothing."""
    waiting = await waiting_successor(session, contract)
    if waiting is not None and waiting.starts_on is not None:
        await cancel_contract(
            session, waiting, on=waiting.starts_on, reason=WITHDRAWN, by=by, at=at
        )


async def continue_service(
    session: AsyncSession, contract: Contract, service: ContractService, *, by: str, at: datetime
) -> None:
    """This will have the successor that waits go on with a service added now; none: nothing."""
    waiting = await waiting_successor(session, contract)
    if waiting is None or waiting.starts_on is None:
        return
    terms = await terms_of(session, waiting, today=local_date(at))
    kept = await continue_services(session, [service], waiting, on=waiting.starts_on)
    if terms is None:
        return
    made = making(waiting, by=by, at=at)
    for each in kept:
        await make_service_charges(session, waiting, each, terms=terms, made=made)


async def continuation_of(session: AsyncSession, service: ContractService) -> int | None:
    """The service with which a successor goes on with this one; None when none does."""
    statement = select(ContractService.id).where(
        ContractService.continues_id == service.id, col(ContractService.until).is_(None)
    )
    return (await session.exec(statement)).first()
