"""Whatever a role can be given, something asks for."""

from __future__ import annotations

from pathlib import Path

from rules.permissions import ALL, PANELS

ROOT = Path(__file__).parents[2]
#: Asked for by the panel's or the process's name; panels without tools keep both, by the matrix.
BY_NAME = {f"collections.{panel}:{deed}" for panel in PANELS for deed in ("see", "act")}


def test_every_permission_is_asked_for_somewhere() -> None:
    layers = ("api", "activities", "models", "rules")
    files = (path for layer in layers for path in (ROOT / layer).rglob("*.py"))
    source = "".join(path.read_text() for path in files if path.name != "permissions.py")

    assert {name for name in ALL - BY_NAME if f'"{name}"' not in source} == set()
