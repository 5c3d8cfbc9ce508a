"""Telling other systems of business events: until they take it, or it was tried often enough."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import now, refusals_reported
from activities.clients.errors import NotTaken, PermanentlyRefused
from activities.clients.webhook import WebhookClient
from activities.outcomes import Outcome
from models.database import Database
from models.outbox import OutboxEntry
from models.people import Deed, record
from models.webhooks import (
    BusinessEvent,
    WebhookDelivery,
    WebhookEndpoint,
    lock_delivery,
    start_of,
)
from rules.webhooks import (
    DeliveryStatus,
    DeliveryStillWaiting,
    EndpointNotFound,
    check_endpoint,
    next_try,
)
from settings import Settings


@dataclass(frozen=True)
class DeliveryRef:
    """Which telling it is."""

    delivery_id: int


class WebhookActivities:
    """What tells other systems."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.client = WebhookClient(settings)

    @activity.defn
    async def tell_webhook(self, ref: DeliveryRef) -> Outcome:
        """This will tell one address of one event once, and say what became of it.

        Repeated: the event's id is the same. An address that was switched off is told no more.
        """
        with refusals_reported():
            at = now()
            found = await self._wanted(ref)
            if isinstance(found, Outcome):
                return found
            endpoint, told = found
            stamp = int(datetime.now(UTC).timestamp())
            try:
                answer = await self.client.tell(
                    endpoint.url, told, salt=endpoint.salt, timestamp=stamp
                )
            except PermanentlyRefused as refusal:
                return await self._ended(ref, DeliveryStatus.FAILED, str(refusal), at)
            except NotTaken as refusal:
                return await self._not_taken(ref, str(refusal), at)
            return await self._ended(ref, DeliveryStatus.DELIVERED, answer, at)

    async def _wanted(self, ref: DeliveryRef) -> tuple[WebhookEndpoint, dict[str, Any]] | Outcome:
        async with self.database.write() as session:
            delivery = await lock_delivery(session, ref.delivery_id)
            if delivery.status != DeliveryStatus.WAITING:
                return Outcome(delivery.status)
            endpoint = await session.get_one(WebhookEndpoint, delivery.endpoint_id)
            if not endpoint.is_active:
                delivery.status, delivery.answer = DeliveryStatus.FAILED, "switched off"
                return Outcome(delivery.status)
            delivery.attempts += 1
            return endpoint, body_of(await session.get_one(BusinessEvent, delivery.event_id))

    async def _ended(
        self, ref: DeliveryRef, status: DeliveryStatus, answer: str, at: datetime
    ) -> Outcome:
        async with self.database.write() as session:
            delivery = await lock_delivery(session, ref.delivery_id)
            delivery.status, delivery.answer = status, answer[:300]
            delivery.next_at = None
            delivery.delivered_at = at if status is DeliveryStatus.DELIVERED else None
            return Outcome(delivery.status)

    async def _not_taken(self, ref: DeliveryRef, reason: str, at: datetime) -> Outcome:
        async with self.database.write() as session:
            delivery = await lock_delivery(session, ref.delivery_id)
            delivery.answer = reason[:300]
            delivery.next_at = next_try(now=at, attempts=delivery.attempts)
            if delivery.next_at is None:
                delivery.status = DeliveryStatus.FAILED
            return Outcome(delivery.status, delivery.next_at)


def body_of(event: BusinessEvent) -> dict[str, Any]:
    """What an address is told of an event."""
    return {
        "id": f"evt_{event.id}", "event": event.kind, "at": event.at.isoformat(),
        "subject": event.subject, "data": event.told,
    }  # fmt: skip


@dataclass(frozen=True)
class AskedEndpoint:
    """An address as it is asked for."""

    name: str
    url: str
    events: tuple[str, ...]
    is_active: bool = True


async def save_endpoint(
    session: AsyncSession,
    endpoint_id: int | None,
    asked: AskedEndpoint,
    *,
    allows_private: bool,
    deed: Deed,
) -> WebhookEndpoint:
    """This will add an address, or change one. Refuses EndpointNotFound and what is no address."""
    check_endpoint(asked.url, list(asked.events), allows_private=allows_private)
    if endpoint_id is None:
        endpoint = WebhookEndpoint(
            name="", url="", salt=secrets.token_hex(16), created_at=deed.at, created_by=deed.by
        )
    else:
        endpoint = await endpoint_of(session, endpoint_id)
    endpoint.name, endpoint.url, endpoint.is_active = asked.name, asked.url, asked.is_active
    endpoint.events = ",".join(asked.events)
    session.add(endpoint)
    await session.flush()
    record(
        session, deed, "webhook.save", subject=f"webhook/{endpoint.id}", url=asked.url,
        events=list(asked.events), is_active=asked.is_active,
    )  # fmt: skip
    return endpoint


async def renew_secret(session: AsyncSession, endpoint_id: int, *, deed: Deed) -> WebhookEndpoint:
    """This will give an address another secret at once. Refuses EndpointNotFound."""
    endpoint = await endpoint_of(session, endpoint_id)
    endpoint.salt = secrets.token_hex(16)
    session.add(endpoint)
    record(session, deed, "webhook.secret", subject=f"webhook/{endpoint_id}")
    return endpoint


async def endpoint_of(session: AsyncSession, endpoint_id: int) -> WebhookEndpoint:
    """This will read an address. Refuses EndpointNotFound."""
    endpoint = await session.get(WebhookEndpoint, endpoint_id)
    if endpoint is None:
        raise EndpointNotFound
    return endpoint


async def replay(session: AsyncSession, delivery_id: int, *, deed: Deed) -> WebhookDelivery:
    """This will tell an address of an event once more, with the same id.

    Refuses one that is being tried anyhow (DeliveryStillWaiting).
    """
    delivery = await lock_delivery(session, delivery_id)
    if delivery.status == DeliveryStatus.WAITING:
        raise DeliveryStillWaiting
    delivery.status, delivery.attempts, delivery.next_at = DeliveryStatus.WAITING, 0, None
    session.add(delivery)
    session.add(OutboxEntry(**start_of(delivery_id, deed.at)))
    record(session, deed, "webhook.replay", subject=f"webhook-delivery/{delivery_id}")
    return delivery
