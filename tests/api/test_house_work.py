"""Work of the house goes to the house's people: a client's own sees nothing of other companies."""

from __future__ import annotations

import pytest
from sqlmodel import select

from models.client_services import ClientService
from models.people import User
from tests import builders
from tests.support.desk import AT, a_support_team
from tests.support.tasks import a_task, stored
from tests.support.web import Web

EVERYTHING = "*"


@pytest.fixture
async def client_id(web: Web) -> int:
    """A company with a team of its own people, of whom Otto is one."""
    async with web.database.write() as session:
        company = await builders.a_customer(session, code="AURORA")
        otto = await builders.a_user(session, "otto", name="Otto Farias", company_id=company.id)
        team = await builders.a_team(session, otto, code="aurora")
        session.add(
            ClientService(
                customer_id=company.id, model="total", team_id=team.id, changed_at=AT,
                changed_by="ana",
            )
        )  # fmt: skip
    return company.id


async def team_of(web: Web, client_id: int) -> int:
    async with web.database.read() as session:
        return (await session.get_one(ClientService, client_id)).team_id


async def test_a_task_of_the_house_is_not_given_to_a_clients_person(
    web: Web, client_id: int
) -> None:
    task_id = await a_task(web)
    program = await web.program(EVERYTHING)
    browser = await web.browser(EVERYTHING)

    refused = await program.post(f"/api/tasks/{task_id}/delegation", json={"to": "otto"})
    made = await program.post(
        "/api/tasks",
        json={"title": "Ligar", "due_at": "2099-01-05T12:00:00Z", "assignee": "otto"},
    )

    assert (refused.status_code, refused.json()["code"]) == (422, "ColleagueOfClient")
    assert (made.status_code, made.json()["code"]) == (422, "ColleagueOfClient")
    assert (await stored(web, task_id)).assignee is None
    for page in (f"/tarefas/{task_id}", "/tarefas/todas", "/tarefas/nova"):
        shown = (await browser.get(page)).text
        assert '<option value="otto">Otto Farias</option>' not in shown.split("Responsável")[-1]


async def test_a_task_of_the_client_may_be_given_to_their_person(web: Web, client_id: int) -> None:
    team_id = await team_of(web, client_id)
    task_id = await a_task(web, customer_id=client_id, team_id=team_id)
    program = await web.program(EVERYTHING)
    browser = await web.browser(EVERYTHING)

    shown = (await browser.get(f"/tarefas/{task_id}")).text
    given = await program.post(f"/api/tasks/{task_id}/delegation", json={"to": "otto"})

    assert '<option value="otto">Otto Farias</option>' in shown
    assert given.json()["assignee"] == "otto"


async def test_a_ticket_is_not_offered_to_a_clients_person(web: Web, client_id: int) -> None:
    support = await a_support_team(web.database)
    ticket = await support.opened()
    browser = await web.browser(EVERYTHING, login="bia")

    for page in (f"/chamados/{ticket.number}", "/chamados"):
        assert "Otto Farias" not in (await browser.get(page)).text


@pytest.mark.parametrize(("is_of_client", "status"), [(False, 422), (True, 204)])
async def test_nobody_stands_in_for_somebody_of_another_company(
    web: Web, client_id: int, *, is_of_client: bool, status: int
) -> None:
    company_id = client_id if is_of_client else None
    lia = await web.program(EVERYTHING, login="lia", company_id=company_id)
    page = await web.browser(EVERYTHING, login="rui", company_id=company_id)
    async with web.database.read() as session:
        otto = (await session.exec(select(User).where(User.login == "otto"))).one()

    away = {"absent_until": "2099-01-05", "substitute_id": otto.id}
    answer = await lia.put("/api/own/absence", json=away)

    assert answer.status_code == status
    assert ("Otto Farias" in (await page.get("/ausencia")).text) == (status == 204)


async def test_an_account_executive_is_of_the_house(web: Web, client_id: int) -> None:
    program = await web.program(EVERYTHING)
    asked = {"name": "Nova", "document": "11144477735", "uf": "PE", "executive": "otto"}

    refused = await program.post("/api/customers", json=asked)
    nobody = await program.post("/api/customers", json={**asked, "executive": "ninguém"})

    assert (refused.status_code, refused.json()["code"]) == (422, "ColleagueOfClient")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "ColleagueUnknown")


async def test_a_team_is_of_one_company(web: Web, client_id: int) -> None:
    program = await web.program(EVERYTHING, owns=(EVERYTHING,))
    async with web.database.write() as session:
        bia, rui = [await builders.a_user(session, login) for login in ("bia", "rui")]
        lia = await builders.a_user(session, "lia", company_id=client_id)
        otto = (await session.exec(select(User).where(User.login == "otto"))).one()
    team = {"code": "rede", "name": "Rede"}

    mixed = [
        await program.post("/api/teams", json={**team, **who})
        for who in (
            {"member_ids": [bia.id, otto.id]},
            {"member_ids": [bia.id], "lead_id": otto.id},
        )
    ]
    ours = await program.post("/api/teams", json={**team, "member_ids": [bia.id, rui.id]})
    theirs = await program.post(
        "/api/teams",
        json={"code": "x", "name": "X", "member_ids": [lia.id, otto.id], "manager_id": bia.id},
    )
    later = await program.put(
        f"/api/teams/{ours.json()['id']}", json={**team, "member_ids": [bia.id, lia.id]}
    )

    assert {(each.status_code, each.json()["code"]) for each in (*mixed, later)} == {
        (422, "TeamMixed")
    }
    assert (ours.status_code, theirs.status_code) == (201, 201)
