"""A running Acerto and a real browser before it.

    async def test_something(site: Site) -> None:
        page = await site.page(login="giane", permissions=("tasks:see", "tasks:act"))
        await page.goto("/tarefas")
        assert await site.violations(page) == []

The house (engine, worker, relay, virtual clock) is `site.house`; rows are written through
`site.database`. What the browser's console complains about fails the test at its end. Without a
browser these tests are skipped, unless ACERTO_TEST_REQUIRE_BROWSER=1.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from socket import socket

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from api.app import create_app
from api.dependencies import clock
from models.database import Database
from tests.conftest import House
from tests.support.browser import FLAGS, browser_executable
from tests.support.web import Web

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


@dataclass
class Site:
    """Where the application runs, and browsers that are signed in to it."""

    url: str
    house: House
    web: Web
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    @property
    def database(self) -> Database:
        """The rows behind the pages."""
        return self.house.database

    def stop_time(self) -> None:
        """Pages and log-ins know the virtual clock alone from here on, as the journeys do."""
        self.web.now = self.house.clock.now
        self.web.app.state.clock = lambda: self.house.clock.now

    async def page(
        self,
        *,
        login: str = "giane",
        permissions: Iterable[str] = ("*",),
        name: str | None = None,
        viewport: dict[str, int] | None = None,
        scheme: str = "light",
    ) -> Page:
        """A browser window of its own, signed in as a new user with these permissions."""
        visitor = await self.web.browser(
            *permissions, login=login, name=name or f"{login.title()} Souza"
        )
        context = await self.browser.new_context(
            base_url=self.url, viewport=viewport or DESK, locale="pt-BR", color_scheme=scheme
        )
        cookie = {"name": "acerto", "value": visitor.cookies["acerto"], "url": self.url}
        await context.add_cookies([cookie])
        await visitor.aclose()
        page = await context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    async def violations(self, page: Page) -> list[str]:
        """What axe finds wrong with the page for people who do not see, or use the keyboard."""
        found = await Axe().run(page)
        return [
            f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}"
            for each in found.response["violations"]
        ]

    def _listen(self, message: ConsoleMessage) -> None:
        # The browser's own word for an answer such as 409, which is what the test is about.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """This process's browser; each test has windows of its own in it."""
    executable = browser_executable()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def site(house: House, browser: Browser) -> AsyncIterator[Site]:
    """Acerto on a free port of this machine, and a browser."""
    app = create_app(house.settings, house.database, house.client)
    web = Web(app, house.database)
    began = house.clock.now
    web.now = clock()
    app.state.clock = lambda: clock() + (house.clock.now - began)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_serving(app))
        await stack.enter_async_context(_relaying(house))
        site = Site(url, house, web, browser)
        yield site
        for window in browser.contexts:
            await window.close()
        assert site.complaints == []


@asynccontextmanager
async def _serving(app) -> AsyncIterator[str]:
    listening = socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2)
    )
    server.capture_signals = nullcontext  # type: ignore[assignment,method-assign]
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - Uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        app.state.live.close()
        server.should_exit = True
        await serving


@asynccontextmanager
async def _relaying(house: House) -> AsyncIterator[None]:
    """The outbox is delivered as in a running worker, beside what the clock's settle delivers."""
    stop = asyncio.Event()
    relaying = asyncio.create_task(house.relay.run(stop))
    try:
        yield
    finally:
        stop.set()
        await relaying
