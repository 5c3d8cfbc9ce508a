"""A diary of a carrier's file: uploaded, imported, audited; and one that was stopped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlmodel import select

from activities.carrier_requests import begin_carrier_import, carrier_run, stop_carrier_import
from models.carrier_invoices import CarrierInvoice
from models.tasks import Task
from rules.audit_rules import Rule
from rules.carrier_errors import plant
from rules.carrier_samples import file_of, make_sample
from tests.conftest import House
from tests.support.carriers import a_company, on_disk
from workflows.carriers import CarrierFilesRetention, CarrierFilesWatch
from workflows.options import JOURNEYS_QUEUE


async def test_a_carriers_file_is_imported_and_audited_and_another_is_stopped(
    house: House, tmp_path: Path
) -> None:
    sample, other = make_sample(1), make_sample(2)
    plant(sample, Rule.DUPLICATE)
    async with house.database.write() as session:
        await a_company(session, sample)
        begun = [
            await begin_carrier_import(
                session, on_disk(tmp_path, file_of(each.bill, "febraban_v3r0")),
                by="ana", at=house.clock.now,
            )
            for each in (sample, other)
        ]  # fmt: skip
        await stop_carrier_import(session, begun[1].number)

    # The engine does both: one to its findings, the other not at all
    await house.clock.settle()

    async with house.database.read() as session:
        runs = [await carrier_run(session, each.number) for each in begun]
    assert [(run.status, run.changed) for run in runs] == [("done", 1), ("stopped", 0)]

    # Once it is years old, the nightly workflow forgets the file
    async with house.database.write() as session:
        [invoice] = await session.exec(select(CarrierInvoice))
        invoice.issue_date, invoice.month = date(2020, 11, 22), date(2020, 11, 1)
    forgotten = await house.client.execute_workflow(
        CarrierFilesRetention.run, id="retention", task_queue=JOURNEYS_QUEUE
    )

    assert forgotten == 1

    # Every few minutes the folder is looked into; an account without its invoice is asked for
    taken = await house.client.execute_workflow(
        CarrierFilesWatch.run, id="watch", task_queue=JOURNEYS_QUEUE
    )
    async with house.database.read() as session:
        asked = (await session.exec(select(Task.kind))).all()

    assert taken == 0
    assert "missing_carrier_invoice" in asked
