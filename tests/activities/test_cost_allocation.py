"""What a corrected bill takes off is its line's own, and its cost centre's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlmodel import select

from activities.cost_allocation import MonthShares, share_month
from models.carrier_invoices import CarrierInvoice
from models.customers import Customer
from models.database import Database
from models.lines import Line, LineHolder
from rules.boleto import Boleto, barcode
from rules.contestation_commands import RecordNewBarcode
from tests.support.contestations import Dispute, accept_all, all_of, filed

MONTH = date(2026, 11, 1)


async def each_line_its_own_centre(database: Database) -> None:
    async with database.write() as session:
        session.add_all(
            LineHolder(line_id=line.id, cost_centre=f"C{line.number}", since=line.active_from)
            for line in await session.exec(select(Line))
        )


async def shared(database: Database) -> MonthShares:
    async with database.read() as session:
        company = (await session.exec(select(Customer))).one()
        return await share_month(session, company, MONTH)


async def test_what_the_carrier_took_off_a_bill_is_taken_off_the_lines_it_was_charged_to(
    database: Database, tmp_path: Path
) -> None:
    dispute = await Dispute(database, tmp_path).begin()
    await each_line_its_own_centre(database)
    before = {each.cost_centre: each for each in (await shared(database)).by_centre}
    await filed(dispute)
    await accept_all(dispute)
    granted = (await dispute.row()).accepted
    [invoice] = await all_of(dispute, CarrierInvoice)
    code = barcode(Boleto("001", date(2026, 12, 10), invoice.total - granted, "0" * 25))

    await dispute.do(RecordNewBarcode("ana", code))

    after = {each.cost_centre: each for each in (await shared(database)).by_centre}
    [invoice] = await all_of(dispute, CarrierInvoice)
    less = {
        code: before[code].own - each.own for code, each in after.items()
        if before[code].own != each.own
    }  # fmt: skip
    wrong: dict[str, Decimal] = {}
    for each in await dispute.findings():
        wrong[f"C{each.number}"] = wrong.get(f"C{each.number}", Decimal(0)) + each.difference
    assert less == wrong
    assert [each.shared for each in after.values()] == [each.shared for each in before.values()]
    assert sum(each.total for each in after.values()) == invoice.payable
