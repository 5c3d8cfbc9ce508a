"""What must come back for each item of a contestation, as its page and programs tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from api.language import gettext
from models.contestation_facts import FoundCredit, credits_found
from models.contestations import Contestation, ContestationItem
from models.findings import Finding
from models.policies import load_policy
from rules.audit_words import RULES
from rules.contestation import ContestationPolicy
from rules.money import ZERO

AMOUNTS = ("principal", "correction", "interest", "total", "came", "left")


async def dues_shown(
    session: AsyncSession,
    contestation: Contestation,
    items: Sequence[tuple[ContestationItem, Finding]],
) -> dict[str, Any]:
    """This will tell what each granted item must bring back, and which credits did."""
    policy = await load_policy(session, ContestationPolicy())
    credits = await credits_found(session, contestation.number)
    names = {item.key: gettext(RULES[finding.rule]) for item, finding in items}
    dues = [
        {**_due(item, finding, credits), "rule": names[item.key]}
        for item, finding in items
        if item.due or item.credited
    ]
    return {
        "dues": dues,
        "dues_total": [sum((each[name] for each in dues), ZERO) for name in AMOUNTS],
        "index": policy.credit_index,
        "interest_percent": policy.credit_interest_percent,
    }


def _due(
    item: ContestationItem, finding: Finding, credits: Sequence[FoundCredit]
) -> dict[str, Any]:
    return {
        "item_id": item.key, "number": finding.number,
        "principal": item.accepted + item.extra, "correction": item.correction,
        "interest": item.interest, "total": item.due, "came": item.credited,
        "left": item.awaited, "credits": [each for each in credits if each.item_id == item.key],
    }  # fmt: skip
