"""The audit of an invoice, from its file to its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models import findings
from models.calendars import load_calendar
from models.carrier_agreements import terms_of
from models.carrier_invoices import CarrierInvoice, invoices_before
from models.carriers import CarrierAccount
from models.client_services import service_of
from models.findings import Finding, FindingRow
from models.imports import insert_rows
from models.lines import inventory_of
from rules.audit import Objection
from rules.audit_rules import Rule
from rules.audit_subject import FormerInvoice, Period, Subject, days_late
from rules.business_days import Calendar
from rules.carrier_reading import Reading
from rules.carrier_terms import RuleSetting
from rules.findings import first_status
from rules.money import from_cents, to_cents
from rules.service_models import Area, includes

Fields = Mapping[int, Mapping[str, str]]
LONGEST_KEY = 300
#: The invoices whose lateness one may charge: no carrier waits longer.
FORMER = 3


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
        former=await _former(session, invoice),
    )


async def _former(session: AsyncSession, invoice: CarrierInvoice) -> list[FormerInvoice]:
    """The invoice before, and older ones that were not paid when that one was closed.

    What was paid by then was charged by that one, if at all.
    """
    found = await invoices_before(
        session, account_id=invoice.account_id, issue_date=invoice.issue_date, limit=FORMER
    )
    calendar = await load_calendar(session)
    closed = found[0].period_end or found[0].issue_date if found else invoice.issue_date
    return [
        _told(each, until=invoice.issue_date, calendar=calendar)
        for each in found
        if each is found[0] or each.paid_on is None or each.paid_on >= closed
    ]


def _told(invoice: CarrierInvoice, *, until: date, calendar: Calendar) -> FormerInvoice:
    due, paid = invoice.due_date, invoice.paid_on
    late = days_late(due, min(paid, until), calendar=calendar) if due and paid else None
    amount = invoice.total if invoice.payable is None else invoice.payable
    name = invoice.number or f"{invoice.issue_date:%m/%Y}"
    return FormerInvoice(invoice.key, name, to_cents(amount), due, paid, late)


def told_unjudged(subject: Subject) -> dict[str, Any]:
    """What an audit could not judge, as its invoice keeps it."""
    return {
        str(rule): {"cents": each.cents, "invoices": list(each.invoices)}
        for rule, each in subject.unjudged.items()
    }


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
