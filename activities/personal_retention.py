"""What is kept past its time is let go of every night: addresses of accesses, and customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.anonymisation import ask_anonymisation
from activities.cases import now
from activities.lead_retention import forget_lost_leads
from models.customer_trace import may_be_forgotten
from models.database import Database
from models.people import AuditEntry, Deed, UserSession, record
from models.policies import load_policy
from rules.anonymisation import AnonymisationPolicy
from rules.business_days import add_months, at_local_time, local_date
from rules.cases import SYSTEM
from rules.refusals import Refusal
from rules.sentences import N_

#: Customers of one transaction.
PAGE = 200
KEPT_LONG_ENOUGH = N_("Prazos legais vencidos.")


@dataclass(frozen=True)
class LetGo:
    """What a night let go of."""

    addresses: int
    customers: int
    leads: int


class PersonalRetention:
    """What the daily workflow of personal data asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def forget_personal_data(self) -> int:
        """This will let go of what is past its time; gives how many rows that was."""
        done = await forget_personal_data(self.database, at=now())
        return done.addresses + done.customers + done.leads


async def forget_personal_data(database: Database, *, at: datetime) -> LetGo:
    """This will forget old accesses and lost leads, and begin what nobody has to keep.

    Safe to repeat. Customers are only begun with where the policy says so; their journeys judge
    each anew.
    """
    async with database.write() as session:
        policy = await load_policy(session, AnonymisationPolicy())
        addresses = await _forget_accesses(session, policy, at=at)
        lost = _months_ago(local_date(at), policy.lost_lead_months)
        leads = await forget_lost_leads(session, before=lost)
    begun = await _begin_all(database, policy, at=at) if policy.by_itself else 0
    if addresses or begun or leads:
        async with database.write() as session:
            record(
                session, Deed(SYSTEM, at), "personal_data.retention", addresses=addresses,
                customers=begun, leads=leads,
            )  # fmt: skip
    return LetGo(addresses, begun, leads)


async def _begin_all(database: Database, policy: AnonymisationPolicy, *, at: datetime) -> int:
    """Page by page, each in a transaction; who is left out stands in nobody's way."""
    months = 12 * min(policy.fiscal_years, policy.contract_years, policy.contact_years)
    since, last, begun = _months_ago(local_date(at), months), 0, 0
    while True:
        async with database.write() as session:
            found = await may_be_forgotten(session, since=since, after=last, limit=PAGE)
            for customer_id in found:
                begun += await _begin(session, customer_id, at=at)
        if len(found) < PAGE:
            return begun
        last = found[-1]
        if activity.in_activity():
            activity.heartbeat(last)


async def _forget_accesses(
    session: AsyncSession, policy: AnonymisationPolicy, *, at: datetime
) -> int:
    """Who acted stays in the trail for ever; from which address only as long as the law wants."""
    until = _months_ago(local_date(at), policy.access_months)
    sessions = await session.exec(
        update(UserSession)
        .where(col(UserSession.seen_at) < until, col(UserSession.ip) != "")
        .values(ip="", user_agent="")
    )
    entries = await session.exec(
        update(AuditEntry).where(col(AuditEntry.at) < until, col(AuditEntry.ip) != "").values(ip="")
    )
    return int(sessions.rowcount + entries.rowcount)


async def _begin(session: AsyncSession, customer_id: int, *, at: datetime) -> bool:
    """Whose time is not over, or who has something under way, is left for another night."""
    deed = Deed(SYSTEM, at)
    try:
        await ask_anonymisation(
            session, customer_id, reason=KEPT_LONG_ENOUGH, wait=False, deed=deed,
            basis="retention",
        )  # fmt: skip
    except Refusal:
        return False
    return True


def _months_ago(today: date, months: int) -> datetime:
    return at_local_time(add_months(today, months=-months), at=time.min)
