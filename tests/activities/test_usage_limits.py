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

#: The second code of each charge of a sample, or a plan's own: none of them the first.
USED = "LOC, VC1, VC2, VC3, LDN, PCRP, PDAD, PAR, SMS"


async def test_an_invoice_beyond_a_limit_asks_once(database: Database, tmp_path: Path) -> None:
    sample = make_sample(1)
    async with database.write() as session:
        await a_company(session, sample)
        session.add_all(
            [
                LineLimit(code="G", name="Gasto por linha", amount=Decimal("1.00")),
                LineLimit(code="X", name="De outra empresa", company="none", amount=Decimal(1)),
                LineLimit(code="O", name="Folgado", amount=Decimal(1_000_000)),
                LineLimit(code="S", name="Tudo o que se usa, por sigla e plano", allowed=USED),
                LineLimit(code="N", name="Sem mensagens", allowed=USED.replace(", SMS", "")),
            ]
        )
    file = on_disk(tmp_path, file_of(sample.bill, "febraban_v3r0"))

    await import_sample(database, file, at=noon(ISSUED))
    async with database.write() as session:
        invoice = (await session.exec(select(CarrierInvoice))).one()
        again = await ask_about_usage(session, invoice, at=noon(ISSUED))

    async with database.read() as session:
        task, texts = (await session.exec(select(Task).order_by("id"))).all()
        findings = (await session.exec(select(Finding).order_by("id"))).all()
    assert len(again) == 2 * len(sample.bill.lines)
    assert texts.places["limit"] == "Sem mensagens"
    assert texts.places["services"] == "203 Mensagem SMS"
    assert (task.kind, task.places["limit"]) == ("usage_limit", "Gasto por linha")
    assert findings == []
