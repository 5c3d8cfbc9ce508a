"""A customer's answer by SMS: it joins the case that was written about, and its owner is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import present, team_id_of
from activities.delivery_results import opt_out
from activities.tasks import NewTask, make_task
from models import cases, inbound_sms, outbox
from models.calendars import load_calendar
from models.cases import Case
from models.customers import Customer
from models.inbound_sms import InboundSms
from rules import inbound_sms as rules
from rules.business_days import local_date
from rules.cases import SYSTEM, Process
from rules.due import due_after
from rules.messages import Channel
from rules.sentences import N_

TASK_KIND = "sms_answer"
REASON = N_("O cliente respondeu por SMS.")
CONSEQUENCE = N_("O cliente fica sem resposta.")


async def take_in(
    session: AsyncSession, *, provider_id: str, sender: str, text: str, at: datetime
) -> None:
    """This will keep an SMS and bring it to its case; told again, it changes nothing.

    The case is the one that we wrote about last. A word such as SAIR keeps further SMS away.
    """
    if not provider_id:
        raise rules.SmsWithoutIdentity
    if await inbound_sms.is_known(session, provider_id):
        return
    known = await inbound_sms.customers_with_mobile(session, sender)
    ours = await inbound_sms.newest_sms_to(session, [each.id or 0 for each in known])
    kept = InboundSms(
        provider_id=provider_id[:120], sender=sender[:20], text=text[: rules.LONGEST],
        customer_id=ours.customer_id if ours else known[0].id if known else None,
        case_id=ours.case_id if ours else None, received_at=at,
        outcome=rules.outcome_of(text, is_customer=bool(known), has_case=ours is not None),
    )  # fmt: skip
    session.add(kept)
    case = await cases.lock_case(session, kept.case_id) if kept.case_id else None
    if kept.outcome == rules.SmsOutcome.OPTED_OUT:
        await _keep_away(session, known, case, at=at)
    else:
        await _ask(session, kept, case, at=at)


async def _keep_away(
    session: AsyncSession, customers: Sequence[Customer], case: Case | None, *, at: datetime
) -> None:
    for each in customers:
        await opt_out(session, customer_id=each.id or 0, channel=Channel.SMS, by=SYSTEM, at=at)
    if case is not None:
        cases.record_event(session, case, kind="sms_opted_out", by=SYSTEM, at=at)


async def _ask(session: AsyncSession, kept: InboundSms, case: Case | None, *, at: datetime) -> None:
    """Whoever has the case answers, else its team; of a stranger, a task a day."""
    customer = await session.get(Customer, kept.customer_id) if kept.customer_id else None
    day = local_date(at)
    key = f"sms/{kept.provider_id}" if customer else f"sms/{kept.sender}/{day}"
    team_id = case.team_id if case else None
    await make_task(
        session,
        NewTask(
            key=key[:120],
            kind=TASK_KIND,
            title=N_("Responder ao SMS de %(name)s"),
            places={"name": customer.name if customer else kept.sender},
            description=kept.text,
            process=case.process if case else Process.COLLECTIONS,
            for_case_id=case.number if case else None,
            customer_id=kept.customer_id,
            assignee=await present(session, case.owner, at=at) if case else None,
            team_id=team_id or await team_id_of(session, ""),
            due_at=due_after(at, business_days=1, calendar=await load_calendar(session)),
            reason=REASON,
            consequence=CONSEQUENCE,
        ),
        by=SYSTEM,
        at=at,
    )
    if case is not None:
        cases.record_event(
            session, case, kind="sms_received", by=SYSTEM, at=at, text=kept.text[:300]
        )
        outbox.tell_case(session, case, news_id=f"sms/{kept.provider_id}"[:120], at=at)
