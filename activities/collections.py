"""Collections: the transitions of a customer's account, and what each step does by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.agreements import make_agreement
from activities.bureau import add_records
from activities.cases import Answer, Move, Moved, transition
from activities.collection_steps import take_step
from activities.coming_days import may_run
from activities.tasks import withdraw_tasks
from models import cases, collections
from models.account_facts import load_facts, unsettled_invoices
from models.cases import Case
from models.contested import contested
from models.database import Database
from models.invoices import Invoice, invoices_by_id, label_of, put_in_stage
from models.messages import withdraw_messages
from models.policies import load_policy
from models.standings import refresh_standings
from rules import collections as rules
from rules.agreement_terms import MakeAgreement
from rules.bureau import AddToBureau
from rules.cases import Elapsed, News, Step, spread
from rules.collection_commands import (
    ConfirmProcess,
    InvoiceFacts,
    NothingToConfirm,
    StartCollection,
    check_start,
)
from rules.collection_stages import CollectionStage
from rules.collections import (
    BEFORE_AGREEMENT,
    LEAVES_AS,
    AccountEvent,
    AccountFacts,
    AccountStage,
    AccountStep,
    CollectionsPolicy,
    MoveReason,
)
from rules.contested import check_uncontested
from rules.customer_marks import TASKS
from rules.panels import InvoiceStatus
from rules.sentences import N_

CollectionsCommand = Annotated[
    StartCollection | ConfirmProcess | MakeAgreement | AddToBureau | Elapsed | News,
    Field(discriminator="kind"),
]


class CollectionsActivities:
    """The transitions of collections."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def move_collections(self, move: Move[CollectionsCommand]) -> Moved:
        """One transition of one customer's collections."""
        return await transition(self.database, move, decide)


async def decide(
    session: AsyncSession, case: Case, command: CollectionsCommand, at: datetime
) -> Answer:
    """What a command does to an account; everything inside the caller's transaction."""
    left = await _let_go(session, case, at)
    answer: Answer = {}
    match command:
        case StartCollection():
            answer = await _start(session, case, command, at)
        case ConfirmProcess():
            answer = await _confirm(session, case, command, at)
        case MakeAgreement():
            answer = await make_agreement(session, case, command, at)
        case AddToBureau():
            answer = await add_records(session, case, command, at)
        case Elapsed(step=step):
            await _elapse(session, case, AccountStep(step), at)
        case News():
            pass
    await _settle(session, case, by=command.by, at=at)
    if answer or left:  # once and last: two refreshes could lock the totals in two orders
        await refresh_standings(session, [case.subject_id])
    return {"stage": case.stage, **answer}


async def _let_go(session: AsyncSession, case: Case, at: datetime) -> bool:
    """Invoices that are no longer owed leave by themselves; whether any did."""
    invoices = await unsettled_invoices(session, case.subject_id, stages=BEFORE_AGREEMENT)
    paid = [i for i in invoices if i.status == InvoiceStatus.SETTLED]
    gone = [i for i in invoices if i.status in LEAVES_AS and i not in paid]
    for kind, leaving in ((AccountEvent.RECOVERED, paid), (AccountEvent.WITHDRAWN, gone)):
        for invoice in leaving:
            stage, reason = LEAVES_AS[InvoiceStatus(invoice.status)]
            put_in_stage(session, invoice, stage, by="system", at=at, reason=reason)
        _tell_history(session, case, kind, leaving, by="system", at=at)
    return bool(paid or gone)


async def _start(
    session: AsyncSession, case: Case, command: StartCollection, at: datetime
) -> Answer:
    picked = sorted(set(command.invoice_ids))
    invoices = await invoices_by_id(session, picked)
    check_start(
        {number: _facts_of(invoice) for number, invoice in invoices.items()},
        picked=picked, customer_id=case.subject_id,
    )  # fmt: skip
    started = [invoices[number] for number in picked]
    disputed = await contested(session, picked)
    check_uncontested(label_of(each) for each in started if each.key in disputed)
    for invoice in started:
        put_in_stage(
            session, invoice, CollectionStage.IN_CONTACT, by=command.by, at=at,
            reason=MoveReason.STARTED,
        )  # fmt: skip
    _tell_history(session, case, AccountEvent.STARTED, started, by=command.by, at=at)
    case.owner = command.by
    return {"invoice_ids": picked}


