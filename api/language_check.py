"""Which sentences the program says, and which of them have no English text."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2.ext import babel_extract

from api import language
from rules import permissions
from rules.refusals import Refusal

ROOT = Path(__file__).parent.parent
TEMPLATE_OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
CODE_FOLDERS = ("api", "workflows", "activities", "models", "rules")
MARKERS = ("_", "N_", "gettext", "ngettext")


def missing(locale: str = "en") -> list[str]:
    """This will list the sentences without a text in that language, in alphabetical order."""
    said = {
        entry.id if isinstance(entry.id, str) else entry.id[0]
        for entry in language.entries(locale)
        if entry.string and not entry.fuzzy
    }
    return sorted(sentences() - said)


def sentences() -> set[str]:
    """Every message id of templates, code, refusals and permissions."""
    found = {*_of_templates(), *_of_code(), *_of_refusals(), *_of_permissions()}
    return {sentence for sentence in found if sentence.strip()}


def _of_templates() -> Iterator[str]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        with path.open("rb") as file:
            for _line, _function, message, _comments in babel_extract(
                file, ("_", "gettext", "ngettext"), (), dict(TEMPLATE_OPTIONS)
            ):
                first = message[0] if isinstance(message, tuple) else message
                if first:
                    yield first


def _of_code() -> Iterator[str]:
    for folder in CODE_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                yield from _marked(node)


def _marked(node: ast.AST) -> Iterator[str]:
    """Yield what a marker is called with, or the `message` of a refusal's class."""
    if isinstance(node, ast.Call) and node.args and _name_of(node.func) in MARKERS:
        yield from _text_of(node.args[0])
    if isinstance(node, ast.ClassDef):
        for line in node.body:
            if isinstance(line, ast.Assign) and _name_of(line.targets[0]) == "message":
                yield from _text_of(line.value)


def _name_of(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _text_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _of_refusals() -> Iterator[str]:
    yield Refusal.message


def _of_permissions() -> Iterator[str]:
    for group in permissions.GROUPS:
        yield group.label
        yield from (permission.label for permission in group.permissions)
    yield from (role.name for role in permissions.FIRST_ROLES)


def report(arguments: list[str]) -> int:
    """This will print what is missing, ready to be pasted into the catalogue; 1 if anything is."""
    if arguments != ["extract"]:
        sys.stderr.write("python -m api.language extract\n")
        return 2
    for sentence in missing():
        quoted = re.sub(r'(["\\])', r"\\\1", sentence).replace("\n", "\\n")
        sys.stdout.write(f'msgid "{quoted}"\nmsgstr ""\n\n')
    return 1 if missing() else 0
