"""Letters that tell the customer's own link."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.messages import write_to_customer
from models.customer_links import CustomerLink
from models.customers import Customer
from models.messages import Message
from rules.customer_links import CustomerLinkPolicy, is_fresh
from tests import builders
from tests.builders import AT

HALF = timedelta(days=CustomerLinkPolicy().valid_days) / 2


async def letter(session: AsyncSession, customer: Customer, key: str, at=AT) -> list[Message]:
    return await write_to_customer(
        session, case=None, customer=customer, purpose="contact_cadence_1", key=key, at=at
    )


async def links(session: AsyncSession) -> list[CustomerLink]:
    return list(await session.exec(select(CustomerLink).order_by(CustomerLink.id)))


async def test_letters_of_one_time_tell_one_link(database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session, email="maria@cliente.example")
        other = await builders.a_customer(session, email="rui@cliente.example")

        first = await letter(session, customer, "a")
        again = await letter(session, customer, "b", AT + HALF)
        await letter(session, other, "c")
        later = await letter(session, customer, "d", AT + HALF + timedelta(seconds=1))

        made = await links(session)
        assert [each.customer_id for each in made] == [customer.id, other.id, customer.id]
        told = [_address(each[0]) for each in (first, again, later)]
        assert told[0].split("/c/")[1].startswith(f"{made[0].id}.")
        assert (told[0] == told[1], told[1] == told[2]) == (True, False)
        assert all(each.created_by == "system" for each in made)


async def test_a_revoked_link_is_told_no_more(database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session, email="maria@cliente.example")
        await letter(session, customer, "a")
        [first] = await links(session)
        first.revoked_at = AT
        session.add(first)

        [second] = [each for each in await letter(session, customer, "b") if each.html]

        assert f"/c/{first.id}." not in second.text
        assert len(await links(session)) == 2


def test_a_link_is_fresh_for_half_of_its_time() -> None:
    policy = CustomerLinkPolicy()
    link = CustomerLink(
        id=1, customer_id=1, expires_at=AT + timedelta(days=policy.valid_days), created_at=AT,
        created_by="system",
    )  # fmt: skip

    assert is_fresh(link.facts, policy, now=AT + HALF)
    assert not is_fresh(link.facts, policy, now=AT + HALF + timedelta(seconds=1))


def _address(message: Message) -> str:
    [line] = [each for each in message.text.splitlines() if "/c/" in each]
    return "http" + line.split("http")[1]
