"""The text of an SMS: the cheap alphabet, and nothing that names a person on a locked screen."""

from __future__ import annotations

import unicodedata

from rules.documents import hide_documents
from rules.sms import GSM7, GSM7_EXTENSION

#: What word processors put for plain characters, by code point: the signs are easily mistaken.
TYPOGRAPHY = {
    0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'", 0x2013: "-", 0x2014: "-", 0x2022: "-",
    0x2026: "...", 0x00BA: "o", 0x00AA: "a", 0x00A0: " ", 0x202F: " ", 0x0009: " ",
}  # fmt: skip

CHEAP = GSM7 | GSM7_EXTENSION


def sms_text(text: str) -> str:
    """This will make a text fit for SMS: cheap alphabet, one line a thought, no whole CPF.

    ã, õ, á and ç would make every segment less than half as long (3GPP TS 23.038); what has no
    plain letter, an emoji for one, is kept.
    """
    lines = [" ".join(line.split()) for line in text.translate(TYPOGRAPHY).splitlines()]
    joined = "\n".join(line for line in lines if line)
    if not CHEAP.issuperset(joined):
        joined = "".join(_plain(character) for character in joined)
    return hide_documents(joined)


def _plain(character: str) -> str:
    if character in CHEAP:
        return character
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if c.isascii())
    return bare or character
