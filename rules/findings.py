"""Findings: what an audit objected to, and what became of each."""

from __future__ import annotations

from enum import StrEnum


class FindingStatus(StrEnum):
    """Where a finding stands. What was charged too low is recorded, and stays so.

    One is replaced when its carrier issued the invoice anew: the audit of that one tells.
    """

    OPEN = "open"
    RECORDED = "recorded"
    PICKED = "picked"
    CONTESTED = "contested"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CREDITED = "credited"
    AVOIDED = "avoided"
    REPLACED = "replaced"


#: What nobody has acted on: a new audit may replace it.
UNTOUCHED = (FindingStatus.OPEN, FindingStatus.RECORDED)


def first_status(difference: int) -> FindingStatus:
    """Where a finding of so many cents too much begins; too little is only recorded."""
    return FindingStatus.OPEN if difference > 0 else FindingStatus.RECORDED
