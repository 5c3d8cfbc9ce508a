"""What a browser says of itself, as people call it: enough to know one's own log-ins again."""

from __future__ import annotations

import re

#: The first that is found counts: most browsers also say that they are Chrome or Safari.
BROWSERS = (
    ("Edge", re.compile(r"Edg\w*/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/(\d+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"(?:HeadlessChrome|Chrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+)[\d.]* (?:Mobile/\S+ )?Safari/")),
)
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)
LONGEST = 60


def browser_of(user_agent: str) -> str:
    """This will name browser and system, as in "Firefox 145, Windows"; else what it said itself."""
    found = ((name, known.search(user_agent)) for name, known in BROWSERS)
    browser = next((f"{name} {match[1]}" for name, match in found if match), "")
    system = next((name for word, name in SYSTEMS if word in user_agent), "")
    return ", ".join(filter(None, (browser, system if browser else ""))) or user_agent[:LONGEST]
