"""Roles, teams and one-time passwords by program."""

from __future__ import annotations

from sqlmodel import select

from models.people import Role
from tests.support.web import Web

ALL = ("people:see", "people:edit", "tasks:see")
ROLE = {"code": "leitura", "name": "Leitura", "permissions": ["tasks:see"]}
TEAM = {"code": "noite", "name": "Turno da noite"}


async def test_a_role_is_made_and_changed(web: Web) -> None:
    program = await web.program(*ALL)
    await web.user("*", login="chefe")  # somebody always may do everything

    made = await program.post("/api/roles", json=ROLE)
    one = f"/api/roles/{made.json()['id']}"
    changed = await program.put(one, json=ROLE | {"name": "Só ver", "permissions": []})

    assert (made.status_code, changed.status_code) == (201, 204)
    listed = {each["code"]: each for each in (await program.get("/api/roles")).json()}
    told = {"name": "Só ver", "permissions": [], "people": 0}
    assert listed["leitura"] | told == listed["leitura"]
    assert listed["role-of-robo"]["permissions"] == sorted(ALL)


async def test_a_role_is_refused_as_its_form_refuses_it(web: Web) -> None:
    program = await web.program(*ALL)

    refused = [
        (await program.post("/api/roles", json=ROLE | wrong)).json()["code"]
        for wrong in ({"code": "role-of-robo"}, {"code": "A B"}, {"permissions": ["*"]})
    ]

    assert refused == ["RoleCodeTaken", "InvalidFields", "RoleBeyondOwn"]
    async with web.database.read() as session:
        assert (await session.exec(select(Role.id).where(Role.code == "leitura"))).all() == []


async def test_a_team_is_made_and_changed(web: Web) -> None:
    program = await web.program(*ALL)
    bia = await web.user(login="bia")

    made = (await program.post("/api/teams", json=TEAM | {"member_ids": [bia]})).json()["id"]
    changed = await program.put(f"/api/teams/{made}", json=TEAM | {"lead_id": bia})
    strangers = [
        (await program.post("/api/teams", json=TEAM | {"code": "x", **who})).json()["code"]
        for who in ({"lead_id": 99}, {"member_ids": [bia, 99]}, {"member_ids": [2**63]})
    ]

    assert changed.status_code == 204
    assert strangers == ["UserUnknown", "UserUnknown", "InvalidFields"]
    [team] = (await program.get("/api/teams")).json()
    assert team == {"id": made, **TEAM, "lead_id": bia, "manager_id": None, "member_ids": []}


async def test_a_one_time_password_is_renewed_and_told_once(web: Web) -> None:
    program, bia = await web.program(*ALL), await web.user(login="bia")
    path, named = f"/api/users/{bia}/one-time-password", {"Idempotency-Key": "bia-1"}

    first = await program.post(path, headers=named)
    again = await program.post(path, headers=named)
    nobody = await program.post("/api/users/99/one-time-password")

    assert (first.status_code, first.json()["login"]) == (201, "bia")
    assert len(first.json()["one_time_password"]) > 10
    assert again.json()["code"] == "SecretAlreadyTold"
    assert nobody.status_code == 404
