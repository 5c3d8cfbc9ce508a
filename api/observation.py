"""Every request measured, named in the logs, and counted for Prometheus."""

from __future__ import annotations

import logging
import re
import time
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import logs
from activities.link_addresses import PATH as CUSTOMER_PATH

log = structlog.get_logger("acerto.http")

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
SECONDS = Histogram(
    "acerto_http_seconds",
    "Time until the answer was sent, by route template",
    ["method", "route", "status"],
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
OUTBOX_WAITING = Gauge(
    "acerto_outbox_waiting", "Outbox entries that the engine has not taken yet", registry=REGISTRY
)

REQUEST_ID_HEADER = "x-request-id"
#: A proxy may name the request; anything else could write what it likes into the log.
ACCEPTED_ID = re.compile(r"[\w.-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
READING = frozenset({"GET", "HEAD"})
#: Their addresses are secrets.
CALENDARS = "/agenda/"
#: Providers' reports, one or two for each message sent; the message's row keeps what they say.
REPORTS = "/webhooks/"
#: Asked every few seconds by machines, and of no interest to whoever reads the log.
UNLOGGED = ("/static", "/health", "/metrics", CALENDARS)


class Observation:
    """Outermost middleware: whatever answers, it was measured and has a request id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        began, status = time.perf_counter(), 500

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = request_id
            await send(message)

        structlog.contextvars.clear_contextvars()
        with logs.context(request_id=request_id):
            try:
                await self.app(scope, receive, send_named)
            finally:
                _record(scope, status=status, seconds=time.perf_counter() - began)


def _record(scope: Scope, *, status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    # A path nobody serves must not become a time series of its own.
    route = getattr(scope.get("route"), "path", "") or "-"
    SECONDS.labels(method, route, status).observe(seconds)
    if not scope["path"].startswith(UNLOGGED):
        # A customer's address is a secret, too: such requests are named by their route.
        path = route if scope["path"].startswith(CUSTOMER_PATH) else scope["path"]
        # What is read or reported without fault would scroll away what a console tells once.
        is_routine = method in READING or path.startswith(REPORTS)
        level = logging.DEBUG if is_routine and status < 400 else logging.INFO
        log.log(level, "request", method=method, path=path, status=status, ms=round(seconds * 1e3))


def _request_id(headers: Headers) -> str:
    given = headers.get(REQUEST_ID_HEADER, "")
    return given if ACCEPTED_ID.fullmatch(given) else uuid4().hex
