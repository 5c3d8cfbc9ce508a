"""How long the panels take with a million invoices: python -m bench.panels [sqlite|postgresql] …

Times are the server's own, of whole pages through the application, on a warm database. A database's
address in the place of a name measures that one, filled first if it is empty, and keeps it.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asyncpg
import httpx2
import structlog
from sqlalchemy import func, inspect, select
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - declares every table
from api import worklist
from api.app import create_app
from api.keyset import Cursor, SortKey, encode
from api.listing import Column
from api.panels import CHARTS_PATH, PAGES, ROOT, PanelPage
from bench.figures import Figures, Kind
from bench.portfolio import fill
from models.database import Database
from models.panels import Wanted, select_panel
from models.rows import rows_of
from models.worklist_kept import reckon_worklist, worklist_amounts
from rules.business_days import local_date
from rules.panels import Panel
from rules.worklist import WorklistPolicy
from settings import Settings
from tests.support.postgres import postgres
from tests.support.web import Web

SEARCHES = {
    "name": {"busca": "conceição 1"},
    "accents": {"busca": "joao"},
    "document": {"busca": "530.016"},
    "number": {"busca": "N500123"},
    "nobody": {"busca": "quem não há"},
}
FILTERS = {
    "amount and delay": {"valor_de": "100,00", "atraso_de": "10"},
    "city": {"cidade": "uberl", "uf": "MG"},
}
WORKLIST = {
    "a name": {"busca": "conceição 1"},
    "nobody": {"busca": "quem não há"},
    "amount and delay": {"valor_de": "100,00", "atraso_de": "10"},
    "somebody's": {"responsavel": "giane"},
    "a stage": {"etapa": "negotiating"},
}
#: The least that the database can do for a page, for a sum and for a search.
FLOORS = {
    "50 invoices with their customers, by key": """SELECT * FROM invoices JOIN customers
        ON customers.id = invoices.customer_id WHERE invoices.id > 500000
        ORDER BY invoices.id LIMIT 50""",
    "sum over the invoices of one stage": """SELECT count(*), sum(open_amount) FROM invoices
        WHERE collection_stage = 'in_agreement'""",
    "part of a name among all customers": """SELECT count(*) FROM customers
        WHERE name LIKE '%quem n%'""",
}


async def main() -> None:
    """This will print one line for each thing measured, and how each kind of request did."""
    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=silent)
    for name in sys.argv[1:] or ("sqlite", "postgresql"):
        async with _database(name) as database:
            await _fill(database)
            figures = Figures(database.engine.dialect.name)
            await _measure(database, figures)
            figures.conclude()


@asynccontextmanager
async def _database(name: str) -> AsyncIterator[Database]:
    """A database by its address, or an empty one; PostgreSQL as the tests have it."""
    with (
        tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder,
        postgres() if name == "postgresql" else nullcontext("") as address,
    ):
        url = name
        if name == "sqlite":
            url = f"sqlite+aiosqlite:///{Path(folder) / 'acerto.db'}"
        if name == "postgresql":
            connection = await asyncpg.connect(f"postgresql://postgres@{address}/postgres")
            await connection.execute("CREATE DATABASE bench")
            await connection.close()
            url = f"postgresql+asyncpg://postgres@{address}/bench"
        database = Database(url)
        yield database
        await database.dispose()


async def _fill(database: Database) -> None:
    async with database.engine.begin() as connection:
        if await connection.run_sync(lambda each: inspect(each).has_table("invoices")):
            return
        await connection.run_sync(SQLModel.metadata.create_all)
    began = time.perf_counter()
    await fill(database)
    print(f"\n{database.engine.dialect.name}: filled in {time.perf_counter() - began:.0f} s")


@dataclass(frozen=True)
class Bench:
    """The filled database, a browser before the application over it, and what was measured."""

    database: Database
    browser: httpx2.AsyncClient
    figures: Figures

    async def post(self, kind: Kind, label: str, path: str) -> None:
        """This will time a button."""

        async def once() -> None:
            answer = await self.browser.post(path)
            assert answer.status_code == 303, answer.text

        await self.figures.time(kind, path.removeprefix(ROOT), label, once)

    async def get(self, kind: Kind, label: str, path: str, query: dict[str, str]) -> None:
        """This will time an address."""

        async def once() -> None:
            answer = await self.browser.get(path, params=query)
            assert answer.status_code in {200, 303}, answer.text

        await self.figures.time(kind, path.removeprefix(ROOT), label, once)


async def _measure(database: Database, figures: Figures) -> None:
    web = Web(create_app(Settings(database_url=database.url), database), database)
    browser = await web.browser("*", login=f"ana-{secrets.token_hex(4)}")
    bench = Bench(database, browser, figures)
    gc.collect()
    gc.freeze()  # what the imports made is not looked through again while pages are timed
    await _floors(bench)
    await bench.get(Kind.CHARTS, "all seven", CHARTS_PATH, {})
    await bench.get(Kind.PAGE, "counts", f"{ROOT}/contagem", {})
    await _worklist(bench, today=local_date(web.now))
    for panel in PAGES:
        for column in panel.columns:
            if column.is_sortable:
                await _depths(bench, panel, column)
        for kind, queries in ((Kind.SEARCH, SEARCHES), (Kind.TOTALS, FILTERS)):
            for label, query in queries.items():
                await bench.get(kind, label, panel.path, query)


async def _floors(bench: Bench) -> None:
    for label, statement in FLOORS.items():

        async def once(statement: str = statement) -> None:
            async with bench.database.engine.connect() as connection:
                (await connection.exec_driver_sql(statement)).all()

        await bench.figures.time(Kind.FLOOR, label, "", once)


async def _worklist(bench: Bench, *, today: date) -> None:
    """The worklist as the daily run keeps it, and who is aside; the first page and one far down."""
    async with bench.database.write() as session:
        await reckon_worklist(session, WorklistPolicy(), today=today)
    await bench.database.refresh_statistics()  # as the daily run that reckons it does at its end
    async with bench.database.read() as session:
        owed = (await worklist_amounts(session, WorklistPolicy(), today=today)).owed
        [row] = await rows_of(
            session, select(owed).order_by(owed.c.expected.desc()).offset(40_000).limit(1)
        )
    far = encode(Cursor(row["expected"], (row["customer_id"],)))
    for order in ("-expected", "amount", "customer", "due_date"):
        await bench.get(Kind.PAGE, f"{order} first", worklist.PATH, {"ordem": order})
    await bench.get(Kind.PAGE, "-expected middle", worklist.PATH, {"cursor": far})
    await bench.post(Kind.SEARCH, "next, all others'", f"{worklist.PATH}/proxima")
    await bench.get(Kind.PAGE, "first", f"{worklist.PATH}/fora", {})
    for label, query in WORKLIST.items():
        kind = Kind.SEARCH if "busca" in query else Kind.TOTALS
        await bench.get(kind, label, worklist.PATH, query)


async def _depths(bench: Bench, panel: PanelPage, column: Column) -> None:
    """The first page, one in the middle and the last; up and down."""
    for sign in ("", "-"):
        order = f"{sign}{column.key}"
        await bench.get(Kind.PAGE, f"{order} first", panel.path, {"ordem": order})
        sort = column.sort_key(is_descending=bool(sign))
        for name, share in (("middle", 0.5), ("last", 0.999)):
            cursor = await _cursor_at(bench.database, panel.panel, sort, share)
            query = {"ordem": order, "cursor": cursor}
            await bench.get(Kind.PAGE, f"{order} {name}", panel.path, query)


async def _cursor_at(database: Database, panel: Panel, sort: SortKey, share: float) -> str:
    """The cursor that leads to a share of the panel's rows."""
    rows = select_panel(panel, Wanted(), sorted_by=sort.column).subquery()
    columns = [rows.c[name] for name in (sort.column, *sort.ties)]
    order = [each.desc() if sort.is_descending else each for each in columns]
    async with database.read() as session:
        [total] = await rows_of(session, select(func.count().label("count")).select_from(rows))
        at = int(total["count"] * share)
        [row] = await rows_of(session, select(*columns).order_by(*order).offset(at).limit(1))
    return encode(Cursor(row[sort.column], tuple(row[name] for name in sort.ties)))


if __name__ == "__main__":
    asyncio.run(main())
