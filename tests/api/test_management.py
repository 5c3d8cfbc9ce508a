"""The managers' page: every number opens exactly the cases it counts, under every filter."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from html import unescape
from re import findall

import pytest
from sqlalchemy import event

from activities.templates import ensure_templates
from api.management_numbers import table_of
from api.navigation import DESTINATIONS
from models.bulk import BulkRun
from models.case_counts import StageCount
from models.case_filter import When
from models.cases import Case
from models.message_templates import switch
from models.plans import Plan
from rules.business_days import local_date
from tests.builders import a_contract, a_customer, a_team, stored
from tests.support.web import NOW, Web

SEE = ("management:see", "tasks:see", "collections.account:see", "contestations:see", "tickets:see")
#: Thursday 19 November, 10:00 in Brasília, is web.now.
STAGES = (
    # process, stage, hours in it, due in hours, next in hours, breached
    ("tasks", "open", 1, -2, 1, True),
    ("tasks", "open", 2, 5, 5, False),
    ("tasks", "open", 30, 60, 40, False),
    ("collections", "negotiating", 50, None, 5, False),
    ("collections", "negotiating", 90, None, None, False),
    ("tickets", "open", 4, -1, None, False),
    ("contestation", "filed", 4, 24 * 30, 24 * 20, False),
)


async def a_house_at_work(web: Web) -> list[Case]:
    """Cases here and there, all of them of customers in Recife but the first."""
    made = []
    async with web.database.write() as session:
        plan = await stored(session, Plan(code="f500", name="Fibra 500"))
        team = await a_team(session)
        for n, (process, stage, stood, due, coming, is_breached) in enumerate(STAGES, 1):
            customer = await a_customer(
                session, code=f"C{n}", city="Recife" if n > 1 else "Brasília"
            )
            if n == 2:
                await a_contract(session, customer, plan_id=plan.id)
            made.append(
                await stored(
                    session,
                    Case(
                        process=process, subject_id=n, customer_id=customer.id, stage=stage,
                        stage_since=web.now - timedelta(hours=stood),
                        opened_at=web.now - timedelta(hours=stood), owner="bia" if n == 3 else None,
                        team_id=team.id if n < 4 else None, due_at=_in(web.now, due),
                        next_kind="remind" if coming is not None else None,
                        next_at=_in(web.now, coming),
                        breached_at=web.now if is_breached else None,
                    ),
                )
            )  # fmt: skip
    return made


def _in(now: datetime, hours: int | None) -> datetime | None:
    return None if hours is None else now + timedelta(hours=hours)


async def test_management_asks_for_its_permission(web: Web) -> None:
    browser, program = await web.browser("tasks:see"), await web.program("tasks:see")

    assert (await browser.get("/gestao")).status_code == 403
    assert (await browser.get("/gestao/motor")).status_code == 403
    assert (await program.get("/api/management/stages")).status_code == 403
    assert (await program.get("/api/management/engine")).status_code == 403


async def test_what_presses_is_counted_by_stage(web: Web) -> None:
    await a_house_at_work(web)
    program = await web.program(*SEE)

    figures = {
        each["process"]: each for each in (await program.get("/api/management/stages")).json()
    }

    tasks = figures["tasks"]
    pressing = ("cases", "breached", "overdue", "due_today", "due_week", "today", "week")
    assert [tasks[name] for name in pressing] == [3, 1, 1, 1, 2, 2, 3]
    assert [figures["collections"][name] for name in pressing] == [2, 0, 0, 0, 0, 1, 1]
    assert [figures["contestation"][name] for name in pressing] == [1, 0, 0, 0, 0, 0, 0]
    hours = [
        (web.now - datetime.fromisoformat(tasks[name])) / timedelta(hours=1)
        for name in ("median", "slowest", "oldest")
    ]
    assert hours == [2, 30, 30]


@pytest.mark.parametrize(
    ("query", "tasks"),
    [
        ({}, 3),
        ({"team_id": 1}, 3),
        ({"owner": "bia"}, 1),
        ({"city": "brasilia"}, 1),
        ({"city": "Recife"}, 2),
        ({"plan_id": 1}, 1),
        ({"carrier_id": 1}, 0),
        ({"process": "tickets"}, 0),
    ],
)
async def test_the_figures_follow_every_filter(web: Web, query: dict, tasks: int) -> None:
    await a_house_at_work(web)
    program = await web.program(*SEE)

    found = (await program.get("/api/management/stages", params=query)).json()

    assert sum(each["cases"] for each in found if each["process"] == "tasks") == tasks


@pytest.mark.parametrize(
    "query", ["", "?cidade=recife", "?equipe=1", "?desde=2026-11-18", "?plano=1&processo=tasks"]
)
async def test_every_number_opens_exactly_its_cases(web: Web, query: str) -> None:
    await a_house_at_work(web)
    browser = await web.browser(*SEE)
    page = (await browser.get(f"/gestao{query}")).text
    table = page[page.index('id="stages"') : page.index('id="coming"')]

    numbers = findall(r'<a href="([^"]+)">(\d+)</a>', table)

    assert len(numbers) >= 4
    for href, count in numbers:
        listed = await browser.get(f"{unescape(href)}&formato=csv")
        assert len(listed.text.strip().splitlines()) - 1 == int(count), href


def test_a_stage_that_its_name_does_not_explain_is_explained() -> None:
    of = {
        stage: StageCount("bureau", stage, 1, dict.fromkeys(When, 0), NOW, NOW, NOW)
        for stage in ("registered", "conflict")
    }

    noted = {row.label: row.note for row in table_of("bureau", list(of.values()), {}).rows}

    assert noted["Em SPC"] == ""
    assert noted["Crítica de SPC"].startswith("Um registro que continua de pé embora")


async def test_the_numbers_leave_as_csv(web: Web) -> None:
    await a_house_at_work(web)

    answer = await (await web.browser(*SEE)).get("/gestao?processo=tasks&formato=csv")

    head, *rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert head[:5] == ["Processo", "Etapa", "Casos", "Prazo descumprido", "Em atraso"]
    assert [row[:5] for row in rows] == [["Tarefa", "Aberta", "3", "1", "1"]]


async def test_a_filter_that_cannot_be_read_counts_nothing(web: Web) -> None:
    await a_house_at_work(web)

    answer = await (await web.browser(*SEE)).get("/gestao?desde=ontem")

    assert answer.status_code == 422
    assert "Nenhum caso aberto." in answer.text


async def test_more_cases_take_no_more_statements(web: Web) -> None:
    await a_house_at_work(web)
    browser = await web.browser(*SEE)
    few = await statements_of(web, browser)
    async with web.database.write() as session:
        customer = await a_customer(session, code="C99")
        session.add_all(
            Case(
                process="tasks", subject_id=n, customer_id=customer.id, stage="open",
                stage_since=web.now, opened_at=web.now, next_at=web.now,
            )
            for n in range(100, 160)
        )  # fmt: skip

    assert await statements_of(web, browser) == few


async def statements_of(web: Web, browser) -> int:
    """How many statements the page takes."""
    seen: list[str] = []

    def notice(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    engine = web.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", notice)
    assert (await browser.get("/gestao")).status_code == 200
    event.remove(engine, "before_cursor_execute", notice)
    return len(seen)


@pytest.mark.parametrize("for_clients", [True, False])
def test_every_place_has_a_key_of_its_own(for_clients: bool) -> None:
    keys = [place.key for place in DESTINATIONS if place.for_clients is for_clients]

    assert keys
    assert len(keys) == len(set(keys))


async def test_what_has_no_room_in_the_bar_is_in_its_menu(web: Web) -> None:
    browser = await web.browser("*")

    pages = [(await browser.get(path)).text for path in ("/casos", "/gestao")]

    menus = [page.split('class="places"')[1].split("</nav>")[0] for page in pages]
    ours = [place.path for place in DESTINATIONS if not place.for_clients]
    served = [path for path in ours if path in web.app.state.paths]
    assert all(f'href="{path}"' in menu for menu in menus for path in served)
    assert ["<span>Mais</span>" in menu for menu in menus] == [True, False]


async def test_the_week_s_figures_are_asked_for_and_stopped(web: Web) -> None:
    browser, other = await web.browser(*SEE), await web.program("tasks:see")

    await browser.post("/gestao/semana", data={"is_wanted": "1"})
    wanted = (await browser.get("/gestao")).text
    await browser.post("/gestao/semana", data={"is_wanted": ""})
    stopped = (await browser.get("/gestao")).text
    refused = await other.put("/api/management/week", json={"is_wanted": True})

    assert "Parar o e-mail da semana" in wanted
    assert "Receber a semana por e-mail" in stopped
    assert refused.status_code == 403


async def test_legal_notices_that_do_not_leave_stand_above_the_numbers(web: Web) -> None:
    browser, program = await web.browser(*SEE), await web.program("management:see")
    place = "/api/management/stopped-notices"
    assert (await program.get(place)).json() == []
    async with web.database.write() as session:
        await ensure_templates(session, at=web.now)
        for channel in ("email", "sms", "app"):
            await switch(session, code="bureau_notice", channel=channel, is_active=False)
        await stored(
            session,
            BulkRun(
                kind="ladder", key="ladder/1", business_date=local_date(web.now), status="done",
                requested_by="system", requested_at=web.now,
                summary={"unapproved": 3, "unapproved_notices": 2},
            ),
        )  # fmt: skip

    told = (await program.get(place)).json()
    page = unescape((await browser.get("/gestao")).text)

    assert [each["href"] for each in told] == [
        "/mensagens/modelos/bureau_notice/email", "/cadastros/regua/amanha",
    ]  # fmt: skip
    assert all(each["sentence"] in page for each in told)
    assert "3 faturas esperam, com 2 avisos da lei" in told[1]["sentence"]
