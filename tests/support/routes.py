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
    for dependant in route.dependant.dependencies:
        if getattr(dependant.call, "__name__", "") == "permitted":
            return tuple(dependant.own_oauth_scopes or ())
    return None
