"""Browsers by what they say of themselves."""

from __future__ import annotations

import pytest

from rules.user_agents import browser_of

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36",
         "Chrome 141, Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0",
         "Edge 141, Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0",
         "Firefox 145, macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
         " Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Safari 18, iPhone"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36",
         "Chrome 141, Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("x" * 99, "x" * 60),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_called_as_people_call_it(said: str, told: str) -> None:
    assert browser_of(said) == told
