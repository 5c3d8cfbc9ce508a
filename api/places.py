"""Where an address leads and what its page asks for: nobody is offered what they may not open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from fastapi.routing import APIRoute

from api.client_access import is_open_to_clients
from api.dependencies import Principal

_NUMBER = re.compile(r"\d+")
_LINK = re.compile(
    r"<a\b(?P<before>[^>]*?)(?<![-\w])href=\"(?P<to>/[^\"]*)\"(?P<after>[^>]*)>(?P<within>.*?)</a>",
    re.DOTALL,
)
_ROW = re.compile(r" data-href=\"(?P<to>/[^\"]*)\"")
#: What is nothing but a way to somewhere; of other links the words stay.
_BUTTON = re.compile(r"class=\"[^\"]*\b(?:btn|chip|nav-link)\b")


class Places:
    """The pages of the application, and the permissions that each asks for."""

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._by_beginning: dict[str, list[tuple[re.Pattern[str], tuple[str, ...]]]] = {}
        self._open: dict[str, list[re.Pattern[str]]] = {}
        for route in routes:
            if "GET" not in (route.methods or ()):
                continue
            asked = permissions_of(route)
            if asked is None:
                self._open.setdefault(_beginning(route.path), []).append(route.path_regex)
            else:
                known = self._by_beginning.setdefault(_beginning(route.path), [])
                known.append((route.path_regex, asked))
        self._asked = lru_cache(maxsize=4096)(self._look_up)

    def may_open(self, by: Principal, href: str) -> bool:
        """Whether this person may open an address; whatever is no page of ours: yes.

        Where the row decides, as of a case of any process, only its page can say.
        """
        path = re.split(r"[?#]", href, maxsplit=1)[0]
        asked = self._asked(_NUMBER.sub("1", path)) if path.startswith("/") else None
        if asked is None:
            return True
        is_theirs = by.is_of_house or is_open_to_clients("GET", path)
        return is_theirs and all(by.may(each) for each in asked)

    def page_above(self, path: str) -> str:
        """The nearest page above an address that is none itself, as above that of a form."""
        while path := path.rpartition("/")[0]:
            if self._look_up(path) is not None or self._is_open(path):
                return path
        return "/"

    def without_closed(self, text: str, by: Principal) -> str:
        """This will take links out of a page that lead where its reader may not go.

        Buttons and chips go; of a name or a number in the text the words stay.
        """

        def link(found: re.Match[str]) -> str:
            if self.may_open(by, found["to"]):
                return found[0]
            attributes = found["before"] + found["after"]
            return "" if _BUTTON.search(attributes) else found["within"]

        def row(found: re.Match[str]) -> str:
            return found[0] if self.may_open(by, found["to"]) else ""

        return _ROW.sub(row, _LINK.sub(link, text))

    def _look_up(self, path: str) -> tuple[str, ...] | None:
        known = self._by_beginning.get(_beginning(path), ())
        return next((asked for pattern, asked in known if pattern.match(path)), None)

    def _is_open(self, path: str) -> bool:
        return any(each.match(path) for each in self._open.get(_beginning(path), ()))


def routes_of(routers: Iterable[Any]) -> Iterator[APIRoute]:
    """Every route of these routers, and of the routers they include."""
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield route
            elif hasattr(route, "original_router"):
                yield from routes_of([route.original_router])


def permissions_of(route: APIRoute) -> tuple[str, ...] | None:
    """What the route asks of the caller; empty = signed in, None = anybody may."""
    return _asked_by(route.dependant)


def _asked_by(dependant: Any) -> tuple[str, ...] | None:
    for each in dependant.dependencies:
        if getattr(each.call, "__name__", "") == "permitted":
            return tuple(each.own_oauth_scopes or ())
        if (nested := _asked_by(each)) is not None:
            return nested
    return None


def _beginning(path: str) -> str:
    return path.split("/", 2)[1]
