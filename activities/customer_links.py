"""Customers' links: made, sent, recognised, revoked; each of them on the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.link_addresses import link_secret, new_link
from activities.messages import write_to_customer
from models import cases
from models.customer_links import CustomerLink, link_with_number, lock_link
from models.customers import Customer, read_customer
from models.database import Database
from models.messages import Message
from models.people import Deed, record
from models.sign_in import SEEN_EVERY
from rules import customer_links as rules
from rules.cases import CUSTOMER, Process
from settings import Settings

PURPOSE = "customer_link"


async def make_link(
    session: AsyncSession, customer_id: int, *, days: int | None, deed: Deed
) -> CustomerLink:
    """This will make a link for a customer. Refuses CustomerNotFound and LinkDaysNotPossible."""
    await read_customer(session, customer_id)
    return await new_link(session, customer_id, days=days, deed=deed)


async def send_link(
    session: AsyncSession, link: CustomerLink, *, address: str, deed: Deed
) -> list[Message]:
    """This will write the link to its customer, by every channel that they have."""
    case = await cases.case_of(session, process=Process.COLLECTIONS, subject_id=link.customer_id)
    written = await write_to_customer(
        session, case=case, customer=await session.get_one(Customer, link.customer_id),
        purpose=PURPOSE, key=f"customer_link/{link.id}", by=deed.by, at=deed.at,
        values={"link": {"url": address, "until": link.expires_at}},
    )  # fmt: skip
    record(session, deed, "customer_link.send", subject=_subject(link), link=link.id)
    return written


async def revoke_link(
    session: AsyncSession, link_id: int, *, customer_id: int, deed: Deed
) -> CustomerLink:
    """This will end a link at once. Refuses another customer's, and one that ended already."""
    link = await lock_link(session, link_id)
    if link.customer_id != customer_id:
        raise rules.CustomerLinkNotFound
    if link.revoked_at is not None or deed.at >= link.expires_at:
        raise rules.CustomerLinkAlreadyDone
    link.revoked_at, link.revoked_by = deed.at, deed.by
    session.add(link)
    record(session, deed, "customer_link.revoke", subject=_subject(link), link=link.id)
    return link


async def recognise(
    database: Database, token: str, settings: Settings, *, at: datetime, ip: str
) -> CustomerLink:
    """This will give the link of an address, and note that it is used.

    Refuses CustomerLinkNotFound, whatever is wrong with it. That it was opened for the first time
    stands on the trail and in the account's history.
    """
    number = rules.number_in(token)
    async with database.read() as session:
        link = await link_with_number(session, number)
    rules.check_token(token, link.facts, secret=link_secret(settings), now=at)
    if link.last_used_at is None or at - link.last_used_at >= SEEN_EVERY:
        async with database.write() as session:
            await _note_used(session, number, Deed(CUSTOMER, at, ip))
    return link


async def _note_used(session: AsyncSession, link_id: int, deed: Deed) -> None:
    link = await lock_link(session, link_id)
    link.last_used_at = deed.at
    session.add(link)
    if link.opened_at is not None:
        return
    link.opened_at = deed.at
    record(session, deed, "customer_link.open", subject=_subject(link), link=link.id)
    case = await cases.case_of(session, process=Process.COLLECTIONS, subject_id=link.customer_id)
    if case is not None:
        cases.record_event(session, case, kind="link_opened", by=deed.by, at=deed.at)


def _subject(link: CustomerLink) -> str:
    return f"customer/{link.customer_id}"
