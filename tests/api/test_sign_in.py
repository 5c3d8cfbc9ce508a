"""Signing in, staying in, and being kept out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from models.newcomers import create_first_administrator
from models.passwords import hash_password
from models.people import AuditEntry, UserSession
from tests.support.web import NOW, Web

PASSWORD = "tamandua-bandeira-7"


async def enter(visitor, *, login="ana", senha=PASSWORD, volta="/pessoas", **options):
    form = {"login": login, "senha": senha, "volta": volta}
    return await visitor.post("/entrar", data=form, **options)


@pytest.fixture
async def ana(web: Web) -> int:
    return await web.user("people:see", login="ana", password_hash=await hash_password(PASSWORD))


async def test_a_page_asks_a_stranger_to_sign_in_and_remembers_where_to(web: Web):
    answer = await web.visitor().get("/pessoas?busca=jo%C3%A3o")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/entrar?volta=/pessoas%3Fbusca%3Djo%25C3%25A3o"


async def test_a_fragment_sends_the_whole_browser_to_sign_in(web: Web):
    answer = await web.visitor().get("/pessoas", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/entrar")


@pytest.mark.usefixtures("ana")
async def test_the_right_password_opens_a_session_that_scripts_cannot_read(web: Web):
    visitor = web.visitor()

    answer = await enter(visitor)

    cookie = answer.headers["set-cookie"].lower()
    assert (answer.status_code, answer.headers["location"]) == (303, "/pessoas")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert (await visitor.get("/pessoas")).status_code == 200


@pytest.mark.usefixtures("ana")
async def test_the_database_keeps_only_a_hash_of_the_cookie(web: Web):
    visitor = web.visitor()

    await enter(visitor)

    async with web.database.read() as session:
        opened = (await session.exec(select(UserSession))).one()
    assert opened.id != visitor.cookies["acerto"]
    assert len(opened.id) == 64


@pytest.mark.usefixtures("ana")
async def test_login_names_are_the_same_in_any_case(web: Web):
    assert (await enter(web.visitor(), login=" ANA ")).status_code == 303


@pytest.mark.parametrize(
    ("login", "senha"), [("ana", "wrong"), ("nobody", PASSWORD), ("ana", ""), ("", "")]
)
@pytest.mark.usefixtures("ana")
async def test_every_wrong_pair_is_refused_with_the_same_sentence(web: Web, login, senha):
    answer = await enter(web.visitor(), login=login, senha=senha)

    assert answer.status_code == 401
    assert "Usuário ou senha inválidos." in answer.text
    assert "acerto" not in answer.cookies


async def test_who_left_does_not_come_in(web: Web):
    hashed = await hash_password(PASSWORD)
    await web.user(login="ana", password_hash=hashed, is_active=False)

    assert (await enter(web.visitor())).status_code == 401


async def test_a_user_without_a_password_comes_in_by_sso_only(web: Web):
    await web.user(login="ana")

    assert (await enter(web.visitor(), senha="")).status_code == 401


@pytest.mark.usefixtures("ana")
async def test_the_sixth_try_within_a_minute_is_refused_even_with_the_right_password(web: Web):
    visitor = web.visitor()
    for _ in range(5):
        await enter(visitor, senha="wrong")

    answer = await enter(visitor)

    assert answer.status_code == 429
    assert "Muitas tentativas" in answer.text


@pytest.mark.usefixtures("ana")
async def test_log_ins_and_refusals_are_audited_without_the_password(web: Web):
    await enter(web.visitor(), senha="wrong")
    await enter(web.visitor())

    async with web.database.read() as session:
        entries = (await session.exec(select(AuditEntry).order_by("id"))).all()
    assert [entry.action for entry in entries] == ["session.refused", "session.open"]
    assert "wrong" not in str([entry.model_dump() for entry in entries])


@pytest.mark.parametrize(
    "volta",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\n/x"],
)
@pytest.mark.usefixtures("ana")
async def test_signing_in_never_leads_to_another_site(web: Web, volta):
    assert (await enter(web.visitor(), volta=volta)).headers["location"] == "/"


async def test_a_session_ends_when_its_hours_are_over(web: Web):
    browser = await web.browser("people:see")
    web.now = NOW + timedelta(hours=12) - timedelta(seconds=1)
    assert (await browser.get("/pessoas")).status_code == 200

    web.now = NOW + timedelta(hours=12)

    assert (await browser.get("/pessoas")).status_code == 303


async def test_signing_out_ends_the_session_for_copies_of_the_cookie_too(web: Web):
    browser = await web.browser("people:see")
    copy = web.visitor(cookies={"acerto": "cookie-of-ana"})

    answer = await browser.post("/sair")

    assert answer.headers["location"] == "/entrar"
    assert (await copy.get("/pessoas")).status_code == 303


async def test_a_one_time_password_leads_to_its_change_and_nowhere_else(web: Web):
    hashed = await hash_password(PASSWORD)
    browser = await web.browser("*", password_hash=hashed, must_change_password=True)
    assert (await browser.get("/pessoas")).headers["location"] == "/senha"
    typed = {
        "current_password": PASSWORD,
        "new_password": "mico-leao-dourado",
        "confirmation": "mico-leao-dourado",
    }

    answer = await browser.post("/senha", data=typed)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await browser.get("/pessoas")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"current_password": "wrong"}, "A senha atual não confere."),
        ({"new_password": "curta", "confirmation": "curta"}, "ao menos 10 caracteres"),
        ({"new_password": "ana-ana-ana-ana"}, "fácil de adivinhar"),
        ({"confirmation": "outra-coisa-qualquer"}, "A confirmação é diferente"),
    ],
)
async def test_a_change_of_password_is_refused_beside_its_field(web: Web, typed, sentence):
    browser = await web.browser(password_hash=await hash_password(PASSWORD))
    good = {
        "current_password": PASSWORD,
        "new_password": "mico-leao-dourado",
        "confirmation": "mico-leao-dourado",
    }

    answer = await browser.post("/senha", data=good | typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert PASSWORD not in answer.text


async def test_changing_the_password_ends_every_other_session(web: Web):
    here = await web.browser("people:see", password_hash=await hash_password(PASSWORD))
    elsewhere = web.visitor()
    await enter(elsewhere)
    typed = {
        "current_password": PASSWORD,
        "new_password": "mico-leao-dourado",
        "confirmation": "mico-leao-dourado",
    }

    await here.post("/senha", data=typed)

    assert (await here.get("/pessoas")).status_code == 200
    assert (await elsewhere.get("/pessoas")).status_code == 303


async def test_an_empty_system_gets_one_administrator_once(web: Web):
    async with web.database.write() as session:
        password = await create_first_administrator(session, at=NOW)
    async with web.database.write() as session:
        again = await create_first_administrator(session, at=NOW)

    visitor = web.visitor()
    answer = await enter(visitor, login="admin", senha=password)
    assert (answer.status_code, again) == (303, None)
    assert (await visitor.get("/pessoas")).headers["location"] == "/senha"
