"""The audit of an invoice, from its file to its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models import findings
from models.calendars import load_calendar
from models.carrier_agreements import terms_of
from models.carrier_invoices import CarrierInvoice, invoice_before
from models.carriers import CarrierAccount
from models.client_services import service_of
from models.findings import Finding, FindingRow
from models.imports import insert_rows
from models.lines import inventory_of
from rules.audit import Objection
from rules.audit_subject import Period, Subject
from rules.business_days import next_business_day
from rules.carrier_reading import Reading
from rules.carrier_terms import Rule, RuleSetting
from rules.findings import first_status
from rules.money import from_cents
from rules.service_models import Area, includes

Fields = Mapping[int, Mapping[str, str]]
LONGEST_KEY = 300


async def subject_of(
    session: AsyncSession,
    invoice: CarrierInvoice,
    account: CarrierAccount,
    reading: Reading,
    *,
    settings: Mapping[Rule, RuleSetting] | None = None,
) -> Subject:
    """What the audit of an invoice looks at, as things stand now; other `settings` are tried.

    A company whose model of service leaves its resources out has no inventory to be held against.
    """
    service = await service_of(session, account.customer_id)
    has_inventory = includes(service.model, Area.RESOURCES)
    terms = await terms_of(session, account.agreement_id)
    period = None
    if invoice.period_start and invoice.period_end:
        period = Period(invoice.period_start, invoice.period_end)
    return Subject(
        reading,
        terms=terms if settings is None else replace(terms, settings=settings),
        inventory=await inventory_of(session, account.customer_id) if has_inventory else {},
        issue_date=invoice.issue_date,
        period=period,
        paid_on_time=await _was_paid_on_time(session, invoice),
    )


async def _was_paid_on_time(session: AsyncSession, invoice: CarrierInvoice) -> bool | None:
    """A due date on which no bank works is met on the next business day."""
    before = await invoice_before(
        session, account_id=invoice.account_id, issue_date=invoice.issue_date
    )
    if before is None or before.paid_on is None or before.due_date is None:
        return None
    calendar = await load_calendar(session)
    return before.paid_on <= next_business_day(before.due_date, calendar=calendar)


async def write_findings(
    session: AsyncSession,
    invoice: CarrierInvoice,
    found: Sequence[Objection],
    fields: Fields,
    *,
    at: datetime,
) -> int:
    """This will put the findings of an audit in the place of those nobody has acted on."""
    kept = await findings.keys_acted_on(session, invoice.key)
    await findings.forget_untouched(session, invoice.key)
    new = {key_of(each): each for each in found if key_of(each) not in kept}
    rows = [_finding(key, each, invoice, at) for key, each in new.items()]
    await insert_rows(session, Finding, rows)
    ids = await findings.ids_by_key(session, invoice.key)
    evidence = [row for key, each in new.items() for row in _evidence(each, ids[key], fields)]
    await insert_rows(session, FindingRow, evidence)
    return len(found)


def key_of(found: Objection) -> str:
    """What makes a finding the same one in another audit of the invoice."""
    label = found.label
    told = (label.kind.word, *label.codes, label.description) if label else ()
    side = "+" if found.difference > 0 else "-"
    key = "/".join([found.rule, side, found.number, *told])
    if len(key) <= LONGEST_KEY:
        return key
    digest = sha256(key.encode()).hexdigest()[:32]  # what differs may be at the end
    return f"{key[: LONGEST_KEY - len(digest) - 1]}/{digest}"


def _finding(key: str, found: Objection, invoice: CarrierInvoice, at: datetime) -> dict[str, Any]:
    label = found.label
    return {
        "invoice_id": invoice.id, "key": key, "rule": str(found.rule),
        "number": found.number[:25], "kind": label.kind.word if label else "",
        "code": label.code[:60] if label else "",
        "description": label.description[:160] if label else "",
        "count": found.count, "charged": from_cents(found.charged),
        "expected": from_cents(found.expected), "difference": from_cents(found.difference),
        "status": str(first_status(found.difference)), "status_since": at, "found_at": at,
    }  # fmt: skip


def _evidence(found: Objection, finding_id: int, fields: Fields) -> list[dict[str, Any]]:
    return [
        {
            "finding_id": finding_id, "line": row.line, "charged": from_cents(row.charged),
            "expected": from_cents(row.expected),
            "fields": {**_shown(fields.get(row.line, {})), **row.told},
        }
        for row in found.evidence
    ]  # fmt: skip


#: Fields of every line, which prove nothing.
_UNTELLING = frozenset({"type", "sequence", "filler", "end_mark", "carrier_free", "resource_id"})


def _shown(fields: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text for name, text in fields.items() if name not in _UNTELLING and text.strip("0+ ")
    }
