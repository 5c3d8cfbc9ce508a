"""The layouts of carriers' files: each module of this package declares one, as `LAYOUT`.

To add a carrier's: one module here with its `sample`; tests/rules/test_carrier_layouts.py reads it.
A CSV may also be told in the browser, as a mapping (rules/carrier_mappings.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules

from rules.carrier_records import FixedLayout, Layout
from rules.refusals import Refusal


class LayoutNotRecognised(Refusal):
    message = "O arquivo não é de um leiaute conhecido: %(known)s."
    field = "files"


class LayoutAmbiguous(Refusal):
    message = (
        "O arquivo serve a mais de um leiaute: %(known)s. "
        "Dê mais colunas a um dos mapeamentos, ou deixe um só ativo."
    )
    field = "files"


class LayoutVersionUnknown(Refusal):
    message = (
        "O arquivo é FEBRABAN na versão %(version)s, que não é lida aqui: há %(known)s. Peça-o à "
        "operadora numa delas."
    )
    field = "files"


#: Where the header of a FEBRABAN file tells its version, from the third on.
_VERSION, _VERSION_PLACE = re.compile(r"V\dR\d"), slice(164, 168)


def _declared() -> dict[str, Layout]:
    modules = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))
    return {module.LAYOUT.key: module.LAYOUT for module in modules}


LAYOUTS: Mapping[str, Layout] = _declared()


def sniff(opening: str, mapped: Sequence[Layout] = ()) -> Layout:
    """This will tell a file's layout by its first lines, `mapped` being those told in the browser.

    Refuses LayoutNotRecognised, LayoutVersionUnknown, and LayoutAmbiguous where two are as sure
    of it.
    """
    _check_version(opening)
    every = (*LAYOUTS.values(), *mapped)
    found = sorted((e for e in every if e.recognises(opening)), key=lambda e: -e.precision)
    if not found:
        raise LayoutNotRecognised(known=", ".join(each.name for each in every))
    if len(found) > 1 and found[0].precision == found[1].precision:
        raise LayoutAmbiguous(known=", ".join(each.name for each in found[:2]))
    return found[0]


def _check_version(opening: str) -> None:
    """A version that nobody reads here would pass for the second, which tells none."""
    version = opening.split("\n", 1)[0][_VERSION_PLACE]
    febraban = [each for each in LAYOUTS.values() if isinstance(each, FixedLayout)]
    if _VERSION.fullmatch(version) and version not in {each.mark[1] for each in febraban}:
        raise LayoutVersionUnknown(version=version, known=", ".join(e.name for e in febraban))
