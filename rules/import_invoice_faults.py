"""All that stands against an invoice that a file brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rules import import_invoices as rules
from rules.import_faults import check, faults_of
from rules.panels import InvoiceStatus
from rules.refusals import Refusal


def faults(
    told: Mapping[str, Any],
    kept: Mapping[str, Any] | None,
    *,
    today: date,
    unread: frozenset[str],
) -> Iterator[Refusal]:
    """Everything for which new_invoice or changed_invoice would refuse a row.

    `kept` is the invoice as it is known, None where it is new; `unread` are the fields of the row
    that could not be read.
    """
    standing = "amount open_amount status"
    checks = [
        check(standing, lambda: rules.check_open(told)),
        check(f"{standing} settled_on", lambda: rules.check_settled(told, today)),
    ]
    if not (kept and kept["collection_stage"]):
        status = told.get("status") or (kept["status"] if kept else InvoiceStatus.OPEN)
        checks += [
            check("status collection_stage", lambda: rules.check_stage(told, status)),
            check("collection_stage stage_since", lambda: rules.check_since(told, today)),
            check("collection_stage due_date", lambda: rules.check_overdue(told, today)),
        ]
    if kept is not None:
        agreed = "amount due_date status"
        checks = [
            check("customer_id", lambda: rules.check_owner(kept, told)),
            check(agreed, lambda: rules.check_agreed(kept, told)),
            check("amount status", lambda: rules.check_settled_kept(kept, told)),
            *checks,
        ]
    return faults_of(checks, unread=unread)
