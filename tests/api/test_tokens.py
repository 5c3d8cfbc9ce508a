"""API tokens: never more than their owner, and gone when revoked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.support.web import Web


async def test_a_token_may_do_what_both_it_and_its_owner_may(web: Web):
    both = await web.program("people:see", login="a")
    token_only = await web.program("people:see", owns=("tasks:see",), login="b")
    owner_only = await web.program("tasks:see", owns=("people:see",), login="c")
    everything = await web.program("*", owns=("people:see",), login="d")

    seen = [await each.get("/api/users") for each in (both, token_only, owner_only, everything)]

    assert [answer.status_code for answer in seen] == [200, 403, 403, 200]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", ""])
async def test_what_is_not_a_token_is_refused(web: Web, header):
    answer = await web.visitor().get("/api/users", headers={"Authorization": header})

    assert answer.status_code == 401


async def test_a_token_is_shown_once_and_works_until_revoked(web: Web):
    browser = await web.browser("people:see")
    page = (await browser.post("/tokens", data={"name": "ERP", "has_all": "1"})).text
    secret = re.search(r'class="secret mb-0"[^>]*>([^<]+)<', page)[1]
    program = web.visitor(headers={"Authorization": f"Bearer {secret}"})
    assert (await program.get("/api/users")).status_code == 200
    assert secret not in (await browser.get("/tokens")).text
    token_id = (await program.get("/api/tokens")).json()[0]["id"]

    await browser.post("/tokens/revogacao", data={"token": token_id})

    assert (await program.get("/api/users")).status_code == 401


async def test_a_token_ends_after_its_last_day_in_brasilia(web: Web):
    browser = await web.browser("people:see")
    typed = {"name": "ERP", "has_all": "1", "expires_on": "19/11/2026"}
    page = (await browser.post("/tokens", data=typed)).text
    secret = re.search(r'class="secret mb-0"[^>]*>([^<]+)<', page)[1]
    program = web.visitor(headers={"Authorization": f"Bearer {secret}"})
    midnight = web.now.replace(hour=3) + timedelta(days=1)

    web.now = midnight - timedelta(seconds=1)
    assert (await program.get("/api/users")).status_code == 200
    web.now = midnight
    assert (await program.get("/api/users")).status_code == 401


async def test_a_token_without_permissions_is_refused(web: Web):
    browser = await web.browser("people:see")

    answer = await browser.post("/tokens", data={"name": "ERP"})

    assert answer.status_code == 422
    assert "ao menos uma permissão" in answer.text


async def test_a_token_cannot_make_a_stronger_one(web: Web):
    program = await web.program("tasks:see", owns=("*",))

    asked = await program.post("/api/tokens", json={"name": "x", "permissions": ["people:see"]})
    whole = await program.post("/api/tokens", json={"name": "x", "has_all": True})

    assert asked.status_code == 403
    assert whole.json()["permissions"] == ["tasks:see"]


async def test_one_cannot_revoke_the_token_of_another(web: Web):
    ana = await web.program("people:see", login="ana")
    bia = await web.program("people:see", login="bia")
    of_ana = (await ana.get("/api/tokens")).json()[0]["id"]

    answer = await bia.delete(f"/api/tokens/{of_ana}")

    assert (answer.status_code, answer.json()["code"]) == (404, "TokenUnknown")


async def test_what_a_token_allows_is_told_in_words(web: Web):
    browser = await web.browser("invoices:see")

    made = await browser.post("/tokens", data={"name": "ERP", "permissions": "invoices:see"})

    assert "<td>Faturas: Ver</td>" in made.text
