"""What decides about bureau records, read from contracts, notices, payments and agreements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import agreements, bureau
from models.agreement_rules import DEEPEST
from models.agreements import Agreement, AgreementInvoice, Role
from models.bureau import BureauRecord
from models.bureau_notices import counted_notice
from models.bureau_orders import newest_order
from models.calendars import load_calendar
from models.cases import Case, CaseEvent
from models.coming_days import days_out
from models.contested import contested_days
from models.contract_ends import ended_on
from models.contracts import Contract
from models.customer_marks import marked, marks_of
from models.invoice_contracts import further_contracts
from models.invoices import Invoice
from models.payments import live_payments_of
from models.rows import read_rows
from rules.agreement_terms import AgreementKind
from rules.agreements import AgreementStatus
from rules.bureau import (
    BureauPolicy,
    BureauStep,
    RecordFacts,
    RecordStage,
    RemoveOn,
)
from rules.bureau_entry import CandidateFacts
from rules.bureau_orders import OrderKind, OrderStatus
from rules.business_days import CalendarKind, local_date
from rules.collection_stages import CollectionStage
from rules.panels import InvoiceStatus


async def candidates(
    session: AsyncSession, invoices: Sequence[Invoice], *, today: date
) -> dict[int, CandidateFacts]:
    """What decides whether each of these invoices may be put at the bureau, in a few queries."""
    recorded = await bureau.live_records(session, [invoice.key for invoice in invoices])
    before, other = await _services(session, invoices, today)
    agreed = await _agreed_until(session, invoices)
    marks = await marked(session, {invoice.customer_id for invoice in invoices})
    return {
        invoice.key: CandidateFacts(
            code=invoice.code,
            status=invoice.status,
            stage=invoice.collection_stage,
            due_date=invoice.due_date,
            has_live_record=invoice.key in recorded,
            is_before_termination=invoice.key in before,
            open_amount=invoice.open_amount,
            agreed_until=agreed.get(invoice.agreement_id or 0),
            mark=marks.get(invoice.customer_id, ""),
            is_other=invoice.key in other,
        )
        for invoice in invoices
    }


async def load_facts(
    session: AsyncSession, case: Case, record: BureauRecord, *, policy: BureauPolicy, now: datetime
) -> RecordFacts:
    """The facts of a record as the rows stand, the session's own changes included."""
    await session.flush()
    notice, sent_at = await counted_notice(session, case, record)
    invoice = await session.get_one(Invoice, record.invoice_id)
    since, days = await _contested(session, invoice, noticed_at=record.noticed_at)
    done = await _done_since(session, case, record.conflict_since or record.noticed_at)
    return RecordFacts(
        stage=RecordStage(record.stage),
        now=now,
        noticed_at=sent_at or record.noticed_at,
        notice=notice,
        expires_on=record.expires_on,
        calendar=await load_calendar(session, kind=CalendarKind.BANK),
        is_owed=invoice.status == InvoiceStatus.OPEN,
        freed_on=await freed_on(session, invoice, policy=policy) or _conflict(record, since),
        is_contested=since is not None,
        is_refused=await _is_refused(session, record),
        is_marked=await _is_marked(session, record),
        stood_still_days=days,
        is_proof_asked=BureauStep.ASK_PROOF in done,
        is_asked=BureauStep.ASK_REMOVAL in done,
        is_alerted=BureauStep.ALERT_REMOVAL in done,
        out=await days_out(session, case),
    )


async def freed_on(session: AsyncSession, invoice: Invoice, *, policy: BureauPolicy) -> date | None:
    """The day on which the money was at hand that takes the invoice's record away; None: none yet.

    A replaced invoice is freed by the instalments in its place, also when those were replaced in
    turn: by the first one, or by all of them, as the policy says.
    """
    if invoice.status == InvoiceStatus.SETTLED:
        payments = await live_payments_of(session, invoice.key)
        credited = max((payment.credited_on for payment in payments), default=None)
        return credited or invoice.settled_on
    if invoice.status == InvoiceStatus.CANCELLED:
        return local_date(invoice.stage_since) if invoice.stage_since else invoice.due_date
    if invoice.collection_stage != CollectionStage.REPLACED or invoice.agreement_id is None:
        return None
    instalments = await agreements.instalments_as_they_are(session, invoice.agreement_id)
    owed = [each for each in instalments if each.status != InvoiceStatus.CANCELLED]
    days = [await freed_on(session, each, policy=policy) for each in owed]
    known = [day for day in days if day is not None]
    if policy.remove_on == RemoveOn.FIRST_INSTALLMENT:
        return min(known, default=None)
    return max(known, default=None) if len(known) == len(days) else None


async def _is_refused(session: AsyncSession, record: BureauRecord) -> bool:
    order = await newest_order(session, record.number, OrderKind.INCLUDE)
    return order is not None and order.status == OrderStatus.REFUSED


async def _is_marked(session: AsyncSession, record: BureauRecord) -> bool:
    """Whether a mark came after the notice; one from before was overridden on record."""
    marks = await marks_of(session, record.customer_id)
    return any(each.at > record.noticed_at for each in marks)


