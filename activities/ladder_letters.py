"""The ladder's letters, a page at a time: what write_to_customer does, for many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import message_values
from activities.templates import MessageNotRendered, Rendered, render, template_for
from models.app_accesses import with_app
from models.customers import Customer
from models.imports import insert_rows
from models.ladder_day import Subject
from models.message_templates import MessageTemplate
from models.messages import Message, MessageEvent, OptOut
from models.outbox import OutboxEntry, Verb
from models.rows import in_parts
from rules.ladder import LadderFacts
from rules.ladder_consequences import consequences
from rules.ladder_letters import Letter, letter_key
from rules.ladder_steps import LadderPolicy, Rung
from rules.message_templates import PURPOSES, purpose_of
from rules.messages import Channel, MessageStatus, Suppression, channels_after

#: What is not said any more once a later letter of the ladder is.
PLAIN = [p.code for p in PURPOSES if p.code.startswith("ladder_") and not p.is_legal_notice]


#: What a letter says of whom it is to, and where it goes: read without the rest of the customer.
ADDRESSED = (
    col(Customer.id), col(Customer.code), col(Customer.name), col(Customer.document),
    col(Customer.city), col(Customer.uf), col(Customer.email), col(Customer.mobile),
)  # fmt: skip


@dataclass(frozen=True)
class Envelope:
    """A letter and the customer it goes to."""

    customer_id: int
    letter: Letter
    subjects: tuple[Subject, ...]

    def key(self, day: date) -> str:
        """By what the letter is known again."""
        return letter_key(
            customer_id=self.customer_id, rung_id=self.letter.rung.id, day=day
        )  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """What writing needs beside the letters: templates by purpose and channel, people, opt-outs."""

    templates: Mapping[tuple[str, str], MessageTemplate]
    standard: Mapping[str, Any]
    customers: Mapping[int, Any]  #: rows of ADDRESSED
    opted_out: frozenset[tuple[int, str]]
    with_app: frozenset[int]
    rungs: Mapping[int, Sequence[Rung]]
    policy: LadderPolicy
    day: date
    at: datetime
    #: Suspension and termination that come of what stands alike on one ladder, once worked out.
    foreseen: dict[tuple[int, LadderFacts], tuple[date, date]] = field(default_factory=dict)


async def desk(
    session: AsyncSession,
    envelopes: Sequence[Envelope],
    *,
    rungs: Mapping[int, Sequence[Rung]],
    policy: LadderPolicy,
    day: date,
    at: datetime,
) -> Desk:
    """This will lay out what these letters need, in a few queries."""
    people = {envelope.customer_id for envelope in envelopes}
    templates: dict[tuple[str, str], MessageTemplate] = {}
    for purpose in {envelope.letter.rung.purpose for envelope in envelopes}:
        for channel in purpose_of(purpose).channels:
            found = await template_for(session, code=purpose, channel=channel, at=at)
            if found is not None:
                templates[purpose, channel] = found
    customers = await in_parts(session, ADDRESSED, col(Customer.id), sorted(people))
    refused = select(OptOut.customer_id, OptOut.channel).where(col(OptOut.customer_id).in_(people))
    return Desk(
        templates=templates,
        standard=await message_values.standard_values(session, at=at),
        customers={each.id: each for each in customers},
        opted_out=frozenset((await session.exec(refused)).all()),
        with_app=await with_app(session, people),
        rungs=rungs, policy=policy, day=day, at=at,
    )  # fmt: skip


async def write(session: AsyncSession, envelopes: Sequence[Envelope], desk: Desk) -> int:
    """This will store the letters and have them delivered; gives how many messages they made.

    A letter that waits for its hour says nothing new beside a later one: it is withdrawn.
    """
    rows = [row for envelope in envelopes for row in _messages(envelope, desk)]
    if not rows:
        return 0
    await _supersede(session, {row["customer_id"] for row in rows}, desk.at)
    ids = await _inserted(session, rows)
    await insert_rows(session, MessageEvent, [_event(row, ids, desk.at) for row in rows])
    queued = [row for row in rows if row["status"] == MessageStatus.QUEUED]
    await insert_rows(session, OutboxEntry, [_start(ids[row["key"]], desk.at) for row in queued])
    return len(rows)


def values_of(envelope: Envelope, desk: Desk) -> dict[str, Any]:
    """What a letter's template may mention."""
    customer = desk.customers[envelope.customer_id]
    invoices = [_invoice(subject, desk.day) for subject in envelope.subjects]
    total = sum((each["open_amount"] for each in invoices), Decimal(0))
    late = [each for each in invoices if each["due_date"] < desk.day]
    debt = {
        "invoices": len(late),
        "amount": sum((each["open_amount"] for each in late), Decimal(0)),
        "oldest_due": min((each["due_date"] for each in late), default=desk.day),
    }
    return {
        **desk.standard,
        "customer": message_values.customer_names(customer),
        "debt": debt,
        "invoices": invoices,
        "total": total,
        "ladder": _consequences(envelope, desk),
    }


def _messages(envelope: Envelope, desk: Desk) -> list[dict[str, Any]]:
    values = values_of(envelope, desk)
    rung = envelope.letter.rung
    rows = [
        _row(envelope, desk, desk.templates[rung.purpose, channel], values)
        for channel in rung.channels
        if (rung.purpose, channel) in desk.templates
    ]
    return [*rows, *_instead(envelope, desk, values, rows)]


