"""Whatever the code writes into the audit trail, people read in words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from rules.repair import Fault
from rules.trail_words import AREAS, DEEDS, words_of

ROOT = Path(__file__).parents[2]
LAYERS = ("api", "activities", "models", "running")
WRITERS = {"record", "audit", "_record", "_recorded"}
AN_ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


def actions() -> Iterator[str]:
    """Every action that a call to a writer of the trail names."""
    for path in (each for layer in LAYERS for each in (ROOT / layer).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and _name(call.func) in WRITERS:
                yield from filter(AN_ACTION.fullmatch, _texts(call))


def commands() -> Iterator[str]:
    """The kind of every command that a person gives to a case."""
    for path in (ROOT / "rules").rglob("*.py"):
        yield from re.findall(r'kind: Literal\["([a-z_]+)"\]', path.read_text())


def _name(called: ast.expr) -> str:
    return getattr(called, "id", getattr(called, "attr", ""))


def _texts(call: ast.Call) -> Iterator[str]:
    given = [*call.args, *(each.value for each in call.keywords if each.arg == "action")]
    for node in (node for each in given for node in ast.walk(each)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_action_has_words() -> None:
    named = set(actions())

    assert len(named) > 100
    assert {action for action in named if words_of(action) is None} == set()


def test_every_command_and_every_repair_has_words() -> None:
    named = set(commands()) - {"elapsed", "news"}

    assert named - set(DEEDS) == set()
    assert set(Fault) - set(DEEDS) == set()


def test_an_action_of_another_version_has_none() -> None:
    assert "invoice" in AREAS
    assert words_of("invoice.frobnicate") is None
    assert words_of("invoice") is None