def _conflict(record: BureauRecord, contested_since: date | None) -> date | None:
    """What stands at the bureau conflicts with a contestation; what was only noticed waits."""
    return None if record.stage == RecordStage.NOTICED else contested_since


async def _contested(
    session: AsyncSession, invoice: Invoice, *, noticed_at: datetime
) -> tuple[date | None, int]:
    """Since when the invoice is contested, if it is; on how many days since the notice it was."""
    pauses = (await contested_days(session, invoice.customer_id)).get(invoice.key, ())
    running = next((each.since for each in pauses if each.until is None), None)
    first = local_date(noticed_at)
    ended = [each.until - max(each.since, first) for each in pauses if each.until]
    return running, sum(max(each.days, 0) for each in ended)


async def is_telecom(session: AsyncSession, invoice: Invoice) -> bool:
    """Whether a contract that the debt comes from is a telecom service."""
    behind = await _contracts_behind(session, [invoice])
    return bool(await _telecom_ends(session, behind))


async def _services(
    session: AsyncSession, invoices: Sequence[Invoice], today: date
) -> tuple[set[int], set[int]]:
    """Those of which a telecom contract that the debt comes from has not ended, and those of
    contracts that are all no telecom service."""
    behind = await _contracts_behind(session, invoices)
    ends = await _telecom_ends(session, behind)
    running = {key for key, end in ends.items() if end is None or end > today}
    before = {invoice_id for invoice_id, ids in behind.items() if ids & running}
    return before, {invoice_id for invoice_id, ids in behind.items() if not ids & ends.keys()}


async def _telecom_ends(
    session: AsyncSession, behind: Mapping[int, set[int]]
) -> dict[int, date | None]:
    """When each telecom contract ended that stands behind an invoice; None: it runs."""
    ids = {contract_id for ids in behind.values() for contract_id in ids}
    statement = sqlalchemy.select(col(Contract.id), ended_on()).where(
        col(Contract.id).in_(ids), col(Contract.telecom_service)
    )
    return dict(tuple(row) for row in await read_rows(session, statement))


async def _contracts_behind(
    session: AsyncSession, invoices: Sequence[Invoice]
) -> dict[int, set[int]]:
    """Each invoice's contract; an instalment of several has theirs, through every agreement."""
    beside = await further_contracts(session, [each.key for each in invoices])
    behind: dict[int, set[int]] = {
        each.key: {each.contract_id, *beside.get(each.key, ())}
        for each in invoices
        if each.contract_id is not None
    }
    asking = {each.key: {each.key} for each in invoices if each.contract_id is None}
    for _ in range(DEEPEST):
        if not asking:
            break
        further: dict[int, set[int]] = defaultdict(set)
        originals = await _originals(session, asking)
        beside = await further_contracts(session, {original for _, original, _ in originals})
        for made_id, original_id, contract_id in originals:
            for asker in asking[made_id]:
                if contract_id is None:
                    further[original_id].add(asker)
                else:
                    owing = {contract_id, *beside.get(original_id, ())}
                    behind.setdefault(asker, set()).update(owing)
        asking = further
    return behind


async def _originals(
    session: AsyncSession, instalments: Collection[int]
) -> Sequence[tuple[int, int, int | None]]:
    """What each instalment was made of: (instalment, original, the original's contract)."""
    made, taken = aliased(AgreementInvoice), aliased(AgreementInvoice)
    statement: Any = (
        sqlalchemy.select(col(made.invoice_id), col(Invoice.id), col(Invoice.contract_id))
        .join(taken, col(taken.agreement_id) == col(made.agreement_id))
        .join(Invoice, col(Invoice.id) == col(taken.invoice_id))
        .where(
            col(made.role) == Role.INSTALMENT, col(taken.role) == Role.ORIGINAL,
            col(made.invoice_id).in_(instalments),
        )
    )  # fmt: skip
    return await read_rows(session, statement)


async def _agreed_until(session: AsyncSession, invoices: Sequence[Invoice]) -> dict[int, date]:
    """The tolerance dates of agreements in progress that left their invoices as they were.

    Of a new proposal an instalment that is late says itself that it is not kept.
    """
    ids = {each.agreement_id for each in invoices if each.agreement_id is not None}
    statement = sqlalchemy.select(col(Agreement.id), col(Agreement.tolerance_date)).where(
        col(Agreement.id).in_(ids), col(Agreement.status) == AgreementStatus.IN_PROGRESS,
        col(Agreement.kind) == AgreementKind.UNCHANGED,
    )  # fmt: skip
    return dict(tuple(row) for row in await read_rows(session, statement))


async def _done_since(session: AsyncSession, case: Case, since: datetime) -> set[str]:
    """The steps that the history tells since the record became a conflict, or was noticed."""
    statement = select(CaseEvent.kind).where(CaseEvent.case_id == case.id, CaseEvent.at >= since)
    return set(await session.exec(statement))
