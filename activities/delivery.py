"""Delivering messages: decided again at the last moment, handed over, and recorded as it went."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities import delivery_results as results
from activities import ladder_refresh
from activities.cases import now, refusals_reported
from activities.clients.app_push import AppClient
from activities.clients.errors import NotTaken, PermanentlyRefused
from activities.clients.smtp import File, Mail, SmtpClient
from activities.clients.twilio import TwilioClient
from activities.delivery_results import Receipt
from activities.link_addresses import refusal_address
from activities.outcomes import Outcome
from models import contacts_made, messages
from models.bounces import is_blocked
from models.calendars import contact_closures
from models.coming_days import is_out
from models.customer_marks import is_left_alone
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice
from models.messages import Message
from models.policies import load_channel_hours, load_contact_hours, load_policy
from models.sender_accounts import sender_of
from rules import messages as rules
from rules.business_days import local_date
from rules.cases import SYSTEM
from rules.contact_window import TIME_ZONES
from rules.delivery import DeliveryFacts, Go, Suppress, Wait, decide_delivery, local_day
from rules.mail_addresses import addresses
from rules.message_templates import BY_CODE, heeds_opt_out, is_conversation
from rules.messages import Channel, MessagePolicy, MessageStatus
from rules.panels import InvoiceStatus
from settings import Settings

#: Of the seven days that end with today, those before it.
REST_OF_WEEK = timedelta(days=6)


@dataclass(frozen=True)
class MessageRef:
    """Which message a delivery is of."""

    message_id: int


class MessageActivities:
    """What hands messages to their providers."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.smtp = SmtpClient(settings)
        self.twilio = TwilioClient(settings)
        self.app = AppClient(settings)
        self.support = settings.support.address
        self.settings = settings

    @activity.defn
    async def deliver_message(self, ref: MessageRef) -> Outcome:
        """This will send a message if it may leave now, and say what became of it.

        Three steps, each of which may be the last before a crash: `sending` is committed, the
        provider takes it, `sent` is committed. A repeat finds `sending` and is in doubt: an e-mail
        goes again under the same Message-ID, for an SMS Twilio is asked first.
        """
        with refusals_reported():
            at = now()
            try:
                decided = await self._taken_before(ref, at) or await self._begin(ref, at)
                if isinstance(decided, Outcome):
                    return decided
                async with AsyncExitStack() as turn:
                    receipt = await self._hand_over(decided, turn)
                    return await results.taken(self.database, ref.message_id, receipt, at=at)
            except PermanentlyRefused as refusal:
                return await results.refused(self.database, ref.message_id, refusal, at=at)
            except NotTaken as refusal:
                return await results.not_taken(self.database, ref.message_id, refusal, at=at)

    async def _taken_before(self, ref: MessageRef, at: datetime) -> Outcome | None:
        """What Twilio says of an SMS in doubt; None when there is no doubt, or it never came."""
        async with self.database.read() as session:
            message = await session.get(Message, ref.message_id)
            if message is None or message.status != MessageStatus.SENDING:
                return None
            if message.channel != Channel.SMS or message.attempted_at is None:
                return None
            found = await self.twilio.candidates(
                to=message.to_address, body=message.text, since=message.attempted_at
            )
            known = await messages.known_provider_ids(session, found)
        unknown = [provider_id for provider_id in found if provider_id not in known]
        if not unknown:
            return None
        return await results.taken(self.database, ref.message_id, Receipt(unknown[-1]), at=at)

    async def _begin(self, ref: MessageRef, at: datetime) -> Message | Outcome:
        """One transaction: decide on fresh facts, and mark the message as being sent."""
        async with self.database.write() as session:
            message = await messages.lock_message(session, ref.message_id)
            if MessageStatus(message.status).is_final:
                return Outcome(message.status)
            policy = await load_policy(session, MessagePolicy())
            await ladder_refresh.refresh(session, message, at=at)
            if message.attempts >= policy.attempts:
                return await results.give_up(session, message, at=at)
            facts = await delivery_facts(session, message, at)
            match decide_delivery(facts, policy, now=at):
                case Suppress(reason=reason):
                    return await results.suppress(session, message, reason, at=at)
                case Wait(until=until, reason=waiting):
                    return results.wait(session, message, waiting, until=until, at=at)
                case Go():
                    _mark_sending(session, message, facts, at)
            return message

    async def _hand_over(self, message: Message, turn: AsyncExitStack) -> Receipt:
        """What the provider took. Raises PermanentlyRefused or NotTaken."""
        if message.channel == Channel.SMS:
            sid = await self.twilio.send(
                message_id=message.number, to=message.to_address, body=message.text
            )
            return Receipt(sid)
        if message.channel == Channel.APP:
            key = await self.app.push(
                message_id=message.number, to=message.to_address, title=message.subject,
                text=message.text, timestamp=int(datetime.now(UTC).timestamp()),
            )  # fmt: skip
            return Receipt(key)
        return await self._mail(message, turn)

    async def _mail(self, message: Message, turn: AsyncExitStack) -> Receipt:
        async with self.database.read() as session:
            files = tuple(
                File(file.name, file.content_type, file.content)
                for file in await messages.attachments_of(session, message)
            )
            account = await sender_of(session, message)
        mail = Mail(
            message_id=rules.mail_id(
                message.key, made_at=message.created_at, domain=self.smtp.domain
            ),
            to=addresses(message.to_address),
            cc=addresses(message.cc_address),
            subject=message.subject,
            text=message.text,
            html=message.html,
            written_at=message.created_at,
            files=files,
            in_reply_to=message.in_reply_to,
            reply_to=self.support if _may_be_answered(message) else "",
            is_automatic=message.created_by == SYSTEM,
            sender=(account.name, account.address) if account else None,
            refusal=self._refusal(message),
        )
        return Receipt(mail.message_id, tuple(await self.smtp.send(mail, turn)))

    def _refusal(self, message: Message) -> str:
        """Where its reader says that they want no more such e-mails; empty where they must have it,
        as the law's notices and answers."""
        if message.customer_id is None or not heeds_opt_out(message.purpose):
            return ""
        return refusal_address(message.customer_id, self.settings)


