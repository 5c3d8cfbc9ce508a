"""A broken limit makes one task when an invoice is audited, and nothing to contest."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from sqlmodel import select

from activities.usage_limits import ask_about_usage
from models.carrier_invoices import CarrierInvoice
from models.database import Database
from models.findings import Finding
from models.tasks import Task
from models.usage_limits import LineLimit
from rules.carrier_samples import file_of, make_sample
from tests.support.carriers import a_company, import_sample, on_disk
from tests.support.contestations import ISSUED, noon


async def test_an_invoice_beyond_a_limit_asks_once(database: Database, tmp_path: Path) -> None:
    sample = make_sample(1)
    async with database.write() as session:
        await a_company(session, sample)
        session.add_all(
            [
                LineLimit(code="G", name="Gasto por linha", amount=Decimal("1.00")),
                LineLimit(code="X", name="De outra empresa", company="none", amount=Decimal(1)),
                LineLimit(code="O", name="Folgado", amount=Decimal(1_000_000)),
            ]
        )
    file = on_disk(tmp_path, file_of(sample.bill, "febraban_v3r0"))

    await import_sample(database, file, at=noon(ISSUED))
    async with database.write() as session:
        invoice = (await session.exec(select(CarrierInvoice))).one()
        again = await ask_about_usage(session, invoice, at=noon(ISSUED))

    async with database.read() as session:
        [task] = (await session.exec(select(Task))).all()
        findings = (await session.exec(select(Finding))).all()
    assert len(again) == len(sample.bill.lines)
    assert (task.kind, task.places["limit"]) == ("usage_limit", "Gasto por linha")
    assert findings == []
