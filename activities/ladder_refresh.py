"""A ladder's letter on its way out: what was paid since it was written is not in it any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import ladder_letters
from activities.ladder_letters import Envelope
from activities.templates import MessageNotRendered, render
from models.invoices import Invoice
from models.ladder_day import standing_ladders, subjects_of_ladder
from models.ladders import LadderExecution
from models.message_templates import MessageTemplate
from models.messages import Message
from models.policies import load_policy
from rules.business_days import local_date
from rules.ladder_letters import PREFIX, Letter
from rules.ladder_steps import Action, LadderPolicy, Rung
from rules.panels import InvoiceStatus


def is_of_ladder(message: Message) -> bool:
    """Whether the message is one of the ladder's letters."""
    return message.contact.startswith(PREFIX)


async def open_invoices(session: AsyncSession, message: Message) -> list[int]:
    """The invoices of a letter that are still open."""
    statement = (
        select(Invoice.id)
        .join(LadderExecution, col(LadderExecution.invoice_id) == col(Invoice.id))
        .where(
            LadderExecution.contact == message.contact, Invoice.status == InvoiceStatus.OPEN
        )
    )  # fmt: skip
    return [each for each in await session.exec(statement) if each]


async def refresh(session: AsyncSession, message: Message, *, at: datetime) -> None:
    """This will write a letter anew when money came in meanwhile; an attempt was made: nothing."""
    if message.attempts or not is_of_ladder(message):
        return
    said = select(LadderExecution).where(LadderExecution.contact == message.contact)
    executions = (await session.exec(said.order_by(col(LadderExecution.invoice_id)))).all()
    owed = await _owed(session, executions)
    owing = [each for each in executions if owed[each.invoice_id]]
    is_as_written = all(
        owed[each.invoice_id] == Decimal(each.facts["open_amount"]) for each in executions
    )
    if owing and not is_as_written:
        await _write_anew(session, message, owing, at=at)


async def _owed(session: AsyncSession, executions: Sequence[LadderExecution]) -> dict[int, Decimal]:
    """What each invoice owes now."""
    ids = [each.invoice_id for each in executions]
    now = select(Invoice).where(col(Invoice.id).in_(ids))
    return {
        each.key: each.open_amount if each.status == InvoiceStatus.OPEN else Decimal(0)
        for each in await session.exec(now)
    }


async def _write_anew(
    session: AsyncSession, message: Message, owing: Sequence[LadderExecution], *, at: datetime
) -> None:
    day = local_date(at)
    standing = {each.id: each for each in await standing_ladders(session)}
    subjects = []
    for each in owing:
        ladder = standing[each.ladder_id]
        subjects += await subjects_of_ladder(session, ladder, invoice_id=each.invoice_id)
    rung = Rung(0, Action.MESSAGE, 0, purpose=message.purpose, channels=(message.channel,))
    envelope = Envelope(message.customer_id or 0, Letter(rung, ()), tuple(subjects))
    desk = await ladder_letters.desk(
        session, [envelope], rungs={each.id: each.rungs for each in standing.values()},
        policy=await load_policy(session, LadderPolicy()), day=day, at=at,
    )  # fmt: skip
    template = await session.get_one(MessageTemplate, message.template_id)
    try:
        text = render(template, ladder_letters.values_of(envelope, desk))
    except MessageNotRendered:
        return  # it was written once: that text stays
    message.subject, message.text, message.html = text.subject, text.text, text.html
    message.invoice_id = subjects[0].invoice_id
    session.add(message)
