"""A contract moves: to another address, or to another owner, who goes on with one of their own.

The old owner's contract ends on the day, without a fee: what was used until then is owed by the old
owner, with every invoice that is open. The new owner's begins on it with the same terms, services
and connections; the network is not told to cut what goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request
from activities.charge_terms import service_terms
from activities.contract_asking import ask_contracts
from activities.contract_charges import make_term_charges, services_of
from activities.contract_ends import hand_over_contract
from activities.contract_webhooks import announce_contract
from activities.idle_days import BlockChange, blocked_since, follow_blocks
from activities.provisioning import restore_all
from models.cases import case_of
from models.connections import Connection, connections_of
from models.contract_changes import ContractChange
from models.contracts import Contract, ContractService, record_contract_event
from models.customers import Customer
from rules.business_days import local_date
from rules.cases import Process
from rules.charge_plan import service_end
from rules.charges import Recurrence
from rules.contract_changes import Address
from rules.contracts import ContractStage
from rules.money import ZERO
from rules.sentences import N_
from rules.webhooks import BusinessEventKind as K

MOVE = "move_installation"
REINSTALL = Request(
    N_("Transferir a instalação para o novo endereço"),
    N_("O cliente muda de endereço."),
    N_("O cliente fica sem serviço no novo endereço."),
)
#: What the new owner's contract does not take over: its identity, its past, and what is paid once.
OWN = frozenset({
    "id", "code", "customer_id", "stage", "term", "starts_on", "billing_group_id", "phone_terminal",
    "setup_fee", "setup_charged_before", "setup_account_id", "generate_setup_now",
    "wait_for_activation", "consultant_id", "origin", "origin_ref", "activated_at",
    "suspended_from", "suspended_until", "cancelled_on",
    "terminated_on", "end_reason", "created_at", "created_by", "version", "predecessor_id",
})  # fmt: skip

#: What of a service another contract has not, which goes on with it: it adds up itself what was
#: charged of it before.
OF_ONE_CONTRACT = {
    "id", "contract_id", "starts_on", "continues_id", "charged", "recounted_on",
}  # fmt: skip


async def relocate(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    """This will put a contract at its new address, and ask for the installation there."""
    address = Address(**change.address)
    contract.address = change.address
    contract.version += 1
    session.add(contract)
    record_contract_event(session, contract, kind="moved", by=by, at=at, now=address.line)
    case = await case_of(
        session, process=Process.CONTRACT_CHANGES, subject_id=change.number
    )  # fmt: skip
    assert case is not None  # noqa: S101 - it is opened with the change
    await ask_contracts(
        session, case, MOVE, REINSTALL, at=at,
        description=f"{contract.code}: {address.line}",
    )  # fmt: skip


async def transfer_contract(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> Contract:
    """This will give a contract to a new owner from the change's first day on; gives theirs."""
    on = change.starts_on
    old, new = [
        await session.get_one(Customer, each)
        for each in (contract.customer_id, change.to_customer_id)
    ]
    services = await services_of(session, contract.key)
    taker = await _successor(session, contract, new, on=on, by=by, at=at)
    await continue_services(session, services, taker, on=on)
    await _move_connections(session, contract, taker, by=by, at=at)
    await hand_over_contract(
        session, contract, on=on, by=by, at=at,
        reason=f"Titularidade transferida para {new.name}, contrato {taker.code}",
    )  # fmt: skip
    record_contract_event(
        session, contract, kind="transferred", by=by, at=at, owner=new.name, code=taker.code
    )
    record_contract_event(
        session, taker, kind="took_over", by=by, at=at, owner=old.name, code=contract.code
    )
    await restore_all(session, taker, today=local_date(at), by=by, at=at)
    await make_term_charges(session, taker, used_from=on, by=by, at=at)
    await announce_contract(session, taker, K.CONTRACT_ACTIVATED, at=at)
    return taker


async def _successor(
    session: AsyncSession, contract: Contract, owner: Customer, *, on: date, by: str, at: datetime
) -> Contract:
    """The new owner's contract; a phone terminal stands in one contract at a time."""
    terminal, contract.phone_terminal = contract.phone_terminal, None
    session.add(contract)
    await session.flush()
    return await follow_up(
        session, contract, customer_id=owner.id or 0, starts_on=on, phone_terminal=terminal,
        activated_at=at, origin="transfer", created_at=at, created_by=by,
    )  # fmt: skip


async def follow_up(session: AsyncSession, contract: Contract, **values: Any) -> Contract:
    """This will store a contract that follows another one with its terms, under a code of its own.

    `values` are what is not as it was; nothing but the row is made.
    """
    kept = contract.model_dump(exclude=set(OWN) | values.keys())
    made = Contract(
        **kept, **values, code=f"novo-{contract.code}"[:40], setup_fee=ZERO,
        stage=ContractStage.AWAITING_ACTIVATION, wait_for_activation=False,
        predecessor_id=contract.key, origin_ref=contract.code,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    made.code = f"K{made.key:06}"
    session.add(made)
    await session.flush()
    return made


async def continue_services(
    session: AsyncSession, services: Sequence[ContractService], taker: Contract, *, on: date
) -> list[ContractService]:
    """This will have another contract go on with services from a day on, for what is left of each.

    Gives what the other contract has of them.
    """
    found = []
    for each in services:
        if not _goes_on(each, taker, on):
            continue
        kept = each.model_dump(exclude=OF_ONE_CONTRACT)
        service = ContractService(
            **kept, contract_id=taker.key, continues_id=each.id,
            # Its periods are counted from its own first day, wherever it went.
            starts_on=each.starts_on if each.periods else max(on, each.starts_on),
        )  # fmt: skip
        found.append(service)
    session.add_all(found)
    await session.flush()
    return found


def _goes_on(service: ContractService, contract: Contract, on: date) -> bool:
    """Whether a service is charged beyond a day; what is charged once was the old owner's."""
    end = service_end(service_terms(service), months=contract.periodicity_months)
    return service.recurrence != Recurrence.ONCE and (end is None or end > on)


async def _move_connections(
    session: AsyncSession, contract: Contract, taker: Contract, *, by: str, at: datetime
) -> None:
    """What was blocked for the old owner's debts is no debt of the new one."""
    connections: Sequence[Connection] = await connections_of(session, contract.key)
    before = blocked_since(connections)
    for each in connections:
        each.contract_id, each.exception_until = taker.key, None
        session.add(each)
    await session.flush()
    await follow_blocks(session, [BlockChange(contract, before, None)], by=by, at=at)
