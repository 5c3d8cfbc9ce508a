"""Which sentences the program says, and which of them have no English text."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import pofile
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
    path = language.LOCALES / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalog = pofile.read_po(file, locale=locale)
    said = {
        entry.id if isinstance(entry.id, str) else entry.id[0]
        for entry in catalog
        if entry.id and entry.string and not entry.fuzzy
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
            yield from _marked(ast.parse(path.read_text()))


def _marked(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        first = node.args[0]
        if name in MARKERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def _of_refusals() -> Iterator[str]:
    for folder in CODE_FOLDERS:
        package = importlib.import_module(folder)
        for module in pkgutil.walk_packages(package.__path__, f"{folder}."):
            importlib.import_module(module.name)
    yield from (kind.message for kind in _kinds(Refusal))


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


def _of_permissions() -> Iterator[str]:
    for group in permissions.GROUPS:
        yield group.label
        yield from (permission.label for permission in group.permissions)


def report(arguments: list[str]) -> int:
    """This will print what is missing, ready to be pasted into the catalogue; 1 if anything is."""
    if arguments != ["extract"]:
        sys.stderr.write("python -m api.language extract\n")
        return 2
    for sentence in missing():
        quoted = re.sub(r'(["\\])', r"\\\1", sentence).replace("\n", "\\n")
        sys.stdout.write(f'msgid "{quoted}"\nmsgstr ""\n\n')
    return 1 if missing() else 0
