"""Imported invoices: written by what may change, taken over at their stage, journeys told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.adoption import adopt
from activities.bureau_adoption import adopt_records
from activities.import_pages import Outcome, PageContext, judge, resolve, tell_journeys
from activities.import_told import KEPT, REFERENCES, as_told, contracts_as_told
from models import imports
from models.boleto_instructions import InvoiceRenegotiation
from models.contract_ends import running_telecom
from models.invoices import Invoice, InvoiceEvent
from models.policies import load_policy
from models.standings import refresh_standings
from rules.bureau import BureauPolicy
from rules.business_days import at_local_time
from rules.import_bureau import bureau_faults
from rules.import_invoice_faults import faults
from rules.import_invoices import changed_invoice, new_invoice
from rules.import_rows import Row
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.refusals import Refusal

#: A change of these is news to the journeys that lean on the invoice.
NEWS = frozenset(
    {"amount", "due_date", "open_amount", "status", "collection_stage", "bureau_stage"}
)


#: What the days of the ladder's steps hang on, and how it is told to look at them again.
LADDER = frozenset({"due_date", "contract_id", "status"})
LOOK_ANEW: Mapping[str, Any] = {"ladder_next_on": None}
#: Why an invoice falls due later, as its page says it.
TOLD = "Vencimento informado por arquivo"


@dataclass
class _Plan:
    """What a page comes to, before anything of it is written."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    kept: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    at_bureau: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)


