"""The browser that tests use: which of this machine's, and how it is started."""

from __future__ import annotations

import os
import shutil

import pytest

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: The first is the same browser without windows: it draws the same and takes a quarter less.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")


def browser_executable() -> str:
    """The browser of this machine; without one the test is skipped, or fails if one is due."""
    named = os.environ.get("ACERTO_TEST_BROWSER")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("ACERTO_TEST_REQUIRE_BROWSER") == "1":
            pytest.fail("ACERTO_TEST_REQUIRE_BROWSER=1, and there is no Chromium or Chrome here")
        pytest.skip("there is no Chromium or Chrome here")
    return found
