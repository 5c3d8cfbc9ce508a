"""Calendar feeds: due instants under a secret address, for as long as it is not revoked."""

from __future__ import annotations

import re

from sqlmodel import select

from models.people import RolePermission, Team, TeamMember, User
from tests.support.tasks import a_task
from tests.support.web import Web

SEE = ("tasks:see",)


def path_of(url: str) -> str:
    return url[url.index("/agenda/") :]


async def a_team(web: Web, user_id: int) -> int:
    async with web.database.write() as session:
        team = Team(code="sul", name="Cobrança Sul")
        session.add(team)
        await session.flush()
        session.add(TeamMember(team_id=team.id, user_id=user_id))
        return team.id


async def test_a_calendar_program_reads_what_is_due(web: Web) -> None:
    mine = await a_task(web, "a", title="Ligar; já", assignee="ana", hours=3, consequence="Sobe.")
    await a_task(web, "b", title="De outra pessoa", assignee="bia")
    ana = await web.program(*SEE, login="ana")

    made = (await ana.post("/api/calendar-feeds", json={})).json()
    calendar = await web.visitor().get(path_of(made["url"]))

    assert calendar.headers["content-type"].startswith("text/calendar")
    lines = calendar.text.splitlines()
    assert lines.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Ligar\\; já" in lines
    assert f"UID:task-{mine}@acerto" in lines
    assert "DTEND:20261119T160000Z" in lines
    assert all(len(line.encode()) <= 75 for line in lines)


async def test_a_team_s_calendar_is_for_its_people_alone(web: Web) -> None:
    ana, bia = await web.program(*SEE, login="ana"), await web.program(*SEE, login="bia")
    async with web.database.read() as session:
        user_id = (await session.exec(select(User).where(User.login == "ana"))).one().id
    team_id = await a_team(web, user_id)
    await a_task(web, "a", title="Da equipe", team_id=team_id)

    made = await ana.post("/api/calendar-feeds", json={"team_id": team_id})
    refused = await bia.post("/api/calendar-feeds", json={"team_id": team_id})
    path = path_of(made.json()["url"])
    read = await web.visitor().get(path)
    async with web.database.write() as session:
        await session.delete(await session.get_one(TeamMember, (team_id, user_id)))
    after = await web.visitor().get(path)

    assert "Da equipe" in read.text
    assert (made.status_code, refused.status_code, after.status_code) == (201, 422, 404)


async def test_a_revoked_address_shows_nothing(web: Web) -> None:
    ana = await web.browser(*SEE, login="ana")
    bia = await web.program(*SEE, login="bia")

    page = await ana.post("/agenda", data={"team_id": ""})
    url = re.search(r'class="secret[^>]*>([^<]+)<', page.text)[1]
    before = await web.visitor().get(path_of(url))
    stolen = await bia.delete("/api/calendar-feeds/1")
    await ana.post("/agenda/revogacao", data={"feed": "1"})
    after = await web.visitor().get(path_of(url))
    shown = await ana.get("/agenda")

    assert url.startswith("http")
    assert (before.status_code, stolen.status_code, after.status_code) == (200, 404, 404)
    assert "Nenhum endereço ainda." in shown.text


async def test_who_may_see_no_tasks_any_more_reads_none(web: Web) -> None:
    ana = await web.program(*SEE, login="ana")
    path = path_of((await ana.post("/api/calendar-feeds", json={})).json()["url"])
    async with web.database.write() as session:
        for permission in await session.exec(select(RolePermission)):
            await session.delete(permission)

    assert (await web.visitor().get(path)).status_code == 404
