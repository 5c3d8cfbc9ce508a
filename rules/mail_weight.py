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

_LONG_FIELD = re.compile(rb"\n[!-9;-~]{1,80}:(?:[^\n]|\n[ \t]){%d}" % LONGEST_FIELD)
_NEST = re.compile(rb"boundary\*?0?\*? ?=", re.IGNORECASE)


def is_too_heavy(raw: bytes) -> bool:
    """Whether a mail would take far longer to read than any that a person writes."""
    nests = len(_NEST.findall(raw))
    return (
        raw.count(b"\n--") > MOST_PARTS
        or nests > MOST_NESTS
        or nests * raw.count(b"\n") > MOST_LOOKS
        or _LONG_FIELD.search(b"\n" + raw) is not None
    )
