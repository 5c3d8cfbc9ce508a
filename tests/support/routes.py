"""The routes of the application, one by one, however deep their routers are nested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi.routing import APIRoute


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
