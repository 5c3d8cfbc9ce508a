"""Diaries of imports: begun, stopped, resumed, taken over at a stage, and what journeys hear."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import col, select

from activities.import_requests import begin_import, resume_import, stop_import
from models.bulk import BulkRun
from models.cases import Case, CaseEvent
from models.invoices import Invoice
from models.messages import Message
from models.tasks import Task
from rules.business_days import local_date
from rules.cases import Process
from tests.conftest import House
from tests.support.portfolio import CUSTOMERS, a_payment, an_invoice, uploaded, write_csv


async def asked(house: House, *paths: Path) -> int:
    files = [uploaded(path) for path in paths]
    async with house.database.write() as session:
        run = await begin_import(session, files, is_dry_run=False, by="ana", at=house.clock.now)
        return run.id or 0


async def run_of(house: House, run_id: int) -> BulkRun:
    async with house.database.read() as session:
        run = await session.get(BulkRun, run_id)
    assert run is not None
    return run


async def the_case(house: House) -> Case:
    async with house.database.read() as session:
        statement = select(Case).where(Case.process == Process.COLLECTIONS)
        return (await session.exec(statement)).one()


async def test_an_import_is_stopped_and_goes_on_to_its_end(house: House, tmp_path: Path) -> None:
    run_id = await asked(house, write_csv(tmp_path / "c.csv", CUSTOMERS))
    async with house.database.write() as session:
        await stop_import(session, run_id)

    # Stopped before its first page
    await house.clock.settle()
    assert (await run_of(house, run_id)).status == "stopped"

    # Resumed: the rest is written
    async with house.database.write() as session:
        await resume_import(session, run_id, at=house.clock.now)
    await house.clock.settle()
    run = await run_of(house, run_id)
    assert (run.status, run.changed, run.done) == ("done", 2, 2)
    assert run.finished_at is not None


async def test_an_account_taken_over_gets_no_burst_of_old_messages(
    house: House, tmp_path: Path
) -> None:
    old = an_invoice(estagio="em negociação", desde="01/06/2026", vencimento="05/05/2026")
    customers = [CUSTOMERS[0] | {"email": "ana@example.com", "celular": "11987654321"}]

    # Imported half-way through a negotiation that began half a year ago
    await asked(
        house, write_csv(tmp_path / "c.csv", customers), write_csv(tmp_path / "f.csv", [old])
    )
    await house.clock.settle()
    await house.clock.settle()
    case = await the_case(house)
    assert (case.stage, case.closed_at) == ("negotiating", None)
    assert case.next_at is not None
    assert case.next_at > house.clock.now
    async with house.database.read() as session:
        assert (await session.exec(select(Message).order_by("id"))).all() == []
        assert (await session.exec(select(Task).order_by("id"))).all() == []
        kinds = list(await session.exec(select(CaseEvent.kind).order_by(col(CaseEvent.id))))
    assert kinds == ["opened", "adopted"]

    # A week on, its own clocks have begun
    await house.clock.forward(days=7)
    async with house.database.read() as session:
        assert (await session.exec(select(Message).order_by("id"))).all() != []


async def test_a_payment_by_file_ends_the_customers_collections(
    house: House, tmp_path: Path
) -> None:
    invoice = an_invoice(estagio="classificado", desde="")
    await asked(
        house, write_csv(tmp_path / "c.csv", CUSTOMERS), write_csv(tmp_path / "f.csv", [invoice])
    )
    await house.clock.settle()
    assert (await the_case(house)).stage == "classified"

    # Paid in full, by file
    today = f"{local_date(house.clock.now):%d/%m/%Y}"
    await asked(house, write_csv(tmp_path / "p.csv", [a_payment(pago_em=today)]))
    await house.clock.settle()

    case = await the_case(house)
    assert (case.stage, case.closed_at is not None) == ("closed", True)
    async with house.database.read() as session:
        paid = (await session.exec(select(Invoice))).one()
    assert (paid.status, paid.collection_stage) == ("settled", "recovered")
