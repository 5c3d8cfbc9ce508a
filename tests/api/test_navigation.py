"""Tabs: each asks for what its page asks for, so that nobody is led where they may not go."""

from __future__ import annotations

import pytest

from api.app import routers
from api.navigation import GROUPS, Tab
from api.places import permissions_of, routes_of
from tests.support.web import Web

TABS = [tab for tabs in GROUPS.values() for tab in tabs]


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.path)
def test_a_tab_asks_for_what_its_page_asks_for(tab: Tab) -> None:
    [asked] = [
        permissions_of(route)
        for route in routes_of(routers())
        if route.methods == {"GET"} and _leads(route.path, tab.path)
    ]

    assert asked == ((tab.see,) if tab.see else ())


def _leads(path: str, to: str) -> bool:
    return path == to or (path == "/cadastros/{slug}" and to == "/cadastros/operadoras")


async def test_whoever_may_not_open_a_tab_does_not_see_it(web: Web) -> None:
    carriers = (await (await web.browser("carriers:see")).get("/operadoras/faturas")).text
    people = (await (await web.browser("people:see", login="bia")).get("/pessoas")).text

    assert "/operadoras/contratos" in carriers
    assert "/cadastros/operadoras" not in carriers
    assert "/operadoras/mapeamentos" not in carriers
    assert "/pessoas/equipes" in people
    assert "/pessoas/auditoria" not in people
