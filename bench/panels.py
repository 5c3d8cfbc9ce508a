"""How long the panels take with a million invoices: python -m bench.panels [sqlite|postgresql] …

Times are the server's own, of whole pages through the application, on a warm database.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx2
import structlog
from sqlalchemy import func, select
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - declares every table
from api.app import create_app
from api.keyset import Cursor, encode
from api.panels import CHARTS_PATH, PAGES, ROOT, PanelPage
from bench.portfolio import fill
from models.database import Database
from models.panels import Wanted, select_panel
from models.rows import rows_of
from rules.panels import Panel
from settings import Settings
from tests.support.postgres import postgres
from tests.support.web import Web

REPEATS = 25
PAGE_MS, FILTER_MS, CHARTS_MS = 60, 250, 1000

FILTERS = {
    "name": {"busca": "conceição 1"},
    "accents": {"busca": "joao"},
    "document": {"busca": "530.016"},
    "number": {"busca": "N500123"},
    "totals": {"valor_de": "100,00", "atraso_de": "10"},
    "city": {"cidade": "uberl", "uf": "MG"},
}


async def main() -> None:
    """This will print one line for each thing measured; above its target it is marked."""
    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=silent)
    for name in sys.argv[1:] or ("sqlite", "postgresql"):
        async with _database(name) as database:
            began = time.perf_counter()
            await fill(database)
            print(f"\n{name}: filled in {time.perf_counter() - began:.0f} s")
            await _measure(database)


@asynccontextmanager
async def _database(name: str) -> AsyncIterator[Database]:
    """An empty database with all tables; PostgreSQL as the tests have it."""
    with (
        tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder,
        postgres() if name == "postgresql" else nullcontext("") as address,
    ):
        url = f"sqlite+aiosqlite:///{Path(folder) / 'acerto.db'}"
        if name == "postgresql":
            connection = await asyncpg.connect(f"postgresql://postgres@{address}/postgres")
            await connection.execute("CREATE DATABASE bench")
            await connection.close()
            url = f"postgresql+asyncpg://postgres@{address}/bench"
        database = Database(url)
        async with database.engine.begin() as tables:
            await tables.run_sync(SQLModel.metadata.create_all)
        yield database
        await database.dispose()


@dataclass(frozen=True)
class Bench:
    """The filled database, and a browser before the application over it."""

    database: Database
    browser: httpx2.AsyncClient


async def _measure(database: Database) -> None:
    settings = Settings(database_url=database.url)
    web = Web(create_app(settings, database), database)
    bench = Bench(database, await web.browser("*"))
    gc.collect()
    gc.freeze()  # what the imports made is not looked through again while pages are timed
    await _show(bench, "all seven", CHARTS_PATH, {}, target=CHARTS_MS)
    await _show(bench, "counts", f"{ROOT}/contagem", {})
    for panel in PAGES:
        for sort in _sorts(panel):
            await _depths(bench, panel, sort)
        for label, query in FILTERS.items():
            await _show(bench, label, panel.path, query, target=FILTER_MS)


def _sorts(panel: PanelPage) -> list[str]:
    keys = [column.key for column in panel.columns if column.is_sortable]
    return [f"{sign}{key}" for key in keys for sign in ("", "-")]


async def _depths(bench: Bench, panel: PanelPage, sort: str) -> None:
    """The first page, one in the middle and the last."""
    await _show(bench, f"{sort} first", panel.path, {"ordem": sort})
    for name, share in (("middle", 0.5), ("last", 0.999)):
        cursor = await _cursor_at(bench.database, panel.panel, sort, share)
        await _show(bench, f"{sort} {name}", panel.path, {"ordem": sort, "cursor": cursor})


async def _cursor_at(database: Database, panel: Panel, sort: str, share: float) -> str:
    """The cursor that leads to a share of the panel's rows."""
    rows = select_panel(panel, Wanted()).subquery()
    column = rows.c[sort.removeprefix("-")]
    order = [column.desc(), rows.c.id.desc()] if sort.startswith("-") else [column, rows.c.id]
    async with database.read() as session:
        [total] = await rows_of(session, select(func.count().label("count")).select_from(rows))
        at = int(total["count"] * share)
        place = select(column.label("value"), rows.c.id).order_by(*order).offset(at).limit(1)
        [row] = await rows_of(session, place)
    return encode(Cursor(row["value"], row["id"]))


async def _show(
    bench: Bench, label: str, path: str, query: dict[str, str], *, target: int = PAGE_MS
) -> None:
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        answer = await bench.browser.get(path, params=query)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.text
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    mark = f"  above {target}" if p95 > target else ""
    name = f"{path.removeprefix(ROOT)} {label}"
    print(f"{name:40} p50 {statistics.median(times):5.0f}  p95 {p95:5.0f} ms{mark}", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
