"""The numbers of a customer's lines, which are telephones: each gets a name that rings nowhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select as select_columns
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_invoices import CarrierInvoice, CarrierInvoiceItem
from models.carriers import CarrierAccount
from models.contestations import Correction
from models.findings import Finding, FindingRow
from models.lines import Line

#: What a line is called instead: LINHA-7.
NAMED = "LINHA-"


async def rename_lines(session: AsyncSession, customer_id: int) -> None:
    """This will call every line by a running name, the same one in inventory, invoices and
    findings, so that sums by line stay right. Repeated: nothing more."""
    accounts = select_columns(col(CarrierAccount.id)).where(
        col(CarrierAccount.customer_id) == customer_id
    )
    invoices = select_columns(col(CarrierInvoice.id)).where(
        col(CarrierInvoice.account_id).in_(accounts)
    )
    places: tuple[tuple[Any, Any], ...] = (
        (Line, col(Line.customer_id) == customer_id),
        (CarrierInvoiceItem, col(CarrierInvoiceItem.invoice_id).in_(invoices)),
        (Correction, col(Correction.account_id).in_(accounts)),
    )
    findings = col(Finding.invoice_id).in_(invoices)
    names = await _names(session, (*places, (Finding, findings)))
    for number, name in names.items():
        for table, mine in places:
            named = update(table).where(mine, table.number == number)
            await session.exec(named.values(number=name))
    await _rename_findings(session, findings, names)


async def _names(session: AsyncSession, places: Any) -> dict[str, str]:
    found: set[str] = set()
    for table, mine in places:
        numbers: Any = select_columns(table.number).where(mine).distinct()
        found |= {row[0] for row in await session.exec(numbers)}
    plain = sorted(each for each in found if each and not each.startswith(NAMED))
    return {number: f"{NAMED}{place}" for place, number in enumerate(plain, start=1)}


async def _rename_findings(session: AsyncSession, mine: Any, names: dict[str, str]) -> None:
    """A finding's key tells its line, and so may the fields of its evidence."""
    for finding in (await session.exec(select(Finding).where(mine))).all():
        name = names.get(finding.number)
        if name is None:
            continue
        finding.key = finding.key.replace(finding.number, name)
        rows = select(FindingRow).where(FindingRow.finding_id == finding.id)
        for row in await session.exec(rows):
            row.fields = {
                field: text.replace(finding.number, name) for field, text in row.fields.items()
            }
            session.add(row)
        finding.number = name
        session.add(finding)
