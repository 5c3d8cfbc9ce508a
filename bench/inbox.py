"""The inbox over half a million tasks: its views, counts, searches and "take next", p95.

Target: 60 ms for a page and for taking the next task. Tasks of every process, twenty thousand of
them open, of fifty people in eight teams, a quarter nobody's; times are the server's own, of whole
pages, on a warm database.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import sys
import tempfile
from pathlib import Path

import structlog
from sqlalchemy import text
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - declares every table
from api.app import create_app
from bench.figures import Figures, Kind
from models.database import Database
from models.people import Team, TeamMember, User
from settings import Settings
from tests.support.web import NOW, Web

TASKS = 500_000
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
CUSTOMERS = f"""{NUMBERS} INSERT INTO customers (id, code, name, document, city, uf,
    created_at) SELECT i, 'C' || i, 'Cliente ' || i, printf('%011d', i),
    'Betim', 'MG', :now FROM n"""
#: One in 25 is open: four hundred a person.
ROWS = f"""{NUMBERS} INSERT INTO tasks (id, key, title, description, process, kind, customer_id,
    team_id, assignee, status, priority, due_at, reason, consequence, places, created_at,
    created_by, finished_at, finished_by, result, remarks, version, due_calendar, due_version)
    SELECT i, 'bench/' || i, 'Tarefa ' || i, '',
    CASE i / 25 % 5 WHEN 0 THEN 'collections' WHEN 1 THEN 'tickets' WHEN 2 THEN 'kickoff'
        WHEN 3 THEN 'contestation' ELSE 'agreements' END,
    'manual', 1 + i % 20000, 1 + i / 25 % 8,
    CASE WHEN i / 25 % 4 = 0 THEN NULL ELSE 'p' || (i / 25 % 50) END,
    CASE WHEN i % 25 = 0 THEN 'open' ELSE 'concluded' END, 1 + i % 3,
    datetime(:now, (i * 7919 % 20000 - 4000) || ' minutes') || '.000000', 'Motivo', 'Atrasa',
    '{{}}', :now, 'system',
    CASE WHEN i % 25 = 0 THEN NULL
        ELSE datetime(:now, '-' || (i * 7907 % 400000) || ' minutes') || '.000000' END,
    CASE WHEN i % 25 = 0 THEN NULL ELSE 'p' || (i % 50) END, '', '', 1, '', '' FROM n"""
CASES = f"""{NUMBERS} INSERT INTO cases (process, subject_id, customer_id, stage, stage_since,
    version, epoch, opened_at) SELECT 'tasks', i, 1 + i % 20000, 'open', :now, 1, 1, :now FROM n
    WHERE i % 25 = 0"""
FLOOR = """SELECT * FROM tasks LEFT JOIN customers ON customers.id = tasks.customer_id
    WHERE finished_at IS NULL ORDER BY due_at, tasks.id LIMIT 50"""
PAGES = (
    (Kind.PAGE, "mine", "/tarefas", {}),
    (Kind.PAGE, "my teams'", "/tarefas/equipe", {}),
    (Kind.PAGE, "nobody's", "/tarefas/livres", {}),
    (Kind.PAGE, "all open", "/tarefas/todas", {}),
    (Kind.PAGE, "all open, by priority", "/tarefas/todas", {"ordem": "priority"}),
    (Kind.TOTALS, "tickets alone", "/tarefas/todas", {"processo": "tickets"}),
    (Kind.PAGE, "finished, the newest first", "/tarefas/finalizadas", {}),
)


async def main() -> None:
    """This will print one line for each thing measured, and how each kind of request did."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder)}/acerto.db")
        await _fill(database)
        figures = Figures("sqlite")
        await _measure(database, figures)
        figures.conclude()
        await database.dispose()


async def _fill(database: Database) -> None:
    now = f"{NOW:%Y-%m-%d %H:%M:%S}.000000"
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    async with database.write() as session:
        session.add_all(Team(code=f"t{n}", name=f"Equipe {n}") for n in range(8))
        session.add_all(User(login=f"p{n}", name=f"Pessoa {n}", created_at=NOW) for n in range(50))
    async with database.engine.begin() as connection:
        for statement, count in ((CUSTOMERS, 20_000), (ROWS, TASKS), (CASES, TASKS)):
            await connection.execute(text(statement), {"count": count, "now": now})
        await connection.execute(text("ANALYZE"))


async def _measure(database: Database, figures: Figures) -> None:
    web = Web(create_app(Settings(database_url=database.url), database), database)
    browser = await web.browser("*", login=f"ana-{secrets.token_hex(4)}")
    async with database.write() as session:
        session.add_all(TeamMember(team_id=team, user_id=51) for team in (1, 2))
    gc.collect()
    gc.freeze()

    async def floor() -> None:
        async with database.engine.connect() as connection:
            (await connection.exec_driver_sql(FLOOR)).all()

    await figures.time(Kind.FLOOR, "50 open tasks with their customers", "", floor)
    for kind, label, path, query in PAGES:

        async def once(path: str = path, query: dict[str, str] = query) -> None:
            answer = await browser.get(path, params=query)
            assert answer.status_code == 200, answer.text

        await figures.time(kind, path, label, once)

    async def take_next() -> None:
        answer = await browser.post("/tarefas/proxima")
        assert answer.status_code == 303, answer.text

    await figures.time(Kind.PAGE, "/tarefas/proxima", "take next", take_next)

    async def search() -> None:
        answer = await browser.get("/tarefas/todas", params={"busca": "Cliente 17"})
        assert answer.status_code == 200, answer.text

    await figures.time(Kind.SEARCH, "/tarefas/todas", "customer's name", search)


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit("It takes no arguments.")
    asyncio.run(main())
