"""What people do with messages: send what they wrote, hold one back, send one again, opt out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities import delivery_results
from activities.documents import Drawn
from activities.invoice_prints import draw_invoices
from activities.messages import address_of, write_by_hand
from models import cases, messages
from models.cases import Case
from models.customers import Customer, read_customer
from models.database import Database
from models.messages import Message
from models.people import Deed, record
from rules.cases import Process
from rules.mail_addresses import AddressRequired
from rules.messages import MessageAlreadyDone, MessageStatus, Suppression


async def send_letters(
    database: Database,
    letters: Sequence[Message],
    customer: Customer,
    *,
    about: int | None,
    invoice_ids: Sequence[int],
    deed: Deed,
) -> list[Message]:
    """This will send what was written, with these invoices as PDF; a letter sent twice goes once.

    `about` is the lost message that it stands for, if any: it belongs to that one's case.
    """
    files = await draw_invoices(
        database, customer_id=customer.id or 0, invoice_ids=invoice_ids, at=deed.at
    )
    async with database.write() as session:
        case = await _case_of_letter(session, about, customer)
        sent = [
            await write_by_hand(session, each, customer=customer, case=case, files=files)
            for each in letters
        ]
        for stored, letter in zip(sent, letters, strict=True):
            if stored is letter:
                _record_letter(session, stored, deed, invoice_ids=invoice_ids)
    return sent


async def lost_message(
    session: AsyncSession, number: int | None, customer: Customer
) -> Message | None:
    """The customer's message of that number; None for anything else."""
    found = await session.get(Message, number) if number else None
    return found if found is not None and found.customer_id == customer.id else None


async def _case_of_letter(
    session: AsyncSession, about: int | None, customer: Customer
) -> Case | None:
    """That of the message it stands for, else that of collections."""
    lost = await lost_message(session, about, customer)
    if lost is not None and lost.case_id is not None:
        return await cases.lock_case(session, lost.case_id)
    return await cases.case_of(session, process=Process.COLLECTIONS, subject_id=customer.id or 0)


async def hold_back(session: AsyncSession, message_id: int, *, deed: Deed) -> None:
    """This will keep a waiting message from leaving. Refuses one that left (MessageAlreadyDone)."""
    message = await messages.lock_message(session, message_id)
    if message.status != MessageStatus.QUEUED:
        raise MessageAlreadyDone
    await delivery_results.suppress(session, message, Suppression.WITHDRAWN, at=deed.at)
    record(session, deed, "messages.hold_back", subject=f"message/{message_id}")


async def send_again(session: AsyncSession, message_id: int, *, deed: Deed) -> Message:
    """This will send the same text again, to the address that the customer has now.

    Asked twice within a minute it goes once. Refuses AddressRequired.
    """
    before = await messages.lock_message(session, message_id)
    customer = await read_customer(session, before.customer_id or 0)
    address = await address_of(session, customer, before.channel)
    if not address:
        raise AddressRequired
    again = _again(before, address, by=deed.by, at=deed.at)
    case = await cases.lock_case(session, before.case_id) if before.case_id else None
    kept = await messages.attachments_of(session, before)
    files = [Drawn(file.name, file.content) for file in kept]
    sent = await write_by_hand(session, again, customer=customer, case=case, files=files)
    if sent is again:
        _record_letter(session, sent, deed, again_of=message_id)
    return sent


def _again(before: Message, address: str, *, by: str, at: datetime) -> Message:
    kept = before.model_dump(
        include={"channel", "purpose", "template_id", "subject", "text", "html", "invoice_id",
                 "requires_open_invoice"}
    )  # fmt: skip
    return Message(
        **kept, key=f"again/{before.id}/{at:%Y%m%d%H%M}/{before.channel}", to_address=address,
        not_before=at, created_at=at, created_by=by,
    )  # fmt: skip


def _record_letter(session: AsyncSession, sent: Message, deed: Deed, **details: Any) -> None:
    """The text itself stands in the message."""
    record(
        session, deed, "messages.write", subject=f"message/{sent.id}",
        customer_id=sent.customer_id, channel=sent.channel, **details,
    )  # fmt: skip