def _may_be_answered(message: Message) -> bool:
    """Whether an answer has its place with us: in a ticket's thread, or in the letter's case."""
    return message.case_id is not None or is_conversation(message.purpose)


async def delivery_facts(session: AsyncSession, message: Message, at: datetime) -> DeliveryFacts:
    """What decides about a message, as it stands in this transaction."""
    purpose = BY_CODE.get(message.purpose)
    facts = DeliveryFacts(
        not_before=message.not_before,
        respects_window=message.respects_window,
        is_limited=not (purpose and purpose.is_legal_notice),
        is_paid=await _is_paid(session, message),
    )
    if message.customer_id is None:
        return facts
    # Two messages to one customer are decided one after the other, or both would be today's first.
    statement = select(Customer).where(Customer.id == message.customer_id)
    customer = (await session.exec(statement.with_for_update(key_share=True))).one()
    uf = customer.uf if customer.uf in TIME_ZONES else None
    since, until = local_day(at, uf=uf)
    is_for_today = purpose is not None and purpose.is_for_today
    return replace(
        facts,
        expires_at=local_day(message.created_at, uf=uf)[1] if is_for_today else None,
        is_opted_out=heeds_opt_out(message.purpose)
        and await messages.is_opted_out(
            session, customer_id=message.customer_id, channel=message.channel
        ),
        is_blocked=await is_blocked(session, message),
        is_left_alone=_asks_by_routine(message)
        and await is_left_alone(session, message.customer_id),
        is_taken_out=await is_out(session, message, on=local_date(at)),
        uf=uf,
        channel=Channel(message.channel),
        contacts=await contacts_made.contacts_before(
            session, message, week=since - REST_OF_WEEK, day=since, until=until
        ),
        closures=await contact_closures(session, uf=uf or "", city=customer.city),
        hours=await load_contact_hours(session),
        within=await load_channel_hours(session, message.channel),
    )


def _asks_by_routine(message: Message) -> bool:
    """Whether the system itself asks for an open debt; what a person writes is their own word."""
    return message.created_by == SYSTEM and message.requires_open_invoice


async def _is_paid(session: AsyncSession, message: Message) -> bool:
    if not message.requires_open_invoice or message.invoice_id is None:
        return False
    if ladder_refresh.is_of_ladder(message):
        return not await ladder_refresh.open_invoices(session, message)
    statement = select(Invoice.status).where(Invoice.id == message.invoice_id)
    return (await session.exec(statement)).one() != InvoiceStatus.OPEN


def _mark_sending(
    session: AsyncSession, message: Message, facts: DeliveryFacts, at: datetime
) -> None:
    message.status = MessageStatus.SENDING
    message.attempts += 1
    # The provider's clock is the wall's, and it is asked what came since then.
    message.attempted_at = datetime.now(UTC)
    session.add(message)
    messages.record(
        session, message, kind=message.status, at=at, attempt=message.attempts,
        uf=facts.uf, contacts_today=facts.contacts.today,
        respects_window=facts.respects_window, is_paid=facts.is_paid,
    )  # fmt: skip
