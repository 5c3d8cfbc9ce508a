"""Sentences that are stored: the message id, and apart from it what fills its places.

So what the system writes today is read tomorrow in each reader's own language. Text that a person
typed, or that was stored before, is its own sentence without places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PLACE = re.compile(r"%\((\w+)\)s")
_COUNTED = re.compile(r"%\((\w+)\)s|m\(ns\)|l\(is\)|ês\(es\)|s\(es\)|(?<=\w)\(s\)")
#: What several end in; "(s)" goes without its brackets.
_SEVERAL = {"m(ns)": "ns", "l(is)": "is", "ês(es)": "eses", "s(es)": "ses", "(s)": "s"}


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """This will mark a message id that is stored, so that its English text is asked for."""
    return message


def fill(sentence: str, places: Mapping[str, Any]) -> str:
    """This will fill the places that are known; any other % stays, as people type it."""
    counted = in_number(sentence, places)
    return PLACE.sub(lambda place: str(places.get(place[1], place[0])), counted)


def in_number(sentence: str, places: Mapping[str, Any]) -> str:
    """This will say "fatura(s)" as one or as several, by the last count that stands before it."""
    count = ""

    def chosen(found: re.Match[str]) -> str:
        nonlocal count
        if found[1] is None:
            one = found[0].partition("(")[0]
            return found[0] if not count else one if count == "1" else _SEVERAL[found[0]]
        told = str(places.get(found[1], "")).replace(".", "")
        count = told if told.isdecimal() else count
        return found[0]

    return _COUNTED.sub(chosen, sentence)
