"""The beginning of a kickoff: the signature starts its clock and asks for a meeting."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import team_id_of
from activities.kickoff_desk import Desk, ask, schedule, start_clock
from activities.kickoff_letters import tell_client, tell_colleague
from models import cases, outbox
from models.contracts import Contract, record_contract_event
from models.customers import Customer
from models.kickoff import Kickoff, kickoff_of_contract, template_of
from models.policies import load_policy
from rules.cases import SYSTEM, Process
from rules.kickoff import ClientStep, KickoffPolicy, KickoffStage
from rules.money import ZERO
from rules.sla import SlaEvent
from rules.task_lists import SCHEDULE


async def begin_kickoff(
    session: AsyncSession,
    contract: Contract,
    *,
    by: str,
    at: datetime,
    installation_amount: Decimal = ZERO,
) -> Kickoff | None:
    """This will begin the kickoff of a contract that was signed; begun already: as it is.

    None when its service model has no check-list: then activation is all there is.
    """
    known = await kickoff_of_contract(session, contract.key)
    if known is not None or not await template_of(session, contract.plan_type):
        return known
    customer = await session.get_one(Customer, contract.customer_id)
    kickoff = Kickoff(
        contract_id=contract.key, customer_id=contract.customer_id, signed_at=at, stage_since=at,
        executive=customer.executive, owner=customer.executive,
        installation_amount=installation_amount,
    )  # fmt: skip
    session.add(kickoff)
    await session.flush()
    case = await cases.open_case(
        session, process=Process.KICKOFF, subject_id=kickoff.number,
        customer_id=contract.customer_id, stage=KickoffStage.SCHEDULING, by=by, at=at,
    )  # fmt: skip
    policy = await load_policy(session, KickoffPolicy())
    case.team_id, case.owner = await team_id_of(session, policy.team), kickoff.executive
    desk = Desk(session, case, {}, SYSTEM, at, kickoff=kickoff, contract=contract, policy=policy)
    await start_clock(desk, SlaEvent.KICKOFF_MEETING, at=at)
    record_contract_event(session, contract, kind="kickoff_begun", by=by, at=at)
    await ask(desk, SCHEDULE)
    await tell_client(desk, "kickoff_step", step=ClientStep.BEGUN)
    await tell_colleague(desk, kickoff.executive, step="begun")
    await schedule(desk)
    outbox.start_case(session, case, at=at)
    return kickoff
