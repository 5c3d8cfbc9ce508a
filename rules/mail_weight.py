"""Mail that is made to be taken apart for hours, told by its bytes before anybody begins.

What the standard library reads of a header grows with the square of its length, what it reads of a
body with its lines times the parts they stand in. Mail servers draw the same lines (Postfix:
header_size_limit, mime_nesting_limit); one that does not must not hold the house up through us.
"""

from __future__ import annotations

import re

#: A field of a head, whichever part's: four hundred recipients, a long thread's references.
LONGEST_FIELD = 16_384
#: Lines that may begin a part.
MOST_PARTS = 5_000
#: Parts that may hold others, and how often a line may be held against the ends of all of them.
MOST_NESTS = 100
MOST_LOOKS = 10_000_000

_LONG_FIELD = rb"[!-9;-~]{1,80}:(?:[^\n]|\n[ \t]){%d}" % LONGEST_FIELD
#: The lines of a head before its long field, as the standard library tells them from a body's.
_FIELDS = rb"(?:(?!--)(?:[!-9;-~]*:|[ \t]|From )[^\n]*\n)*"
_LONG_HEAD = re.compile(_FIELDS + _LONG_FIELD)
_LONG_HEAD_OF_PART = re.compile(rb"\n--[^\n]*\n" + _FIELDS + _LONG_FIELD)
#: A kind of part in encoded words, which the standard library decodes: it may be any.
_HIDDEN = rb"content-type:(?:[^\n]|\n[ \t])*?=\?"
#: A mail within a mail, a report of deliveries: their heads begin where other bodies do.
_HOLDS_HEADS = re.compile(rb"message\s*/|digest|" + _HIDDEN, re.IGNORECASE)
_LONG_HEAD_WITHIN = re.compile(rb"\n\n" + _FIELDS + _LONG_FIELD)
_NEST = re.compile(rb"boundary\*?0?\*? ?=|" + _HIDDEN, re.IGNORECASE)
#: A line ends with any of these.
_OTHER_ENDS = (b"\r\n", b"\r")


def is_too_heavy(raw: bytes) -> bool:
    """Whether a mail would take far longer to read than any that a person writes."""
    for end in _OTHER_ENDS:
        raw = raw.replace(end, b"\n")
    nests = len(_NEST.findall(raw))
    return (
        raw.count(b"\n--") > MOST_PARTS
        or nests > MOST_NESTS
        or nests * raw.count(b"\n") > MOST_LOOKS
        or _has_long_field(raw)
    )


def _has_long_field(raw: bytes) -> bool:
    """Whether a field of a head is too long; a line of a body may be, whatever it begins like."""
    if _LONG_HEAD.match(raw) or _LONG_HEAD_OF_PART.search(raw):
        return True
    return bool(_HOLDS_HEADS.search(raw) and _LONG_HEAD_WITHIN.search(raw))
