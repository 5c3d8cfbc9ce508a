"""Single sign-on against a real provider on this machine: who comes in, and who is told why not."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from urllib.request import Request, urlopen

import httpx2
import pytest
from pydantic import SecretStr

from api.app import create_app
from models.database import Database
from models.newcomers import create_first_administrator
from settings import OidcSettings, Settings
from tests.support.web import ADDRESS, NOW, Web

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def provider() -> Iterator[str]:
    mock = importlib.import_module("oidc_provider_mock")  # it warns while it is imported
    with mock.run_server_in_thread() as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def vouch(provider: str):
    """Tell the provider what to say of a person."""

    def say(subject: str, **claims) -> None:
        body = json.dumps(claims).encode()
        headers = {"Content-Type": "application/json"}
        urlopen(Request(f"{provider}/users/{subject}", body, headers, method="PUT")).close()

    return say


def with_sso(settings: Settings, database: Database, provider: str, **oidc) -> Web:
    known = OidcSettings(
        issuer=provider, client_id="acerto", client_secret=SecretStr("secret"), **oidc
    )
    return Web(create_app(settings.model_copy(update={"oidc": known}), database), database)


async def enter(web: Web, subject: str) -> tuple[httpx2.AsyncClient, httpx2.Response]:
    """Go to the provider, sign in there, and come back."""
    browser = web.visitor()
    sent = await browser.get("/oidc/entrar")
    assert "code_challenge_method=S256" in sent.headers["location"]
    async with httpx2.AsyncClient() as elsewhere:
        back = await elsewhere.post(sent.headers["location"], data={"sub": subject})
    return browser, await browser.get(back.headers["location"].removeprefix(ADDRESS))


async def test_a_stranger_without_a_default_role_is_told_to_ask(
    settings, database, provider, vouch
):
    web = with_sso(settings, database, provider)
    vouch("s1", name="Sara", email="sara@acerto.com.br")

    browser, answer = await enter(web, "s1")

    assert answer.status_code == 422
    assert "Sua conta ainda não tem acesso" in answer.text
    assert (await browser.get("/sessoes")).status_code == 303


async def test_a_stranger_gets_the_default_role_and_no_more(settings, database, provider, vouch):
    web = with_sso(settings, database, provider, default_role="operator")
    async with database.write() as session:
        await create_first_administrator(session, at=NOW)
    vouch("s1", name="Sara", email="sara@acerto.com.br")

    browser, answer = await enter(web, "s1")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await browser.get("/sessoes")).status_code == 200
    assert (await browser.get("/pessoas")).status_code == 403


async def test_who_was_invited_by_e_mail_comes_in_as_that_user(settings, database, provider, vouch):
    web = with_sso(settings, database, provider)
    await web.user("people:see", login="sara", email="Sara@acerto.com.br")
    vouch("s1", name="Sara", email="sara@acerto.com.br", email_verified=True)

    browser, _ = await enter(web, "s1")

    assert (await browser.get("/pessoas")).status_code == 200


async def test_an_e_mail_that_nobody_verified_opens_nothing(settings, database, provider, vouch):
    web = with_sso(settings, database, provider)
    await web.user("*", login="sara", email="sara@acerto.com.br")
    vouch("s1", name="Not Sara", email="sara@acerto.com.br", email_verified=False)

    _, answer = await enter(web, "s1")

    assert answer.status_code == 422


async def test_a_return_that_nobody_asked_for_is_refused(settings, database, provider):
    web = with_sso(settings, database, provider)

    answer = await web.visitor().get("/oidc/retorno?code=stolen&state=guessed")

    assert answer.status_code == 422
    assert "não confirmou o login" in answer.text


async def test_without_a_provider_there_is_no_single_sign_on(web: Web):
    assert "/oidc/entrar" not in (await web.visitor().get("/entrar")).text
    assert (await web.visitor().get("/oidc/entrar")).status_code == 422
