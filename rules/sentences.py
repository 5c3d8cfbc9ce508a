"""Sentences that are stored: the message id, and apart from it what fills its places.

So what the system writes today is read tomorrow in each reader's own language. Text that a person
typed, or that was stored before, is its own sentence without places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PLACE = re.compile(r"%\((\w+)\)s")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """This will mark a message id that is stored, so that its English text is asked for."""
    return message


def fill(sentence: str, places: Mapping[str, Any]) -> str:
    """This will fill the places that are known; any other % stays, as people type it."""
    return PLACE.sub(lambda place: str(places.get(place[1], place[0])), sentence)
