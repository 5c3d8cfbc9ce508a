"""Webhooks: who is told of business events, the events themselves, and each telling.

`announce` is called in the transaction that decided the event: it keeps the event, a delivery for
each address that listens, and the outbox entries that start them. Where nobody listens, nothing is
kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, insert
from sqlalchemy import select as sql_select
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, reference
from models.cases import Case
from models.customers import Customer
from models.imports import insert_rows
from models.outbox import OutboxEntry, Verb
from rules.webhooks import OF_STAGES, BusinessEventKind, DeliveryNotFound, DeliveryStatus


class WebhookEndpoint(SQLModel, table=True):
    """An address that is told of some events. `salt` is what its secret is derived from."""

    __tablename__ = "webhook_endpoints"

    id: int | None = identity()
    name: str = Field(max_length=120)
    url: str = Field(max_length=500)
    events: str = Field(default="", max_length=1000, description="separated by commas")
    salt: str = Field(max_length=64)
    is_active: bool = True
    created_at: datetime = instant()
    created_by: str = Field(max_length=60)

    @property
    def kinds(self) -> list[str]:
        """The events that it listens to."""
        return [each for each in self.events.split(",") if each]


class BusinessEvent(SQLModel, table=True):
    """What happened, to what, and what other systems are told of it."""

    __tablename__ = "business_events"
    __table_args__ = (Index("ix_business_events_subject", "subject", "kind"),)

    id: int | None = identity()
    kind: str = Field(max_length=40)
    subject: str = Field(max_length=60, description="invoice/12, contract/3, tickets/9")
    at: datetime = instant()
    told: dict[str, Any] = facts()


class WebhookDelivery(SQLModel, table=True):
    """The telling of one event to one address, until it took it or was tried often enough."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_status", "status", "id"),
        Index("ix_webhook_deliveries_endpoint", "endpoint_id", "id"),
    )

    id: int | None = identity()
    event_id: int = reference("business_events.id")
    endpoint_id: int = reference("webhook_endpoints.id", index=False)
    kind: str = Field(max_length=40)
    status: str = Field(default=DeliveryStatus.WAITING, max_length=10)
    attempts: int = 0
    created_at: datetime = instant()
    next_at: datetime | None = instant(None)
    delivered_at: datetime | None = instant(None)
    answer: str = Field(default="", max_length=300, description="what the address said last")


@dataclass(frozen=True)
class Happening:
    """An event to be told: its subject, whose it is, and what else other systems want to know."""

    subject: str
    customer_id: int | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


async def announce(
    session: AsyncSession, kind: BusinessEventKind, happening: Happening, *, at: datetime
) -> None:
    """This will have every address that listens told of one event, once this commits."""
    await announce_all(session, kind, [happening], at=at)


async def announce_all(
    session: AsyncSession,
    kind: BusinessEventKind,
    happenings: Sequence[Happening],
    *,
    at: datetime,
) -> None:
    """This will have every address that listens told of events of a kind, in a few statements."""
    listening = await endpoints_for(session, kind) if happenings else []
    if not listening:
        return
    codes = await _codes(session, {each.customer_id for each in happenings if each.customer_id})
    rows = [
        {
            "kind": kind, "subject": each.subject, "at": at,
            "told": {"customer": codes.get(each.customer_id or 0), **each.about},
        }
        for each in happenings
    ]  # fmt: skip
    events = await _inserted(session, BusinessEvent, rows)
    deliveries = [
        {
            "event_id": event, "endpoint_id": endpoint.id, "kind": kind, "created_at": at,
            "status": str(DeliveryStatus.WAITING), "attempts": 0, "answer": "",
        }
        for event in events
        for endpoint in listening
    ]  # fmt: skip
    numbers = await _inserted(session, WebhookDelivery, deliveries)
    await insert_rows(session, OutboxEntry, [start_of(number, at) for number in numbers])


async def announce_case(session: AsyncSession, case: Case, *, at: datetime) -> None:
    """This will tell of a case that came into its stage, where that is an event; else nothing."""
    kind = OF_STAGES.get((case.process, case.stage))
    if kind is None:
        return
    about = {"case": case.number, "stage": case.stage, "number": case.subject_id}
    subject = f"{case.process}/{case.subject_id}"
    await announce(session, kind, Happening(subject, case.customer_id, about), at=at)


async def endpoints_for(session: AsyncSession, kind: str) -> list[WebhookEndpoint]:
    """The active addresses that listen to an event; there are few."""
    statement = select(WebhookEndpoint).where(col(WebhookEndpoint.is_active))
    return [each for each in await session.exec(statement) if kind in each.kinds]


async def endpoints(session: AsyncSession) -> Sequence[WebhookEndpoint]:
    """Every address, by name."""
    return (await session.exec(select(WebhookEndpoint).order_by(WebhookEndpoint.name))).all()


async def lock_delivery(session: AsyncSession, delivery_id: int) -> WebhookDelivery:
    """This will read a delivery for changing it. Raises DeliveryNotFound."""
    statement = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id)
    delivery = (await session.exec(statement.with_for_update())).one_or_none()
    if delivery is None:
        raise DeliveryNotFound
    return delivery


def select_deliveries(
    *, endpoint_id: int | None, kind: str | None, status: str | None
) -> Select[Any]:
    """The log: every telling with its event and address."""
    statement: Any = (
        sql_select(
            col(WebhookDelivery.id).label("id"), col(WebhookDelivery.created_at).label("at"),
            col(WebhookDelivery.kind).label("kind"), col(BusinessEvent.subject).label("subject"),
            col(WebhookEndpoint.name).label("endpoint"),
            col(WebhookDelivery.status).label("status"),
            col(WebhookDelivery.attempts).label("attempts"),
            col(WebhookDelivery.next_at).label("next_at"),
            col(WebhookDelivery.answer).label("answer"),
        )
        .join(BusinessEvent, col(BusinessEvent.id) == col(WebhookDelivery.event_id))
        .join(WebhookEndpoint, col(WebhookEndpoint.id) == col(WebhookDelivery.endpoint_id))
    )  # fmt: skip
    wanted = {"endpoint_id": endpoint_id, "kind": kind, "status": status}
    for name, value in wanted.items():
        if value is not None:
            statement = statement.where(getattr(WebhookDelivery, name) == value)
    found: Select[Any] = statement
    return found


def start_of(number: int, at: datetime) -> dict[str, Any]:
    """The outbox entry that starts a delivery."""
    return {
        "verb": Verb.START, "workflow": "Webhook", "workflow_id": f"webhooks/{number}",
        "argument": {"delivery_id": number}, "news_id": None, "created_at": at, "attempts": 0,
    }  # fmt: skip


async def _codes(session: AsyncSession, customer_ids: set[int]) -> dict[int, str]:
    statement = select(Customer.id, Customer.code).where(col(Customer.id).in_(customer_ids))
    return {key or 0: code for key, code in await session.exec(statement)}


async def _inserted(
    session: AsyncSession, table: type[SQLModel], rows: Sequence[dict[str, Any]]
) -> list[int]:
    statement: Any = insert(table).returning(table.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
    connection = await session.connection()
    return list((await connection.execute(statement, list(rows))).scalars().all())
