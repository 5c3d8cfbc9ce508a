"""Days on which a contract gives no service: nothing is billed meanwhile, and they are not owed.

A suspension that the customer asked for, a block by the ladder or by hand: whatever keeps the
service off, its days come off the charges once it is over (rules/contracts.py, forgives_idle_days).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_prices import Adjustment, forgive, hold, release_held
from models.connections import Connection
from models.contracts import Contract, ContractEvent, events_of_kind, record_contract_event
from models.policies import load_policy
from rules import charge_words
from rules.business_days import local_date
from rules.connections import ConnectionState
from rules.contract_terms import ContractPolicy
from rules.contracts import forgives_idle_days
from rules.proration import Period, days_beside
from rules.sentences import N_

#: Why charges wait meanwhile.
HELD = N_("Contrato suspenso")
#: The line of a contract's history that says which days came off.
IDLE = "idle_days"


def blocked_since(connections: Iterable[Connection]) -> date | None:
    """Since which day a connection of these is blocked; None when none is."""
    blocked = [each.since for each in connections if each.state == ConnectionState.BLOCKED]
    return local_date(min(blocked)) if blocked else None


@dataclass(frozen=True)
class BlockChange:
    """A contract, and what `blocked_since` said of it before and after a change."""

    contract: Contract
    before: date | None
    after: date | None


async def follow_blocks(
    session: AsyncSession, changes: Sequence[BlockChange], *, by: str, at: datetime
) -> None:
    """This will begin or end the idle days of blocks; where nothing changed: nothing."""
    await begin_idle(
        session,
        [(each.contract, each.after) for each in changes if each.after and not each.before],
    )
    for each in changes:
        if each.before and not each.after:
            until = local_date(at)
            await end_idle(session, each.contract, since=each.before, until=until, by=by, at=at)


async def begin_idle(session: AsyncSession, begun: Sequence[tuple[Contract, date]]) -> None:
    """This will keep what contracts are charged, each from a day on, from being billed, where the
    days are forgiven."""
    since = {contract.key: day for contract, day in begun if await _is_forgiven(session, contract)}
    if since:
        await hold(session, since, reason=HELD)


async def end_idle(
    session: AsyncSession, contract: Contract, *, since: date, until: date, by: str, at: datetime
) -> None:
    """This will take the days `since` to the one before `until` off the charges, if they are
    forgiven, and let the held ones be billed. Each day once: those that a repetition or another
    cause took off before are left out."""
    if until > since and await _is_forgiven(session, contract):
        gone = [_stretch(each) for each in await events_of_kind(session, contract, IDLE)]
        for lost in days_beside(Period(since, until), gone):
            await _take_off(session, contract, lost, by=by, at=at)
    await release_held(session, contract, reason=HELD, at=at)


async def _take_off(
    session: AsyncSession, contract: Contract, lost: Period, *, by: str, at: datetime
) -> None:
    why = Adjustment(f"idle/{contract.key}/{lost.start}", charge_words.IDLE_DAYS, by, at)
    if await forgive(session, contract, why, lost=lost):
        record_contract_event(
            session, contract, kind=IDLE, by=by, at=at, days=lost.days,
            since=lost.start.isoformat(),
        )  # fmt: skip


def _stretch(event: ContractEvent) -> Period:
    since = date.fromisoformat(event.parameters["since"])
    return Period(since, since + timedelta(days=event.parameters["days"]))


async def _is_forgiven(session: AsyncSession, contract: Contract) -> bool:
    policy = await load_policy(session, ContractPolicy())
    return forgives_idle_days(
        is_telecom=contract.telecom_service, has_discount=contract.inactivity_discount,
        charges_while_suspended=policy.charge_while_suspended,
    )  # fmt: skip
