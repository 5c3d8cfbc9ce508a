"""The transitions of bureau records: noticed, registered, in conflict once paid, removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.bureau_orders import (
    order_inclusion,
    order_inclusion_again,
    order_removal,
    void_inclusion,
)
from activities.bureau_steps import TASKS, ask_proof, ask_removal
from activities.cases import Answer, Move, Moved, transition
from activities.coming_days import may_run
from activities.tasks import withdraw_tasks
from models import bureau, cases, outbox
from models.bureau import BureauRecord
from models.bureau_facts import load_facts
from models.bureau_notices import NOTICE
from models.cases import Case
from models.contested import contested
from models.database import Database
from models.invoices import Invoice, label_of, record_invoice_event
from models.messages import withdraw_messages
from models.policies import load_policy, rules_as_they_are
from models.standings import refresh_standings
from rules import bureau as rules
from rules.bureau import BureauPolicy, BureauStep, RecordFacts, RecordStage, RemoveFromBureau
from rules.cases import Elapsed, News, Process, Step, spread
from rules.messages import NoticeState
from rules.sentences import N_

BureauCommand = Annotated[RemoveFromBureau | Elapsed | News, Field(discriminator="kind")]


class BureauActivities:
    """The transitions of bureau records."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def move_bureau_record(self, move: Move[BureauCommand]) -> Moved:
        """One transition of one record."""
        return await transition(self.database, move, decide)


async def decide(session: AsyncSession, case: Case, command: BureauCommand, at: datetime) -> Answer:
    """What a command does to a record; everything inside the caller's transaction."""
    record = await bureau.record_of(session, case.subject_id)
    was = record.stage
    match command:
        case RemoveFromBureau():
            rules.check_live(RecordStage(record.stage))
            rules.check_details(command.details)
            await _leave(session, case, record, by=command.by, details=command.details, at=at)
        case Elapsed(step=step):
            await _catch_up(session, case, record, at)
            await _elapse(session, case, record, BureauStep(step), at)
        case News():
            await _catch_up(session, case, record, at)
    await schedule(session, case, record, at=at)
    if record.stage != was:
        await _tell(session, case, record, by=command.by, at=at)
    return {"record_id": record.number, "stage": record.stage}


async def schedule(
    session: AsyncSession, case: Case, record: BureauRecord, *, at: datetime
) -> None:
    """This will write down what comes next if nobody acts, and by when the law wants it gone."""
    policy = await load_policy(session, BureauPolicy())
    facts = await load_facts(session, case, record, policy=policy, now=at)
    step = rules.next_step(facts, policy)
    cases.schedule(case, Step(step.kind, spread(step.at, case.number)) if step else None)
    case.due_at = rules.removal_due_at(record.remove_by) if record.remove_by else None


async def _catch_up(session: AsyncSession, case: Case, record: BureauRecord, at: datetime) -> None:
    """What was paid, or taken back, by now."""
    policy = await load_policy(session, BureauPolicy())
    facts = await load_facts(session, case, record, policy=policy, now=at)
    if facts.stage is RecordStage.NOTICED and (facts.freed_on or not facts.is_owed):
        await _leave(session, case, record, by="system", details="", at=at)
    elif facts.stage is RecordStage.NOTICED:
        if facts.notice is NoticeState.SENT:
            await _withdraw(session, case, at)
    elif facts.is_refused and facts.stage.is_live:
        record.registered_at = None
        await _leave(session, case, record, by="system", details="", at=at)
    elif facts.stage is RecordStage.REGISTERED and facts.freed_on:
        record.conflict_since = at
        record.remove_by = rules.remove_by(facts.freed_on, policy=policy, calendar=facts.calendar)
        await _put(session, case, record, RecordStage.CONFLICT, by="system", at=at)
        await void_inclusion(session, record)
    elif facts.stage is RecordStage.CONFLICT and not facts.freed_on:
        record.conflict_since = record.remove_by = None
        await _withdraw(session, case, at)
        await _put(session, case, record, RecordStage.REGISTERED, by="system", at=at)
        await order_inclusion_again(session, record, at=at)


