"""Customers' links: whose, until when, who made and who revoked them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_
from sqlalchemy import select as sql_select
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.connection_lists import ContractConnections, contracts_of
from models.invoice_contracts import sharing
from models.invoices import Invoice
from rules.collection_stages import CollectionStage
from rules.connections import ConnectionState
from rules.customer_links import CustomerLinkNotFound, LinkFacts
from rules.ladder_exceptions import ExceptionKind
from rules.panels import InvoiceStatus

#: Of one customer, in one answer.
MOST = 100
#: What the ladder did to a connection, and trust can lift.
RELEASABLE = (ConnectionState.BLOCKED, ConnectionState.REDUCED)


class CustomerLink(SQLModel, table=True):
    """A link to a customer's own page. No secret is kept: the address is signed over this row."""

    __tablename__ = "customer_links"

    id: int | None = identity()
    customer_id: int = reference("customers.id")
    expires_at: datetime = instant()
    created_at: datetime = instant()
    created_by: str = Field(max_length=60)
    opened_at: datetime | None = instant(None)
    last_used_at: datetime | None = instant(None)
    revoked_at: datetime | None = instant(None)
    revoked_by: str = Field(default="", max_length=60)

    @property
    def facts(self) -> LinkFacts:
        """What its address is signed over."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return LinkFacts(self.id, self.customer_id, self.expires_at, self.revoked_at is not None)


async def link_with_number(session: AsyncSession, link_id: int) -> CustomerLink:
    """The link of a number. Raises CustomerLinkNotFound."""
    link = await session.get(CustomerLink, link_id)
    if link is None:
        raise CustomerLinkNotFound
    return link


async def lock_link(session: AsyncSession, link_id: int) -> CustomerLink:
    """This will read a link for changing it. Raises CustomerLinkNotFound."""
    statement = select(CustomerLink).where(CustomerLink.id == link_id).with_for_update()
    link = (await session.exec(statement)).one_or_none()
    if link is None:
        raise CustomerLinkNotFound
    return link


async def links_of(session: AsyncSession, customer_id: int) -> Sequence[CustomerLink]:
    """A customer's links, the newest first."""
    statement = select(CustomerLink).where(CustomerLink.customer_id == customer_id)
    return (await session.exec(statement.order_by(col(CustomerLink.id).desc()).limit(MOST))).all()


async def newest_link(session: AsyncSession, customer_id: int, *, by: str) -> CustomerLink | None:
    """The newest link that somebody made for a customer; None without one that was not revoked."""
    statement = select(CustomerLink).where(
        CustomerLink.customer_id == customer_id, CustomerLink.created_by == by,
        col(CustomerLink.revoked_at).is_(None),
    )  # fmt: skip
    return (await session.exec(statement.order_by(col(CustomerLink.id).desc()).limit(1))).first()


def select_links(customer_id: int) -> Select[Any]:
    """A customer's links, as the account lists them."""
    statement: Any = sql_select(
        col(CustomerLink.id).label("id"), col(CustomerLink.created_at).label("created_at"),
        col(CustomerLink.created_by).label("created_by"),
        col(CustomerLink.expires_at).label("expires_at"),
        col(CustomerLink.last_used_at).label("last_used_at"),
        col(CustomerLink.revoked_at).label("revoked_at"),
    ).where(col(CustomerLink.customer_id) == customer_id)  # fmt: skip
    found: Select[Any] = statement
    return found


async def payable_invoices(
    session: AsyncSession, customer_id: int, *, until: date, most: int
) -> list[Invoice]:
    """A customer's open invoices due until a day, or of an agreement; the oldest first, at most so
    many."""
    statement = (
        select(Invoice)
        .where(
            Invoice.customer_id == customer_id, Invoice.status == InvoiceStatus.OPEN,
            or_(
                col(Invoice.due_date) <= until,
                col(Invoice.collection_stage) == CollectionStage.IN_AGREEMENT,
            ),
        )
        .order_by(col(Invoice.due_date), col(Invoice.id))
        .limit(most)
    )  # fmt: skip
    return list(await session.exec(statement))


async def releasable_contracts(
    session: AsyncSession, customer_id: int, *, today: date, every_days: int
) -> list[ContractConnections]:
    """The customer's contracts that the ladder cut, with no exception and no release of late, of
    what they owe with others neither."""
    since = today - timedelta(days=every_days)
    contracts = await contracts_of(session, customer_id, today=today)
    released = {
        each.contract.key
        for each in contracts
        if any(e.kind == ExceptionKind.RELEASE and e.since > since for e in each.exceptions)
    }
    return [
        each
        for each in contracts
        if each.running is None
        and any(c.state in RELEASABLE and not c.by_hand for c, _ in each.connections)
        and released.isdisjoint(await sharing(session, each.contract.key))
    ]
