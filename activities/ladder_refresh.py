"""A ladder's letter on its way out: what was paid since it was written is not in it any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import ladder_letters
from activities.ladder_letters import Envelope
from activities.templates import MessageNotRendered, Rendered, render
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
    executions = await _executions(session, message)
    owed = await _owed(session, executions)
    owing = [each for each in executions if owed[each.invoice_id]]
    is_as_written = all(
        owed[each.invoice_id] == Decimal(each.facts["open_amount"]) for each in executions
    )
    if not owing or is_as_written:
        return
    template = await session.get_one(MessageTemplate, message.template_id)
    text = await _rendered(session, message, template, owing, at=at)
    if text is None:
        return  # it was written once: that text stays
    message.subject, message.text, message.html = text.subject, text.text, text.html
    message.invoice_id = min(each.invoice_id for each in owing)
    session.add(message)


async def written_with(
    session: AsyncSession, message: Message, template: MessageTemplate, *, at: datetime
) -> Rendered | None:
    """This will say a letter in the words of another template, of what is still owed.

    None when nothing is, or the template does not fit.
    """
    executions = await _executions(session, message)
    owed = await _owed(session, executions)
    owing = [each for each in executions if owed[each.invoice_id]]
    return await _rendered(session, message, template, owing, at=at) if owing else None


async def _executions(session: AsyncSession, message: Message) -> Sequence[LadderExecution]:
    said = select(LadderExecution).where(LadderExecution.contact == message.contact)
    return (await session.exec(said.order_by(col(LadderExecution.invoice_id)))).all()


async def _owed(session: AsyncSession, executions: Sequence[LadderExecution]) -> dict[int, Decimal]:
    """What each invoice owes now."""
    ids = [each.invoice_id for each in executions]
    now = select(Invoice).where(col(Invoice.id).in_(ids))
    return {
        each.key: each.open_amount if each.status == InvoiceStatus.OPEN else Decimal(0)
        for each in await session.exec(now)
    }


async def _rendered(
    session: AsyncSession,
    message: Message,
    template: MessageTemplate,
    owing: Sequence[LadderExecution],
    *,
    at: datetime,
) -> Rendered | None:
    day = local_date(at)
    standing = {each.id: each for each in await standing_ladders(session)}
    subjects = []
    for each in owing:
        ladder = standing[each.ladder_id]
        subjects += await subjects_of_ladder(session, ladder, invoice_id=each.invoice_id)
    channels = (str(template.channel),)
    rung = Rung(0, Action.MESSAGE, 0, purpose=message.purpose, channels=channels)
    envelope = Envelope(message.customer_id or 0, Letter(rung, ()), tuple(subjects))
    desk = await ladder_letters.desk(
        session, [envelope], rungs={each.id: each.rungs for each in standing.values()},
        policy=await load_policy(session, LadderPolicy()), day=day, at=at,
    )  # fmt: skip
    try:
        return render(template, ladder_letters.values_of(envelope, desk))
    except MessageNotRendered:
        return None
