"""Bureau records taken over from another system at their stage, their clocks with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_pages import WrittenPage
from models import imports, outbox
from models.bureau import BureauRecord, live_records
from models.cases import Case, CaseEvent
from models.invoices import InvoiceEvent
from models.policies import load_policy
from models.rows import AT_ONCE
from rules import bureau as rules
from rules.bureau import BureauPolicy
from rules.business_days import at_local_time
from rules.cases import Process
from rules.panels import BureauStage

NOON = time(12)
#: An invoice as it was written, and the row that told of it.
Told = tuple[Mapping[str, Any], Mapping[str, Any]]


async def adopt_records(session: AsyncSession, told: Sequence[Told], page: WrittenPage) -> None:
    """This will open the records of these invoices with their cases, and start their journeys.

    No notice is written: another system gave it, and its proof came with it.
    """
    if not told:
        return
    policy = await load_policy(session, BureauPolicy())
    rows = [_record(invoice, row, policy, page) for invoice, row in told]
    await imports.insert_rows(session, BureauRecord, rows)
    records: dict[int, BureauRecord] = {}
    ids = [invoice["id"] for invoice, _ in told]
    for start in range(0, len(ids), AT_ONCE):
        records |= await live_records(session, ids[start : start + AT_ONCE])
    await imports.insert_rows(session, InvoiceEvent, [_line(each) for each in records.values()])
    cases = [_case(each, page) for each in records.values()]
    await imports.insert_rows(session, Case, cases)
    await _begin(session, [each.number for each in records.values()], page)


async def _begin(session: AsyncSession, record_ids: Sequence[int], page: WrittenPage) -> None:
    opened: list[Case] = []
    for start in range(0, len(record_ids), AT_ONCE):
        statement = select(Case).where(
            Case.process == Process.BUREAU,
            col(Case.subject_id).in_(record_ids[start : start + AT_ONCE]),
        )
        opened += (await session.exec(statement)).all()
    events = [
        {
            "case_id": case.number, "at": page.at, "by": page.by, "kind": kind,
            "parameters": {"stage": case.stage},
        }
        for case in opened
        for kind in ("opened", "adopted")
    ]  # fmt: skip
    await imports.insert_rows(session, CaseEvent, events)
    await outbox.tell_cases(session, opened, news_id=f"{page.news_id}/bureau", at=page.at)


def _record(
    invoice: Mapping[str, Any], told: Mapping[str, Any], policy: BureauPolicy, page: WrittenPage
) -> dict[str, Any]:
    noticed, registered = told.get("bureau_noticed_on"), told.get("bureau_registered_on")
    is_there = told["bureau"] == BureauStage.REGISTERED
    proof = (told.get("bureau_proof") or "")[:300]
    record = BureauRecord(
        invoice_id=invoice["id"], customer_id=invoice["customer_id"], stage=told["bureau"],
        details=proof, added_by=page.by, proof=proof, proven_on=noticed,
        noticed_at=_noon(noticed or registered or page.today, page),
        registered_at=_noon(registered, page) if is_there and registered else None,
        expires_on=rules.expires_on(invoice["due_date"], policy),
    )  # fmt: skip
    return record.model_dump(exclude={"id"})


def _noon(day: date, page: WrittenPage) -> datetime:
    return min(at_local_time(day, at=NOON), page.at)


def _line(record: BureauRecord) -> dict[str, Any]:
    """What entering it here would have written, with its own day."""
    return {
        "invoice_id": record.invoice_id, "at": record.registered_at or record.noticed_at,
        "by": record.added_by, "kind": f"bureau_{record.stage}",
        "parameters": {"record_id": record.number, "details": record.details},
    }  # fmt: skip


def _case(record: BureauRecord, page: WrittenPage) -> dict[str, Any]:
    case = Case(
        process=Process.BUREAU, subject_id=record.number, customer_id=record.customer_id,
        stage=record.stage, stage_since=record.registered_at or record.noticed_at,
        opened_at=page.at,
    )  # fmt: skip
    return case.model_dump(exclude={"id"})
