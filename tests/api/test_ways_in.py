"""What ends with a password: log-ins always, tokens and feeds by a reset or where asked."""

from __future__ import annotations

import httpx2
import pytest

from models.passwords import hash_password
from tests.support.web import Web

OLD, NEW = "velha-senha-2026-acerto", "nova-senha-2026-acerto"
CHANGE = {"current_password": OLD, "new_password": NEW, "confirmation": NEW}
GRANTED = ("tasks:see", "people:see")


class Bia:
    """Somebody with a browser, a token and a calendar feed."""

    def __init__(self, web: Web) -> None:
        self.web = web

    async def begin(self) -> Bia:
        hashed = await hash_password(OLD)
        self.browser = await self.web.browser(*GRANTED, login="bia", password_hash=hashed)
        made = await self.browser.post("/tokens", data={"name": "robo", "has_all": "1"})
        secret = made.text.split('id="new-token">')[1].split("<")[0]
        self.program = self.web.visitor(headers={"Authorization": f"Bearer {secret}"})
        url = (await self.program.post("/api/calendar-feeds", json={})).json()["url"]
        self.feed = url[url.index("/agenda/") :]
        return self

    async def comes_in(self) -> tuple[bool, bool, bool]:
        """By browser, by token, by feed."""
        answers: list[httpx2.Response] = [
            await self.browser.get("/pessoas"), await self.program.get("/api/users"),
            await self.web.visitor().get(self.feed),
        ]  # fmt: skip
        return tuple(each.status_code == 200 for each in answers)


@pytest.fixture
async def bia(web: Web) -> Bia:
    return await Bia(web).begin()


@pytest.mark.parametrize("is_page", [True, False])
async def test_a_reset_by_an_administrator_ends_every_way_in(web: Web, bia: Bia, is_page) -> None:
    assert await bia.comes_in() == (True, True, True)
    if is_page:
        admin = await web.browser("*", login="admin")
        done = await admin.post("/pessoas/1/senha")
        assert "precisam de um token novo" in done.text
    else:
        admin = await web.program("*", login="admin")
        done = await admin.post("/api/users/1/one-time-password")

    assert done.status_code in {200, 201}
    assert await bia.comes_in() == (False, False, False)


async def test_who_is_made_inactive_and_comes_back_has_nothing_of_before(
    web: Web, bia: Bia
) -> None:
    admin = await web.program("*", login="admin")
    [known] = [each for each in (await admin.get("/api/users")).json() if each["login"] == "bia"]
    draft = {"login": "bia", "name": "Bia", "role_ids": known.get("role_ids", [1])}
    away = await admin.put("/api/users/1", json=draft | {"is_active": False})
    back = await admin.put("/api/users/1", json=draft | {"is_active": True, "role_ids": [1]})

    assert (away.status_code, back.status_code) == (204, 204)
    assert await bia.comes_in() == (False, False, False)


async def test_a_change_of_one_s_own_password_leaves_programs_alone(bia: Bia) -> None:
    done = await bia.browser.post("/senha", data=CHANGE)
    told = await bia.browser.get("/pessoas")

    assert done.status_code == 303
    assert "os tokens continuam valendo" in told.text
    assert await bia.comes_in() == (True, True, True)


async def test_whoever_asks_is_alone_after_a_change(bia: Bia) -> None:
    await bia.browser.post("/senha", data={**CHANGE, "ends_tokens": "1"})

    assert await bia.comes_in() == (True, False, False)


async def test_a_program_ends_itself_with_the_old_password(bia: Bia) -> None:
    body = {"current_password": OLD, "new_password": NEW, "ends_tokens": True}

    done = await bia.program.put("/api/own/password", json=body)

    assert done.status_code == 204
    assert await bia.comes_in() == (False, False, False)
