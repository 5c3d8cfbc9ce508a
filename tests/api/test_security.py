"""Other origins, headers, cookies that programs may not use, sizes, and problem+json."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from api.security import BODY_LIMIT, Door
from models.paces import TryCount
from tests.support.web import Web


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_a_form_sent_by_another_site_is_refused(web: Web, headers):
    browser = await web.browser("people:edit")

    answer = await browser.post("/sair", headers=headers)

    assert answer.status_code == 403
    assert "outra origem" in answer.text
    assert (await browser.get("/sessoes")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://acerto.test"},
    ],
)
async def test_our_own_forms_pass(web: Web, headers):
    browser = await web.browser()

    assert (await browser.post("/sair", headers=headers)).status_code == 303


async def test_a_page_may_be_opened_from_another_site(web: Web):
    browser = await web.browser("people:see")

    answer = await browser.get("/pessoas", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200


async def test_programs_cannot_use_the_cookie_where_origins_are_not_checked(web: Web):
    browser = await web.browser("*")

    answer = await browser.get("/api/users")

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == "TokenNotAccepted"


async def test_pages_cannot_be_used_with_a_token(web: Web):
    program = await web.program("*")

    assert (await program.get("/pessoas")).status_code == 303


async def test_every_answer_says_what_pages_may_do(web: Web):
    for path in ("/entrar", "/nowhere", "/api/users", "/static/acerto.css"):
        headers = (await web.visitor().get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]


async def test_on_https_the_cookie_is_bound_to_the_host(web: Web):
    web.app.state.settings = web.app.state.settings.model_copy(
        update={"public_url": "https://acerto.test"}
    )
    answer = await web.visitor().post("/sair")

    assert "__Host-acerto=" in answer.headers["set-cookie"]


async def test_a_body_too_large_is_refused(web: Web):
    answer = await web.visitor().post("/entrar", content=b"x" * (BODY_LIMIT + 1))

    assert answer.status_code == 413


async def test_an_unknown_page_says_so_in_words(web: Web):
    answer = await web.visitor().get("/nowhere")

    assert answer.status_code == 404
    assert "Esta página não existe" in answer.text


async def test_a_problem_is_told_to_programs_in_both_languages(web: Web):
    program = await web.program()

    answer = await program.get("/api/users")

    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"]) == (403, "PermissionDenied")
    assert told["detail"].startswith("Seu perfil não permite")
    assert told["detail_en"].startswith("Your role does not allow")


async def test_fields_that_cannot_be_read_are_named(web: Web):
    program = await web.program("*")

    answer = await program.post("/api/users", json={"login": "x", "email": "no"})

    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "InvalidFields")
    assert {error["field"] for error in told["errors"]} == {"login", "name", "email"}


async def test_a_refused_command_of_htmx_stands_above_the_page(web: Web):
    browser = await web.browser()

    answer = await browser.post(
        "/sessoes/encerramento", data={"sessao": "unknown"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 404
    assert answer.headers["hx-retarget"] == "#flash"
    assert "<html" not in answer.text


async def test_the_documentation_page_loads_nothing_from_elsewhere(web: Web):
    answer = await web.visitor().get("/api/docs")

    assert answer.status_code == 200
    assert "https://" not in answer.text


@pytest.mark.parametrize("path", ["/api/docs", "/entrar", "/api/tasks", "/static/acerto.css"])
async def test_head_answers_as_get_without_the_body(web: Web, path: str) -> None:
    asked = await web.visitor().get(path)
    head = await web.visitor().head(path)

    assert head.status_code == asked.status_code
    assert head.headers["content-type"] == asked.headers["content-type"]
    assert head.content == b""


async def test_every_process_of_the_house_counts_the_same_tries(web: Web) -> None:
    doors = [Door(web.database) for _ in range(2)]

    tried = [
        await doors[n % 2].allows_login(login="ana", ip="203.0.113.9", at=web.now) for n in range(6)
    ]
    elsewhere = await doors[0].allows_login(login="ana", ip="203.0.113.10", at=web.now)
    later = web.now + timedelta(minutes=2)
    again = await doors[1].allows_login(login="ana", ip="203.0.113.9", at=later)

    assert (tried, elsewhere, again) == ([True] * 5 + [False], True, True)
    async with web.database.read() as session:
        assert len((await session.exec(select(TryCount))).all()) == 2


async def test_who_has_one_address_of_ipv6_has_all_of_its_network(web: Web) -> None:
    door, at = Door(web.database), web.now

    tried = [
        await door.allows_login(login="ana", ip=f"2001:db8:0:7::{n:x}", at=at) for n in range(6)
    ]
    elsewhere = await door.allows_login(login="ana", ip="2001:db8:0:8::1", at=at)
    for n in range(20):
        await door.count_guess(ip=f"2001:db8:0:7::{n:x}", at=at)

    assert (tried, elsewhere) == ([True] * 5 + [False], True)
    assert not await door.allows_guess(ip="2001:db8:0:7:ffff::1", at=at)
    assert await door.allows_guess(ip="2001:db8:0:8::1", at=at)
