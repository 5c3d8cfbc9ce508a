"""A customer's link inside a letter: made when a template mentions it, and used again for weeks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

import settings as house
from activities.link_addresses import address_of, new_link
from models.customer_links import newest_link
from models.message_templates import MessageTemplate
from models.people import Deed
from models.policies import load_policy
from rules.cases import SYSTEM
from rules.customer_links import CustomerLinkPolicy, is_fresh

#: How a template says it.
MENTION = "link."


def mentions_link(template: MessageTemplate) -> bool:
    """Whether a template wants the customer's link."""
    return any(MENTION in each for each in (template.subject, template.text, template.html))


async def link_values(session: AsyncSession, customer_id: int, *, at: datetime) -> dict[str, Any]:
    """This will give the address for a letter; letters of one time share one link.

    Another is made once half of its time has passed, so that what is written holds for a while.
    """
    policy = await load_policy(session, CustomerLinkPolicy())
    link = await newest_link(session, customer_id, by=SYSTEM)
    if link is None or not is_fresh(link.facts, policy, now=at):
        link = await new_link(session, customer_id, days=None, deed=Deed(SYSTEM, at))
    return {"url": address_of(link, house.load()), "until": link.expires_at}
