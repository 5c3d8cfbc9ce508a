"""Bureau control: invoices put under it by hand, and what becomes of each record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.bureau_moves import schedule
from activities.cases import Answer
from activities.messages import write_to_customer
from models import agreements, bureau_facts, cases, outbox
from models.bureau import BureauRecord
from models.bureau_notices import NOTICE
from models.cases import Case
from models.contested import contested
from models.customers import Customer
from models.invoices import Invoice, record_invoice_event
from models.people import audit
from models.policies import load_policy
from rules import bureau as rules
from rules import bureau_entry as entry
from rules.bureau import AddToBureau, BureauPolicy, RecordStage
from rules.bureau_entry import CandidateFacts
from rules.business_days import local_date
from rules.cases import Process
from rules.contested import check_uncontested


@dataclass(frozen=True)
class Candidate:
    """An invoice that somebody wants at the bureau, and what decides about it."""

    invoice: Invoice
    facts: CandidateFacts


async def add_records(
    session: AsyncSession, case: Case, command: AddToBureau, at: datetime
) -> Answer:
    """This will put the invoices under bureau control and send each notice to the customer.

    `case` is the customer's collections. All or none: raises what rules.bureau_entry refuses,
    and missing details, before anything has changed. The caller refreshes the standings.
    """
    policy = await load_policy(session, BureauPolicy())
    found = await _judged(session, case, command, policy, at)
    customer = await session.get_one(Customer, case.subject_id)
    record_ids = []
    for candidate in found:
        record = await _open(session, candidate, command, policy, at)
        own = await _open_case(session, case, record, at)
        await _give_notice(session, own, record, customer, at)
        await schedule(session, own, record, at=at)
        outbox.start_case(session, own, at=at)
        record_ids.append(record.number)
    cases.record_event(
        session, case, kind="bureau_noticed", by=command.by, at=at, details=command.details,
        invoices=[candidate.facts.code for candidate in found],
    )  # fmt: skip
    return {"record_ids": record_ids}


async def _judged(
    session: AsyncSession, case: Case, command: AddToBureau, policy: BureauPolicy, at: datetime
) -> list[Candidate]:
    rules.check_details(command.details)
    today = local_date(at)
    found = await _candidates(session, case, command.invoice_ids, at)
    for each in found:
        entry.check_candidate(each.facts, policy=policy, today=today, overrides=command.override)
    if any(entry.gates_of(each.facts, policy, today=today) for each in found):
        entry.check_override(command.reason)
    return found


async def _candidates(
    session: AsyncSession, case: Case, invoice_ids: Sequence[int], at: datetime
) -> list[Candidate]:
    if not invoice_ids:
        raise entry.NoInvoiceForBureau
    await agreements.lock_invoices(session, invoice_ids)
    invoices = await agreements.invoices_of_customer(
        session, customer_id=case.subject_id, invoice_ids=invoice_ids
    )
    for unknown in set(invoice_ids) - {invoice.key for invoice in invoices}:
        raise entry.BureauInvoiceUnknown(invoice=unknown)
    disputed = await contested(session, invoice_ids)
    check_uncontested(invoice.code for invoice in invoices if invoice.key in disputed)
    facts = await bureau_facts.candidates(session, invoices, today=local_date(at))
    return [Candidate(invoice, facts[invoice.key]) for invoice in invoices]


async def _open(
    session: AsyncSession,
    candidate: Candidate,
    command: AddToBureau,
    policy: BureauPolicy,
    at: datetime,
) -> BureauRecord:
    """The record, and in the invoice's history and the audit trail why it was made."""
    invoice = candidate.invoice
    gates = entry.gates_of(candidate.facts, policy, today=local_date(at))
    overrides = bool(gates)
    record = BureauRecord(
        invoice_id=invoice.key,
        customer_id=invoice.customer_id,
        stage=RecordStage.NOTICED,
        details=command.details,
        override_reason=command.reason if overrides else "",
        added_by=command.by,
        noticed_at=at,
        expires_on=rules.expires_on(invoice.due_date, policy),
    )
    session.add(record)
    await session.flush()
    invoice.bureau_stage = RecordStage.NOTICED
    session.add(invoice)
    record_invoice_event(
        session, invoice, kind="bureau_noticed", by=command.by, at=at, record_id=record.number,
        details=command.details, override_reason=record.override_reason,
    )  # fmt: skip
    if overrides:
        audit(
            session, by=command.by, action="bureau.override", at=at,
            subject=f"invoice/{invoice.code}",
            details={
                "record_id": record.number, "reason": command.reason,
                "gates": [each.code for each in gates],
            },
        )  # fmt: skip
    return record


async def _open_case(session: AsyncSession, case: Case, record: BureauRecord, at: datetime) -> Case:
    own = await cases.open_case(
        session, process=Process.BUREAU, subject_id=record.number,
        customer_id=record.customer_id, stage=record.stage, by=record.added_by, at=at,
    )  # fmt: skip
    own.owner, own.team_id = record.added_by, case.team_id
    return own


async def _give_notice(
    session: AsyncSession, own: Case, record: BureauRecord, customer: Customer, at: datetime
) -> None:
    """The law wants it before the record, and proof that it arrived (CDC 43 § 2, Tema 1.315)."""
    notices = await write_to_customer(
        session, case=own, customer=customer, purpose=NOTICE,
        key=f"bureau/{record.number}/notice", invoice_id=record.invoice_id, at=at,
        by=record.added_by,
    )  # fmt: skip
    record.notice_message_id = notices[0].id if notices else None
    session.add(record)
