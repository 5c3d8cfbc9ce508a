"""The layouts of carriers' files: each module of this package declares one, as `LAYOUT`.

To add a carrier's: one module here, and in tests/rules/test_carrier_layouts.py what it must read.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from rules.carrier_records import FixedLayout, Layout
from rules.refusals import Refusal


class LayoutNotRecognised(Refusal):
    message = "O arquivo não é de um leiaute conhecido: %(known)s."
    field = "files"


def _declared() -> dict[str, Layout]:
    modules = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))
    return {module.LAYOUT.key: module.LAYOUT for module in modules}


LAYOUTS: Mapping[str, Layout] = _declared()


def sniff(first_line: str) -> Layout:
    """This will tell a file's layout by its first line. Refuses LayoutNotRecognised."""
    found = [each for each in LAYOUTS.values() if each.recognises(first_line)]
    if not found:
        raise LayoutNotRecognised(known=", ".join(each.name for each in LAYOUTS.values()))
    return max(found, key=_precision)


def _precision(layout: Layout) -> int:
    """The longer the mark, the surer: a version written out beats a bare record type."""
    return len(layout.mark[1]) if isinstance(layout, FixedLayout) else len(layout.columns)
