"""One's own account by program: password, log-ins and absence, as on the pages."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from models.passwords import hash_password, is_password
from models.people import User
from tests.support.web import Web

OLD, NEW = "velha-senha-2026-acerto", "nova-senha-2026-acerto"


async def the_user(web: Web, login: str) -> User:
    async with web.database.read() as session:
        return (await session.exec(select(User).where(User.login == login))).one()


async def test_a_program_changes_its_owners_password(web: Web) -> None:
    program = await web.program(password_hash=await hash_password(OLD))

    wrong = await program.put(
        "/api/own/password", json={"current_password": "x", "new_password": NEW}
    )
    short = await program.put(
        "/api/own/password", json={"current_password": OLD, "new_password": "curta"}
    )
    done = await program.put(
        "/api/own/password", json={"current_password": OLD, "new_password": NEW}
    )

    assert (wrong.status_code, wrong.json()["field"]) == (422, "current_password")
    assert (short.status_code, done.status_code) == (422, 204)
    user = await the_user(web, "robo")
    assert await is_password(NEW, password_hash=user.password_hash)


@pytest.mark.parametrize("is_page", [True, False])
async def test_ones_own_password_is_guessed_no_oftener_than_at_the_door(
    web: Web, is_page: bool
) -> None:
    hashed = await hash_password(OLD)
    typed = {"current_password": "x", "new_password": NEW}
    if is_page:
        browser = await web.browser(password_hash=hashed)
        statuses = [
            (await browser.post("/senha", data={**typed, "confirmation": NEW})).status_code
            for _ in range(7)
        ]
    else:
        program = await web.program(password_hash=hashed)
        statuses = [
            (await program.put("/api/own/password", json=typed)).status_code for _ in range(7)
        ]

    assert statuses[0] == 422
    assert statuses[-1] == 429


async def test_a_program_sees_and_ends_its_owners_log_ins_alone(web: Web) -> None:
    ana, bia = await web.browser(login="ana"), await web.browser(login="bia")
    program = await web.program(login="robo")
    owned = (await the_user(web, "ana")).id
    async with web.database.write() as session:
        user = (await session.exec(select(User).where(User.login == "robo"))).one()
        assert user.id != owned

    assert (await program.get("/api/own/sessions")).json() == []
    assert (await program.delete("/api/own/sessions/nobodys")).status_code == 404
    assert (await program.delete("/api/own/sessions")).status_code == 204
    assert [(await each.get("/sessoes")).status_code for each in (ana, bia)] == [200, 200]


async def test_a_program_notes_its_owners_absence(web: Web) -> None:
    await web.user(login="bia")
    bia = (await the_user(web, "bia")).id
    program = await web.program()
    asked = {"absent_from": "2026-11-20", "absent_until": "2026-11-27", "substitute_id": bia}

    wrong = await program.put("/api/own/absence", json={**asked, "absent_until": "2026-11-01"})
    noted = await program.put("/api/own/absence", json=asked)
    read = (await program.get("/api/own/absence")).json()

    assert (wrong.status_code, noted.status_code) == (422, 204)
    assert read == asked
    assert (await the_user(web, "robo")).absent_until == date(2026, 11, 27)
