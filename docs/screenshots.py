"""The pictures of the documentation, made in a real browser from the demonstration's data.

`python -m docs.screenshots` starts an Acerto of its own on an empty folder, takes the pictures and
stops it; `--url` takes them from one that runs already. Wants Chromium or Chrome on the machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from activities.demo.people import PASSWORD

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
DESK: ViewportSize = {"width": 1366, "height": 690}
PORT = 8300
#: Live counts and charts are drawn after the page has loaded.
DRAWN_MS = 700


@dataclass(frozen=True)
class Shot:
    """A page as one of the demonstration's people sees it; `follow` is clicked first."""

    name: str
    login: str
    path: str
    follow: tuple[str, ...] = ()


ACCOUNT = "tbody a[href^='/cobrancas/contas/']"
EVERY_ROW = "thead input[type=checkbox]"
AGREE = "button[formaction$='/acordo']"
SHOTS = (
    Shot("inbox", "giane", "/tarefas/equipe"),
    Shot("panel", "giane", "/cobrancas/classificados"),
    Shot("account", "giane", "/cobrancas/negociacao", (ACCOUNT,)),
    Shot("agreement", "giane", "/cobrancas/negociacao", (ACCOUNT, EVERY_ROW, AGREE)),
    Shot("charts", "gestora", "/cobrancas/graficos"),
    Shot("management", "gestora", "/gestao"),
)


def main() -> None:
    """This will write every picture anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="of an Acerto with the demonstration's data")
    url = parser.parse_args().url
    PICTURES.mkdir(exist_ok=True)
    with nullcontext(url) if url else demonstration() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_program(), args=FLAGS)
        for shot in SHOTS:
            take(browser, shot, address)
        browser.close()


def take(browser: Browser, shot: Shot, url: str) -> None:
    """This will write one picture."""
    page = browser.new_context(base_url=url, viewport=DESK, locale="pt-BR").new_page()
    sign_in(page, shot.login)
    page.goto(shot.path)
    for link in shot.follow:
        page.locator(link).first.click()
        page.wait_for_load_state("load")
    page.wait_for_timeout(DRAWN_MS)
    page.screenshot(path=PICTURES / f"{shot.name}.png")
    page.context.close()


def sign_in(page: Page, login: str) -> None:
    """This will sign in as one of the demonstration's people."""
    page.goto("/entrar")
    page.fill("[name=login]", login)
    page.fill("[name=senha]", PASSWORD)
    page.click("form[action='/entrar'] button")
    page.wait_for_url("**/")


@contextmanager
def demonstration() -> Iterator[str]:
    """An Acerto with the demonstration's data, in a folder that goes with it; gives its URL."""
    with tempfile.TemporaryDirectory(prefix="acerto-pictures-") as folder:
        options = ["--port", str(PORT), "--data", folder, "--demo-when-empty"]
        acerto = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, str(ROOT / "cli.py"), "up", *options],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            text=True,
        )
        try:
            wait_until_up(acerto)
            yield f"http://127.0.0.1:{PORT}"
        finally:
            acerto.terminate()
            acerto.wait()


def wait_until_up(acerto: subprocess.Popen[str]) -> None:
    """This will wait until `acerto up` says so, which it does last; refuses if it ends before."""
    for line in acerto.stdout or ():
        if "Acerto is up" in line:
            return
    raise SystemExit("Acerto did not start; it says why above.")


def browser_program() -> str:
    """This machine's browser; refuses without one."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise SystemExit("The pictures need Chromium or Chrome on this machine.")
    return found


if __name__ == "__main__":
    main()