async def _confirm(
    session: AsyncSession, case: Case, command: ConfirmProcess, at: datetime
) -> Answer:
    found = await unsettled_invoices(session, case.subject_id, stages=[CollectionStage.IN_CONTACT])
    disputed = await contested(session, [invoice.key for invoice in found])
    invoices = [invoice for invoice in found if invoice.key not in disputed]
    if not invoices:
        raise NothingToConfirm
    account = await collections.open_account(session, case, by=command.by, at=at)
    for invoice in invoices:
        put_in_stage(
            session, invoice, CollectionStage.NEGOTIATING, by=command.by, at=at,
            reason=MoveReason.CONFIRMED,
        )  # fmt: skip
    _tell_history(session, case, AccountEvent.CONFIRMED, invoices, by=command.by, at=at)
    case.owner = command.by
    return {"account_id": account.id, "invoice_ids": [invoice.key for invoice in invoices]}


async def _elapse(session: AsyncSession, case: Case, step: AccountStep, at: datetime) -> None:
    """The step is taken only if it is still what comes next: a message may have left meanwhile."""
    facts = await load_facts(session, case)
    policy = await load_policy(session, CollectionsPolicy())
    due = rules.next_step(facts, policy)
    is_due = due is not None and due.kind == step and due.at <= at
    if due is not None and is_due and await may_run(session, case, due, at=at):
        await take_step(session, case, step, facts=facts, policy=policy, at=at)


async def _settle(session: AsyncSession, case: Case, *, by: str, at: datetime) -> None:
    """After any move: the stage that follows from the invoices, and what comes next."""
    facts = await load_facts(session, case)
    policy = await load_policy(session, CollectionsPolicy())
    await _withdraw(session, case, facts, policy, at)
    stage = rules.stage_of(facts)
    if case.closed_at is None:
        is_final = stage is AccountStage.CLOSED
        cases.move_to(session, case, stage, by=by, at=at, is_final=is_final)
    step = rules.next_step(facts, policy)
    cases.schedule(case, Step(step.kind, spread(step.at, case.number)) if step else None)


async def _withdraw(
    session: AsyncSession, case: Case, facts: AccountFacts, policy: CollectionsPolicy, at: datetime
) -> None:
    """Nobody is asked, told or written to about what is no longer so."""
    kinds = rules.needless_tasks(facts)
    if kinds:
        await withdraw_tasks(
            session,
            for_case_id=case.number,
            kinds=kinds,
            at=at,
            reason=N_("Não é mais necessária."),
        )
    if rules.stage_of(facts) is AccountStage.CLOSED:
        await withdraw_tasks(
            session, for_case_id=case.number, kinds=tuple(TASKS.values()), at=at,
            reason=N_("Não é mais necessária."),
        )  # fmt: skip
    if CollectionStage.CLASSIFIED not in facts.since:
        case.breached_at = None
    if CollectionStage.NEGOTIATING not in facts.since:
        purposes = tuple(purpose for _, purpose in policy.cadence)
        await withdraw_messages(session, case_id=case.number, purposes=purposes, at=at)


def _tell_history(
    session: AsyncSession,
    case: Case,
    kind: AccountEvent,
    invoices: Sequence[Invoice],
    *,
    by: str,
    at: datetime,
) -> None:
    """One line of the account's history for invoices that moved together; none moved: nothing."""
    if not invoices:
        return
    parameters: dict[str, Any] = {
        "invoices": len(invoices),
        "amount": str(sum(invoice.open_amount or invoice.amount for invoice in invoices)),
        "numbers": [label_of(invoice) for invoice in invoices],
    }
    cases.record_event(session, case, kind=kind, by=by, at=at, **parameters)


def _facts_of(invoice: Invoice) -> InvoiceFacts:
    return InvoiceFacts(
        label_of(invoice), invoice.customer_id, invoice.collection_stage, invoice.status
    )
