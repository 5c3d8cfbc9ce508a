"""Nobody is offered a way to what they may not open, whatever page they are on."""

from __future__ import annotations

import re

import pytest

from api.app import routers
from api.dependencies import Principal
from api.navigation import DESTINATIONS
from api.places import Places, permissions_of, routes_of
from rules.permissions import ALL
from tests import builders
from tests.support.tasks import a_task
from tests.support.web import Web

PLACES = Places(routes_of(routers()))
BESIDE = [(name, path) for each in DESTINATIONS for name, path in each.beside]


def person(*permissions: str, company_id: int | None = None) -> Principal:
    return Principal(1, "ana", "Ana", frozenset(permissions), company_id=company_id)


@pytest.mark.parametrize(
    ("permissions", "href", "opens"),
    [
        (("customers:see",), "/clientes/77?aba=x#y", True),
        (("tickets:see",), "/clientes/77", False),
        (("registries:see",), "/cadastros/regua", False),
        (("registries:see",), "/cadastros/planos", True),
        (("tickets:see",), "/casos/7", True),  # its page knows whose it is
        ((), "/static/acerto.css", True),
        ((), "/no/page/of/ours", True),
        ((), "Ligar para o cliente", True),
    ],
)
def test_a_page_says_what_it_asks_for(permissions, href, opens) -> None:
    assert PLACES.may_open(person(*permissions), href) is opens


def test_a_clients_person_opens_no_page_of_the_house() -> None:
    assert not PLACES.may_open(person(*ALL, company_id=3), "/clientes/77")
    assert PLACES.may_open(person(*ALL, company_id=3), "/operadoras/faturas/3")


def test_of_a_closed_link_the_words_stay_and_buttons_go() -> None:
    text = (
        '<tr data-href="/clientes/7"><td><a class="x" href="/clientes/7">Maria <b>L</b></a></td>'
        '<td><a class="btn btn-sm" href="/clientes/7">Abrir</a>'
        '<a href="/chamados/1">1</a></td></tr>'
    )

    shown = PLACES.without_closed(text, person("tickets:see"))

    assert shown == ('<tr><td>Maria <b>L</b></td><td><a href="/chamados/1">1</a></td></tr>')
    assert PLACES.without_closed(text, person("tickets:see", "customers:see")) == text


@pytest.mark.parametrize(("permission", "path"), BESIDE)
def test_a_page_beside_its_place_asks_for_no_more_than_is_said(permission, path) -> None:
    [asked] = [permissions_of(each) for each in routes_of(routers()) if each.path == path
               and each.methods == {"GET"}]  # fmt: skip

    assert asked == (permission,)


@pytest.mark.parametrize(("permission", "path"), BESIDE)
async def test_whoever_may_open_one_page_alone_begins_there(web: Web, permission, path) -> None:
    browser = await web.browser(permission)

    begun = await browser.get("/")
    shown = await browser.get(path)

    assert (begun.status_code, begun.headers["location"]) == (303, path)
    assert shown.status_code in {200, 503}  # where the engine is asked, and none is there
    assert f'href="{path}" data-go=' in shown.text


async def test_a_task_says_that_it_is_done_where_its_reader_may_not_go(web: Web) -> None:
    task_id = await a_task(web, description="/cadastros/indices")
    closed = (await (await web.browser("tasks:see")).get(f"/tarefas/{task_id}")).text
    open_to = await web.browser("tasks:see", "registries:see", login="bia")
    shown = (await open_to.get(f"/tarefas/{task_id}")).text

    said = "Faz-se numa página que seu perfil não abre"
    assert (said in closed, "/cadastros/indices" in closed) == (True, False)
    assert (said in shown, 'href="/cadastros/indices"' in shown) == (False, True)


async def test_a_panel_names_its_accounts_to_who_may_not_open_them(web: Web) -> None:
    async with web.database.write() as session:
        customer = await builders.a_customer(session, name="Maria")
        await builders.a_contract(session, customer, code="K-7")
    seller = await web.browser("contracts:see")
    clerk = await web.browser("contracts:see", "customers:see", login="bia")
    page = re.search(r"/contratos/\d+", (await seller.get("/contratos")).text)[0]

    shown, whole = (await seller.get(page)).text, (await clerk.get(page)).text

    assert "Maria" in shown
    assert f"/clientes/{customer.id}" not in shown
    assert f"/clientes/{customer.id}" in whole