async def write_invoices(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> Outcome:
    """This will write a page of invoices; a row that may not be written changes nothing."""
    named = {row.key: row.values.get("contract") for row in rows if row.values.get("bureau")}
    known = await resolve(session, rows, REFERENCES, page)
    codes = [row.key for row in known]
    stored = await imports.existing(session, Invoice, codes, *KEPT)
    kept = await as_told(session, stored, codes, page)
    policy = await load_policy(session, BureauPolicy())
    running = await _running(session, known, named, page)

    def wrong(row: Row) -> Iterator[Refusal]:
        was = kept.get(row.key)
        yield from _faults(row, was, page)
        if was is None or was["bureau_stage"] is None:
            yield from _bureau_faults(row, was, running, policy, page)

    right, errors = judge(known, wrong, page)
    plan = _planned(right, kept, page)
    plan.outcome.errors += errors
    if not page.is_dry_run:
        await _write(session, plan, page)
    return plan.outcome


async def _running(
    session: AsyncSession,
    rows: Sequence[Row],
    named: Mapping[str, str | None],
    page: PageContext,
) -> frozenset[int]:
    """Those of the contracts that are `named` by invoices at the bureau under which service still
    runs, as a dry run's own contracts tell it."""
    ids = {code: row.values.get("contract_id") for row in rows if (code := named.get(row.key))}
    stored = await running_telecom(session, set(ids.values()), today=page.today)
    told = await contracts_as_told(session, list(ids), page)
    over = {ids[code] for code, is_running in told.items() if is_running is False}
    begun = {ids[code] for code, is_running in told.items() if is_running}
    return frozenset(each for each in (stored - over) | begun if each is not None)


def _planned(
    rows: Sequence[Row], kept: Mapping[str, Mapping[str, Any]], page: PageContext
) -> _Plan:
    plan = _Plan()
    for row in rows:
        _plan_row(plan, row.values, kept.get(row.key), page)
    return plan


def _faults(row: Row, kept: Mapping[str, Any] | None, page: PageContext) -> Iterator[Refusal]:
    return faults(row.values, kept, today=page.today, unread=row.unread)


def _bureau_faults(
    row: Row,
    kept: Mapping[str, Any] | None,
    running: Collection[int],
    policy: BureauPolicy,
    page: PageContext,
) -> Iterator[Refusal]:
    status = row.values.get("status") or (kept["status"] if kept else InvoiceStatus.OPEN)
    return bureau_faults(
        row.values, status=status, today=page.today, policy=policy, unread=row.unread,
        is_before_termination=row.values.get("contract_id") in running,
    )  # fmt: skip


def _plan_row(
    plan: _Plan, told: Mapping[str, Any], kept: Mapping[str, Any] | None, page: PageContext
) -> None:
    if told.get("bureau") and (kept is None or kept["bureau_stage"] is None):
        plan.at_bureau[told["code"]] = told
    if kept is None:
        plan.new.append(_with_instant(new_invoice(told, today=page.today), page))
        plan.outcome.new += 1
        return
    changed = _with_instant(changed_invoice(kept, told, today=page.today), page)
    if not changed:
        plan.outcome.unchanged += 1
        return
    plan.changes[kept["id"]], plan.kept[kept["id"]] = changed, kept
    plan.outcome.changed += 1


def _with_instant(invoice: dict[str, Any], page: PageContext) -> dict[str, Any]:
    """A stage taken over from a date begins when the office opened that day."""
    since = invoice.get("stage_since")
    if isinstance(since, date) and not isinstance(since, datetime):
        invoice["stage_since"] = min(at_local_time(since, at=time(9)), page.at)
    return invoice


async def _write(session: AsyncSession, plan: _Plan, page: PageContext) -> None:
    await imports.insert_rows(session, Invoice, plan.new)
    changes = {
        row_id: {**changed, **(LOOK_ANEW if LADDER & changed.keys() else {})}
        for row_id, changed in plan.changes.items()
    }
    await imports.update_rows(session, Invoice, changes)
    await imports.insert_rows(session, InvoiceRenegotiation, _postponed(plan, page))
    await imports.insert_rows(session, InvoiceEvent, _events(plan, page))
    await adopt(session, await _adopted(session, plan), by=page.by, at=page.at)
    written = await imports.existing(session, Invoice, plan.at_bureau, *KEPT)
    at_bureau = [(invoice, plan.at_bureau[code]) for code, invoice in written.items()]
    await adopt_records(session, at_bureau, page)
    news = [kept for row_id, kept in plan.kept.items() if NEWS & plan.changes[row_id].keys()]
    if news:
        await tell_journeys(session, news, page)
    shown = {
        invoice["customer_id"]
        for invoice in (*plan.new, *news)
        if invoice["collection_stage"] or invoice["bureau_stage"] or _is_adopted(plan, invoice)
    }
    if shown:
        await refresh_standings(session, shown)


def _is_adopted(plan: _Plan, invoice: Mapping[str, Any]) -> bool:
    changed = plan.changes.get(invoice.get("id", 0), {})
    return not changed.keys().isdisjoint({"collection_stage", "bureau_stage"})


def _events(plan: _Plan, page: PageContext) -> list[dict[str, Any]]:
    """One line of history for every invoice that a file changed."""
    return [
        {
            "invoice_id": row_id, "at": page.at, "by": page.by, "kind": "imported",
            "parameters": {field: str(value) for field, value in changed.items()},
        }
        for row_id, changed in plan.changes.items()
    ]  # fmt: skip


def _postponed(plan: _Plan, page: PageContext) -> list[dict[str, Any]]:
    """What another system gave more time: until then it is not late here either."""
    moved = [
        (row_id, plan.kept[row_id]["due_date"], changed["due_date"])
        for row_id, changed in plan.changes.items()
        if "due_date" in changed
    ]
    return [
        {
            "invoice_id": row_id, "was_due_on": was, "due_on": now, "charges": ZERO, "waived": ZERO,
            "reason": TOLD, "at": page.at, "by": page.by,
        }
        for row_id, was, now in moved
        if was < now
    ]  # fmt: skip


async def _adopted(session: AsyncSession, plan: _Plan) -> list[Mapping[str, Any]]:
    """The invoices that this page takes over at a stage, with their ids."""
    codes = [invoice["code"] for invoice in plan.new if invoice["collection_stage"]]
    codes += [
        kept["code"]
        for row_id, kept in plan.kept.items()
        if plan.changes[row_id].get("collection_stage")
    ]
    if not codes:
        return []
    return list((await imports.existing(session, Invoice, codes, *KEPT)).values())
