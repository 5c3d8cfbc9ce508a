"""What became of a message: recorded, told to its case, and made a task where a person must act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import present
from activities.clients.errors import Fault, NotTaken, PermanentlyRefused
from activities.next_channel import write_by_next
from activities.outcomes import Outcome
from activities.tasks import NewTask, make_task
from models import cases, messages, outbox
from models.bounces import correction_key, is_blocked
from models.calendars import load_calendar
from models.customers import Customer
from models.database import Database
from models.messages import Message, OptOut
from models.policies import load_policy
from rules import messages as rules
from rules.cases import Process
from rules.due import due_after
from rules.messages import Channel, MessagePolicy, MessageStatus, Suppression, Waiting
from rules.sentences import N_

CORRECT = {
    Channel.EMAIL: N_("Corrigir o e-mail de %(name)s"),
    Channel.SMS: N_("Corrigir o celular de %(name)s"),
    Channel.APP: N_("Ver por que o aplicativo de %(name)s recusa mensagens"),
}


@dataclass(frozen=True)
class Receipt:
    """What the provider took: its id, and the addresses it refused beside others."""

    provider_id: str
    refused: tuple[str, ...] = ()


async def taken(database: Database, message_id: int, receipt: Receipt, *, at: datetime) -> Outcome:
    """This will record that the provider took it; a report that was faster stays as it is."""
    async with database.write() as session:
        message = await messages.lock_message(session, message_id)
        message.reason = ", ".join(receipt.refused)[:300]
        message.provider_id = message.provider_id or receipt.provider_id
        message.sent_at = message.sent_at or at
        if message.status == MessageStatus.SENDING:
            await _become(session, message, MessageStatus.SENT, at=at)
        if receipt.refused:
            await _ask_to_correct(session, message, at)
        return Outcome(message.status)


async def refused(
    database: Database, message_id: int, refusal: PermanentlyRefused, *, at: datetime
) -> Outcome:
    """This will record that it will never be taken, and ask a person to mend what is wrong."""
    async with database.write() as session:
        message = await messages.lock_message(session, message_id)
        if refusal.fault is Fault.OPTED_OUT and message.customer_id is not None:
            await opt_out(
                session,
                customer_id=message.customer_id,
                channel=message.channel,
                by="system",
                at=at,
            )
            return await suppress(session, message, Suppression.OPTED_OUT, at=at)
        return await _fail(session, message, str(refusal), at=at)


async def not_taken(
    database: Database, message_id: int, refusal: NotTaken, *, at: datetime
) -> Outcome:
    """This will have it tried again later, or give up after as many tries as the policy allows.

    What is in doubt stays `sending`, and is not given up before the doubt is.
    """
    async with database.write() as session:
        message = await messages.lock_message(session, message_id)
        policy = await load_policy(session, MessagePolicy())
        message.reason = str(refusal)[:300]
        if not refusal.is_doubtful:
            if message.attempts >= policy.attempts:
                return await give_up(session, message, at=at)
            message.status = MessageStatus.QUEUED
        again = rules.retry_at(now=at, attempts=message.attempts, policy=policy)
        return wait(session, message, Waiting.PROVIDER, until=again, at=at)


async def give_up(session: AsyncSession, message: Message, *, at: datetime) -> Outcome:
    """This will fail a message that was tried as often as the policy allows."""
    return await _fail(session, message, message.reason, at=at)


async def suppress(
    session: AsyncSession, message: Message, reason: Suppression, *, at: datetime
) -> Outcome:
    """This will record that it is not sent after all, and why; what an address that is to be
    corrected holds back goes by the next channel.
    """
    message.reason = reason
    outcome = await _become(session, message, MessageStatus.SUPPRESSED, at=at)
    if reason is Suppression.BLOCKED:
        await write_by_next(session, message, at=at)
    return outcome


def wait(
    session: AsyncSession, message: Message, reason: Waiting, *, until: datetime, at: datetime
) -> Outcome:
    """This will have the delivery look again at that instant."""
    message.not_before = until
    session.add(message)
    messages.record(
        session, message, kind="waiting", at=at, reason=reason, until=until.isoformat(),
        said=message.reason if reason is Waiting.PROVIDER else "",
    )  # fmt: skip
    return Outcome(message.status, until)


async def record_report(
    session: AsyncSession, message: Message, *, provider_id: str, report: str, code: str,
    at: datetime,
) -> bool:  # fmt: skip
    """This will record a provider's report; False when it says nothing new."""
    status = rules.status_after(message.status, report)
    if status is None:
        return False
    message.provider_id = message.provider_id or provider_id
    message.sent_at = message.sent_at or at
    if status is MessageStatus.DELIVERED:
        message.delivered_at = at
    if status in {MessageStatus.BOUNCED, MessageStatus.FAILED}:
        await _fail(session, message, f"Twilio {code} {report}", at=at, status=status)
    else:
        await _become(session, message, status, at=at)
    return True


