"""The frame in a real browser: both themes and widths, the keyboard, every rule of axe."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.app import create_app
from api.dependencies import clock
from models.database import Database
from models.people import User
from settings import Settings
from tests.support.browser import FLAGS, browser_executable
from tests.support.web import Web

PAGES = ("/pessoas", "/pessoas/novo", "/pessoas/perfis/1", "/tokens", "/cadastros", "/senha")

pytestmark = [pytest.mark.once, pytest.mark.slow]


@pytest.fixture
def address(database_url: str, settings: Settings) -> Iterator[str]:
    """The address of an application with 60 users, in which the cookie of `ana` opens all."""
    database = Database(database_url)
    web = Web(create_app(settings, database), database)
    web.app.state.clock = clock
    server = uvicorn.Server(
        uvicorn.Config(web.app, port=0, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=lambda: asyncio.run(_serve(server, web)))
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


async def _serve(server: uvicorn.Server, web: Web) -> None:
    web.now = clock()
    await web.browser("*", login="ana", name="Ana Souza")
    async with web.database.write() as session:
        session.add_all(
            User(login=f"u{n}", name=f"Pessoa {n:02}", created_at=web.now) for n in range(60)
        )
    await server.serve()
    await web.database.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    executable = browser_executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def open_page(chromium: Browser, address: str, **options) -> Page:
    options = {"viewport": {"width": 1366, "height": 768}, "locale": "pt-BR"} | options
    context = chromium.new_context(**options)
    context.add_cookies([{"name": "acerto", "value": "cookie-of-ana", "url": address}])
    return context.new_page()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 390])
def test_every_page_can_be_read_by_everyone(chromium, address, theme, width):
    viewport = {"width": width, "height": 768}
    page = open_page(chromium, address, viewport=viewport, color_scheme=theme)

    for path in PAGES:
        page.goto(address + path)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_list_is_worked_from_the_keyboard(chromium, address):
    page = open_page(chromium, address)
    page.goto(f"{address}/pessoas")

    page.keyboard.press("j")
    page.keyboard.press("j")
    name = page.evaluate("document.activeElement.querySelector('a').textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pessoas/*")

    assert page.input_value("#f-name") == name
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/cadastros")
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("#keys")


def test_typing_into_a_filter_keeps_the_focus_and_fills_the_address(chromium, address):
    page = open_page(chromium, address)
    page.goto(f"{address}/pessoas")

    page.focus("#filter-busca")
    page.keyboard.type("Pessoa 07")
    page.wait_for_url("**busca=Pessoa*07*")

    assert page.evaluate("document.activeElement.value") == "Pessoa 07"
    assert page.locator("[data-row]").count() == 1
    page.go_back()
    page.wait_for_url("**/pessoas")
    expect(page.locator("[data-row]")).to_have_count(50)


def test_what_cannot_be_undone_asks_first_and_no_means_no(chromium, address):
    page = open_page(chromium, address)
    page.goto(f"{address}/pessoas/2")

    page.click("text=Gerar senha provisória")
    page.click("#confirm button[value=no]")
    assert page.url.endswith("/pessoas/2")
    page.click("text=Gerar senha provisória")
    page.click("#confirm button[value=yes]")

    page.wait_for_selector(".secret")


@pytest.mark.parametrize("is_scripted", [True, False])
def test_columns_theme_and_language_are_chosen_with_and_without_scripts(
    chromium, address, is_scripted
):
    page = open_page(chromium, address, java_script_enabled=is_scripted)
    page.goto(f"{address}/pessoas?ordem=-login")

    page.click(".list-tools summary")
    page.uncheck("input[value=email]")
    page.click("text=Aplicar")
    page.wait_for_url("**colunas=*")
    assert page.locator("th:has-text('E-mail')").count() == 0
    assert "ordem=-login" in page.url
    page.click(".person summary")
    page.click("text=English")
    page.wait_for_selector("html[lang=en]")
    page.click(".icon-button:visible >> nth=0")
    page.wait_for_selector("html[data-bs-theme=dark]")
