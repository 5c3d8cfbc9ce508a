"""How a problem is told: a sentence to people, problem+json to programs."""

from __future__ import annotations

from api.dependencies import Visitor
from rules.cases import ChangedBy
from tests.support.web import Web


async def test_a_refusal_names_a_colleague_to_people_and_the_login_to_programs(web: Web) -> None:
    await has_a_refusal(web)
    browser = await web.browser()

    page, told = await browser.get("/prova"), await browser.get("/api/prova")

    assert (page.status_code, "Rita Lima alterou este processo em hoje" in page.text) == (409, True)
    assert told.json()["detail"].startswith("rita alterou")


async def test_nobody_from_outside_is_told_a_colleagues_name(web: Web) -> None:
    await has_a_refusal(web)

    page = await web.visitor().get("/prova")

    assert (page.status_code, "Rita Lima" in page.text) == (409, False)


async def has_a_refusal(web: Web) -> None:
    async def refuse(_visitor: Visitor) -> None:
        raise ChangedBy(by="rita", when="hoje")

    for path in ("/prova", "/api/prova"):
        web.app.add_api_route(path, refuse)
    await web.user(login="rita", name="Rita Lima")