async def _elapse(
    session: AsyncSession, case: Case, record: BureauRecord, step: BureauStep, at: datetime
) -> None:
    """The step is taken only if it is still what comes next: all may be paid meanwhile."""
    policy = await load_policy(session, BureauPolicy())
    facts = await load_facts(session, case, record, policy=policy, now=at)
    due = rules.next_step(facts, policy)
    if due is None or due.kind != step or due.at > at:
        return
    if not await may_run(session, case, due, at=at):
        return
    match step:
        case BureauStep.REGISTER:
            record.registered_at = at
            because = await _why(session, record, facts, policy)
            await _put(
                session, case, record, RecordStage.REGISTERED, by="system", at=at, because=because
            )
            await order_inclusion(session, record, at=at)
        case BureauStep.ASK_PROOF:
            await ask_proof(session, case, at=at)
        case BureauStep.EXPIRE:
            await _leave(session, case, record, by="system", details="", at=at)
        case BureauStep.ASK_REMOVAL | BureauStep.ALERT_REMOVAL:
            await ask_removal(session, case, record, step, at=at)


async def _leave(
    session: AsyncSession, case: Case, record: BureauRecord, *, by: str, details: str, at: datetime
) -> None:
    """A record that never reached the bureau is withdrawn, and its invoice was never there."""
    record.removed_at, record.removed_by, record.removal_details = at, by, details
    gone = RecordStage.REMOVED if record.registered_at else RecordStage.WITHDRAWN
    await _withdraw(session, case, at)
    await withdraw_messages(session, case_id=case.number, purposes=(NOTICE,), at=at)
    await _put(session, case, record, gone, by=by, at=at)
    if gone is RecordStage.REMOVED:
        await order_removal(session, case, record, at=at)


async def _put(  # noqa: PLR0913 - where it goes, who put it there, and why
    session: AsyncSession,
    case: Case,
    record: BureauRecord,
    stage: RecordStage,
    *,
    by: str,
    at: datetime,
    because: Mapping[str, Any] | None = None,
) -> None:
    """The record, its case and its invoice are in one stage, and their histories say so."""
    record.stage = stage
    session.add(record)
    if because:
        cases.record_event(session, case, kind=BureauStep.REGISTER, by=by, at=at, **because)
    cases.move_to(session, case, stage, by=by, at=at, is_final=not stage.is_live)
    invoice = await session.get_one(Invoice, record.invoice_id, with_for_update=True)
    invoice.bureau_stage = None if stage is RecordStage.WITHDRAWN else stage
    session.add(invoice)
    record_invoice_event(
        session, invoice, kind=f"bureau_{stage}", by=by, at=at, record_id=record.number,
        details=record.removal_details, contested=await _disputed(session, invoice, stage),
        **(because or {}),
    )  # fmt: skip


async def _why(
    session: AsyncSession, record: BureauRecord, facts: RecordFacts, policy: BureauPolicy
) -> dict[str, str | int]:
    """The rule that registered a debt, its version, and what was known at that instant."""
    invoice = await session.get_one(Invoice, record.invoice_id)
    return {
        **await rules_as_they_are(session, policy, "grace_days", "max_years"),
        "open_amount": str(invoice.open_amount), "due_date": invoice.due_date.isoformat(),
        "noticed_at": facts.noticed_at.isoformat(), "notice": facts.notice,
        "stood_still_days": facts.stood_still_days, "added_by": record.added_by,
        "override_reason": record.override_reason, "expires_on": record.expires_on.isoformat(),
    }  # fmt: skip


async def _disputed(session: AsyncSession, invoice: Invoice, stage: RecordStage) -> str | None:
    """The invoice whose contestation the record conflicts with; None: it is a payment."""
    is_contested = stage is RecordStage.CONFLICT and await contested(session, [invoice.key])
    return label_of(invoice) if is_contested else None


async def _withdraw(session: AsyncSession, case: Case, at: datetime) -> None:
    await withdraw_tasks(
        session, for_case_id=case.number, kinds=TASKS, reason=N_("Não é mais necessária."), at=at
    )


async def _tell(
    session: AsyncSession, case: Case, record: BureauRecord, *, by: str, at: datetime
) -> None:
    """The customer's collections hear of it, and its history tells it."""
    account = await cases.case_of(
        session, process=Process.COLLECTIONS, subject_id=record.customer_id
    )
    if account is not None:
        cases.record_event(
            session, account, kind=f"bureau_{record.stage}", by=by, at=at,
            record_id=record.number, invoice_id=record.invoice_id, details=record.removal_details,
        )  # fmt: skip
        outbox.tell_case(session, account, news_id=f"bureau/{record.number}/{case.version}", at=at)
    await refresh_standings(session, [record.customer_id])