async def came_back(session: AsyncSession, message: Message, told: str, *, at: datetime) -> None:
    """This will record that a server gave a mail up after it had been taken, and its words.

    While the address is to be corrected already, nobody is asked a second time.
    """
    if await is_blocked(session, message):
        message.reason = told
        await _become(session, message, MessageStatus.BOUNCED, at=at)
        await write_by_next(session, message, at=at)
        return
    await _fail(session, message, told, at=at, status=MessageStatus.BOUNCED)


async def opt_out(
    session: AsyncSession, *, customer_id: int, channel: str, by: str, at: datetime
) -> None:
    """This will keep messages of a channel from a customer; again: nothing."""
    if not await messages.is_opted_out(session, customer_id=customer_id, channel=channel):
        session.add(OptOut(customer_id=customer_id, channel=channel, at=at, by=by))


async def opt_in(session: AsyncSession, *, customer_id: int, channel: str) -> None:
    """This will let messages of a channel reach the customer again; was never out: nothing."""
    await session.exec(
        delete(OptOut).where(col(OptOut.customer_id) == customer_id, col(OptOut.channel) == channel)
    )


async def _become(
    session: AsyncSession, message: Message, status: MessageStatus, *, at: datetime
) -> Outcome:
    message.status = status
    session.add(message)
    messages.record(session, message, kind=status, at=at, reason=message.reason)
    if message.case_id is not None:
        case = await cases.lock_case(session, message.case_id)
        messages.tell_history(session, message, case, at=at)
        outbox.tell_case(session, case, news_id=f"message/{message.id}/{status}", at=at)
    return Outcome(message.status)


async def _fail(
    session: AsyncSession,
    message: Message,
    reason: str,
    *,
    at: datetime,
    status: MessageStatus = MessageStatus.FAILED,
) -> Outcome:
    message.reason = reason[:300]
    outcome = await _become(session, message, status, at=at)
    await _ask_to_correct(session, message, at)
    await write_by_next(session, message, at=at)
    return outcome


async def _ask_to_correct(session: AsyncSession, message: Message, at: datetime) -> None:
    """Of whoever wrote it by hand, else of the case's owner, else of the team."""
    case = await cases.lock_case(session, message.case_id) if message.case_id else None
    customer = await session.get(Customer, message.customer_id) if message.customer_id else None
    author = await present(session, message.created_by, at=at)
    days = (await load_policy(session, MessagePolicy())).correct_contact_business_days
    task = NewTask(
        key=correction_key(message.number),
        title=CORRECT[Channel(message.channel)],
        places={"name": customer.name if customer else message.to_address},
        description=f"/mensagens/{message.id}",
        due_at=due_after(at, business_days=days, calendar=await load_calendar(session)),
        process=case.process if case else Process.TASKS,
        kind="correct_contact",
        for_case_id=message.case_id,
        customer_id=message.customer_id,
        team_id=case.team_id if case else None,
        assignee=author or (case.owner if case else None),
        reason=message.reason,
        consequence=N_("As próximas mensagens por este canal também não chegarão."),
    )
    await make_task(session, task, by="system", at=at)