def _instead(
    envelope: Envelope, desk: Desk, values: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The letter by the next channel, for who has an address on none of the step's own."""
    if not rows or any(row["reason"] != Suppression.NO_ADDRESS for row in rows):
        return []
    rung, tried = envelope.letter.rung, {row["channel"] for row in rows}
    for channel in channels_after(rows[-1]["channel"], purpose_of(rung.purpose).channels):
        template = desk.templates.get((rung.purpose, channel))
        if channel not in tried and template is not None:
            row = _row(envelope, desk, template, values)
            if row["status"] == MessageStatus.QUEUED:
                return [row]
    return []


def _row(
    envelope: Envelope, desk: Desk, template: MessageTemplate, values: Mapping[str, Any]
) -> dict[str, Any]:
    customer = desk.customers[envelope.customer_id]
    contact, channel = envelope.key(desk.day), template.channel
    address = _address(customer, channel, desk)
    status, reason = _status(envelope, desk, template, address)
    try:
        text = render(template, values)
    except MessageNotRendered as problem:
        text = Rendered(template.subject[:300], template.text, "")
        status, reason = MessageStatus.FAILED, f"template: {problem}"[:300]
    return {
        "key": f"{contact}/{channel}", "contact": contact, "customer_id": envelope.customer_id,
        "invoice_id": envelope.subjects[0].invoice_id, "channel": channel,
        "purpose": template.code, "template_id": template.id, "to_address": address,
        "cc_address": "", "subject": text.subject, "text": text.text, "html": text.html,
        "note": "", "respects_window": True, "requires_open_invoice": True, "status": status,
        "reason": reason, "not_before": desk.at, "attempts": 0, "created_at": desk.at,
        "created_by": "system",
    }  # fmt: skip


def _address(customer: Any, channel: str, desk: Desk) -> str:
    if channel == Channel.APP:
        return customer.code if customer.id in desk.with_app else ""
    return (customer.email if channel == Channel.EMAIL else customer.mobile) or ""


def _status(
    envelope: Envelope, desk: Desk, template: MessageTemplate, address: str
) -> tuple[MessageStatus, str]:
    """Legal notices go out in spite of an opt-out: the law wants them sent."""
    is_refused = (envelope.customer_id, template.channel) in desk.opted_out
    if not template.is_active:
        return MessageStatus.SUPPRESSED, Suppression.SWITCHED_OFF
    if not address:
        return MessageStatus.SUPPRESSED, Suppression.NO_ADDRESS
    if is_refused and not envelope.letter.rung.is_legal_notice:
        return MessageStatus.SUPPRESSED, Suppression.OPTED_OUT
    return MessageStatus.QUEUED, ""


def _invoice(subject: Subject, today: date) -> dict[str, Any]:
    return {
        "number": subject.number,
        "due_date": subject.due_date,
        "amount": subject.amount,
        "open_amount": subject.open_amount,
        "description": subject.description,
        "days_late": max((today - subject.due_date).days, 0),
    }


def _consequences(envelope: Envelope, desk: Desk) -> dict[str, date | int]:
    """When the first suspension and the termination would come, if nothing is paid; and how soon
    a service is back once it is."""
    found = [_foreseen(subject, desk) for subject in envelope.subjects]
    return {
        "suspended_on": min(suspended for suspended, _ in found),
        "terminated_on": min(ended for _, ended in found),
        "restore_hours": desk.policy.restore_hours,
    }


def _foreseen(subject: Subject, desk: Desk) -> tuple[date, date]:
    key = subject.ladder_id, subject.facts
    if key not in desk.foreseen:
        rungs = desk.rungs[subject.ladder_id]
        desk.foreseen[key] = consequences(rungs, subject.facts, policy=desk.policy, day=desk.day)
    return desk.foreseen[key]


async def _supersede(session: AsyncSession, customer_ids: Collection[int], at: datetime) -> None:
    gone = {"status": str(MessageStatus.SUPPRESSED), "reason": str(Suppression.SUPERSEDED)}
    # In one statement: what is being sent by now is no longer among those that wait.
    waiting: Any = (
        update(Message)
        .where(
            col(Message.customer_id).in_(customer_ids),
            col(Message.purpose).in_(PLAIN),
            col(Message.status) == MessageStatus.QUEUED,
        )
        .values(**gone)
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    )
    ids = list((await session.exec(waiting)).scalars())
    events = [
        {"message_id": each, "at": at, "kind": gone["status"], "reason": gone["reason"],
         "facts": {}}
        for each in ids
    ]  # fmt: skip
    await insert_rows(session, MessageEvent, events)


async def _inserted(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """The ids of the new messages, by key."""
    await insert_rows(session, Message, rows)
    columns = (col(Message.key), col(Message.id))
    stored = await in_parts(session, columns, columns[0], [row["key"] for row in rows])
    return {key: number for key, number in stored}  # noqa: C416 - rows are not pairs to mypy


def _event(row: Mapping[str, Any], ids: Mapping[str, int], at: datetime) -> dict[str, Any]:
    return {
        "message_id": ids[row["key"]], "at": at, "kind": row["status"], "reason": row["reason"],
        "facts": {},
    }  # fmt: skip


def _start(message_id: int, at: datetime) -> dict[str, Any]:
    return {
        "verb": Verb.START, "workflow": "MessageDelivery", "workflow_id": f"messages/{message_id}",
        "argument": {"message_id": message_id}, "news_id": None, "created_at": at, "attempts": 0,
    }  # fmt: skip
