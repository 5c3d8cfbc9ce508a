"""An invoice as rows, out of what was read of its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_work import UploadedFile
from models.bulk import BulkRun
from models.carrier_invoices import (
    CODE_SIGN,
    CarrierInvoice,
    CarrierInvoiceItem,
    CarrierUnreadLine,
    check_not_issued,
)
from models.carriers import CarrierAccount
from models.imports import insert_rows
from rules.audit_subject import Period, as_date, period_of
from rules.carrier_charges import sum_by
from rules.carrier_columns import is_date
from rules.carrier_reading import CheckedTotal, Reading, RecordCount, UnreadLine
from rules.carrier_records import ChargeKind
from rules.money import from_cents


async def write_invoice(
    session: AsyncSession, reading: Reading, *, run: BulkRun, account: CarrierAccount, at: datetime
) -> CarrierInvoice:
    """This will write the invoice of a file, and its charges added up by line and label.

    Refuses one that is here already, from another file (CarrierInvoiceIssuedTwice), but for the
    one that it replaces on an operator's command.
    """
    invoice = _invoice(reading, run, account, at)
    if not invoice.is_preview:
        await check_not_issued(session, invoice, but=run.parameters.get("replaces_id"))
    session.add(invoice)
    await session.flush()
    rows = [{"invoice_id": invoice.id, **item} for item in _items(reading)]
    await insert_rows(session, CarrierInvoiceItem, rows)
    return invoice


async def keep_unread(session: AsyncSession, lines: Sequence[UnreadLine], *, run_id: int) -> None:
    """This will keep the lines that nobody could read."""
    rows = [{**asdict(each), "text": each.text[:2000], "run_id": run_id} for each in lines]
    await insert_rows(session, CarrierUnreadLine, rows)


def _invoice(
    reading: Reading, run: BulkRun, account: CarrierAccount, at: datetime
) -> CarrierInvoice:
    header, charges = reading.header, reading.charges
    issued = _issue_date(reading, account, run.business_date)
    period = _period(issued, account)
    file = UploadedFile(**run.parameters["file"])
    charged = int(charges.amount.sum())
    declared = next((each.declared for each in reading.totals if each.field == "total"), charged)
    return CarrierInvoice(
        account_id=account.key, run_id=run.number, number=header.get("invoice_number", "")[:40],
        month=issued.replace(day=1), issue_date=issued, due_date=_day(header.get("due_date", "")),
        period_start=period.start if period else None, period_end=period.end if period else None,
        barcode=header.get("barcode", "")[:50], total=from_cents(declared),
        charged=from_cents(charged), lines=reading.lines, charges=len(charges),
        records={each.code: _record(each) for each in reading.records},
        totals={each.field: _total(each) for each in reading.totals},
        is_preview=bool(run.parameters.get("is_preview")),
        agreement_id=account.agreement_id, file_name=file.name, file_path=file.path,
        sha256=file.sha256, size=file.size, layout=reading.layout.key, encoding=reading.encoding,
        imported_at=at, imported_by=run.requested_by,
    )  # fmt: skip


def _issue_date(reading: Reading, account: CarrierAccount, today: date) -> date:
    """The header's date; else the account's closing day in its month; else today."""
    told = _day(reading.header.get("issue_date", ""))
    if told is not None:
        return told
    month = reading.header.get("month", "")
    if len(month) == 6 and is_date(int(f"{month}01")):
        first = date(int(month[:4]), int(month[4:]), 1)
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        day = min(account.closing_day or 31, (following - first).days)
        return first.replace(day=day)
    return today


def _period(issued: date, account: CarrierAccount) -> Period | None:
    return period_of(issued, closing_day=account.closing_day) if account.closing_day else None


def _day(text: str) -> date | None:
    return (
        as_date(int(text)) if text.isdecimal() and len(text) == 8 and is_date(int(text)) else None
    )


def _record(counted: RecordCount) -> dict[str, Any]:
    return {"role": str(counted.role), "count": counted.count, "cents": counted.amount}


def _total(total: CheckedTotal) -> dict[str, Any]:
    return {
        "record": total.record, "is_count": total.is_count, "declared": total.declared,
        "found": total.found, "place": total.place,
    }  # fmt: skip


def _items(reading: Reading) -> Iterator[dict[str, Any]]:
    charges = reading.charges
    if not len(charges):
        return
    key = charges.resource.astype(np.int64) * len(charges.labels) + charges.label
    keys, group, counts = np.unique(key, return_inverse=True, return_counts=True)
    quantity, amount, net = (
        sum_by(group, each, len(keys)).tolist()
        for each in (charges.quantity, charges.amount, charges.net)
    )
    for place, each in enumerate(keys.tolist()):
        resource, label = divmod(each, len(charges.labels))
        told = charges.labels[label]
        yield {
            "number": charges.resources[resource][:25], "kind": ChargeKind(told.kind).word,
            "code": told.code[:60], "codes": CODE_SIGN.join(each[:60] for each in told.codes[:4]),
            "description": told.description[:160],
            "count": int(counts[place]), "quantity": quantity[place],
            "amount": from_cents(amount[place]), "net_amount": from_cents(net[place]) / 100,
        }  # fmt: skip
