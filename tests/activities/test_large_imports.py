"""Files of a portfolio that are large: bounded memory, and a process killed half way."""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

import pytest
from sqlmodel import func, select

from activities.imports import import_file
from models.bulk import BulkRun
from models.database import Database
from models.invoices import Invoice
from tests.support.portfolio import AT, CUSTOMERS, an_invoice, carry_on, import_files, write_csv

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.slow
async def test_two_hundred_megabytes_are_imported_in_bounded_memory(
    database: Database, tmp_path: Path
) -> None:
    await import_files(database, write_csv(tmp_path / "c.csv", CUSTOMERS))
    path, note = tmp_path / "f.csv", "x" * 10_000
    with path.open("w") as file:
        file.write("codigo;cliente;vencimento;valor;observacao\n")
        file.writelines(f"F{n};C1;05/10/2026;10,00;{note}\n" for n in range(20_000))
    assert path.stat().st_size > 200_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    said = await import_file(database, path, at=AT)

    assert "20000 gravadas" in said
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 150_000, f"{grown} kB for 200 MB"


IMPORTING = """
import asyncio, sys
from pathlib import Path
from activities.imports import import_file
from models.database import Database
from tests.support.portfolio import AT
asyncio.run(import_file(Database(sys.argv[1]), Path(sys.argv[2]), at=AT))
"""


async def test_an_import_killed_half_way_goes_on_and_repeats_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await import_files(database, write_csv(tmp_path / "c.csv", CUSTOMERS))
    rows = [an_invoice(f"F{n}") for n in range(30_000)]
    path = write_csv(tmp_path / "f.csv", rows)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", IMPORTING, database_url, str(path), cwd=ROOT
    )
    run = await half_done(database)

    process.kill()
    await process.wait()
    run = await carry_on(database, run)

    assert (run.status, run.changed, run.unchanged, run.errors) == ("done", 30_000, 0, 0)
    async with database.read() as session:
        assert (await session.exec(select(func.count()).select_from(Invoice))).one() == 30_000


async def half_done(database: Database) -> BulkRun:
    """The second import, once some of it is written."""
    while True:
        async with database.read() as session:
            run = await session.get(BulkRun, 2)
        if run is not None and run.done:
            assert run.done < run.total
            return run
        await asyncio.sleep(0.02)
