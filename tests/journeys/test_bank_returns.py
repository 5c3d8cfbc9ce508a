"""A diary of a bank's return file: stopped before its first page, and gone on with to its end."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import select

from activities.return_requests import resume_return, start_return, stop_return
from models.bulk import BulkRun
from models.payments import Payment
from tests.conftest import House
from tests.support.bank_returns import an_invoice, collect_by_boleto, send_in
from tests.support.cnab import file_400, liquidation_400, sent


async def test_a_return_file_is_stopped_and_goes_on_to_its_end(
    house: House, tmp_path: Path
) -> None:
    await collect_by_boleto(house.database, an_invoice("F1"), an_invoice("F2"))
    titles = [liquidation_400(f"0000000{number}", paid="100.00") for number in (1, 2)]
    run = await send_in(house.database, tmp_path, sent(file_400("341", *titles)))
    async with house.database.write() as session:
        start_return(session, run, at=house.clock.now)
        await stop_return(session, run.number)

    # Stopped before its first page
    await house.clock.settle()
    assert await status(house, run) == "stopped"

    # Resumed: each line once
    async with house.database.write() as session:
        await resume_return(session, run.number, at=house.clock.now)
    await house.clock.settle()

    assert await status(house, run) == "done"
    async with house.database.read() as session:
        assert len((await session.exec(select(Payment).order_by("id"))).all()) == 2


async def status(house: House, run: BulkRun) -> str:
    async with house.database.read() as session:
        return (await session.get_one(BulkRun, run.id)).status
