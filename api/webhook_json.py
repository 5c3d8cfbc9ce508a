"""Webhooks for programs: addresses, and the log of what they were told."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import webhooks as acts
from activities.clients.webhook import secret_of
from api.dependencies import Config, Db, Ip, Now, ReadSession
from api.once import NamedRequest
from api.webhooks import Edits, EndpointInput, Sees, save
from models.webhooks import (
    WebhookDelivery,
    WebhookEndpoint,
    endpoints,
    select_deliveries,
)
from rules.webhooks import DeliveryStatus

router = APIRouter(tags=["webhooks"])


class EndpointView(BaseModel):
    """An address, without its secret."""

    id: int
    name: str
    url: str
    events: list[str]
    is_active: bool


class EndpointSecret(EndpointView):
    """An address with the secret that signs what it is told."""

    secret: str


class DeliveryView(BaseModel):
    """The telling of one event to one address; `id` is where the next page begins."""

    id: int
    at: datetime
    kind: str
    subject: str
    endpoint: str
    status: str
    attempts: int
    next_at: datetime | None
    answer: str


@router.get("/api/webhooks")
async def list_endpoints(_by: Sees, session: ReadSession) -> list[EndpointView]:
    """Every address that is told of events."""
    return [_view(each) for each in await endpoints(session)]


@router.post("/api/webhooks", status_code=201)
async def add_endpoint(
    body: EndpointInput, by: Edits, database: Db, settings: Config, now: Now, ip: Ip,
    once: NamedRequest,
) -> EndpointSecret:  # fmt: skip
    """Adds an address; its secret is told here, and on its page."""
    deed = by.deed(at=now, ip=ip)

    async def add(session: AsyncSession) -> EndpointSecret:
        saved = await save(session, None, body, settings, deed)
        secret = secret_of(settings, saved.salt)
        return EndpointSecret.model_validate({**_view(saved).model_dump(), "secret": secret})

    return EndpointSecret(**await once.do(database, deed, add, told_once="secret"))


@router.put("/api/webhooks/{endpoint_id}")
async def change_endpoint(
    endpoint_id: int, body: EndpointInput, by: Edits, database: Db, settings: Config, now: Now,
    ip: Ip,
) -> EndpointView:  # fmt: skip
    """Changes an address: all of it, as a PUT says."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        return _view(await save(session, endpoint_id, body, settings, deed))


@router.post("/api/webhooks/{endpoint_id}/secret")
async def renew_secret(
    endpoint_id: int, by: Edits, database: Db, settings: Config, now: Now, ip: Ip
) -> EndpointSecret:
    """Gives an address another secret, which signs from now on."""
    async with database.write() as session:
        renewed = await acts.renew_secret(session, endpoint_id, deed=by.deed(at=now, ip=ip))
        secret = secret_of(settings, renewed.salt)
    return EndpointSecret.model_validate({**_view(renewed).model_dump(), "secret": secret})


@router.get("/api/webhook-deliveries")
async def list_deliveries(
    _by: Sees, session: ReadSession, after: int = 0, endpoint: int | None = None,
    status: DeliveryStatus | None = None,
) -> list[DeliveryView]:  # fmt: skip
    """What was told, 100 at once, oldest first; the next ones `after` the last."""
    statement = select_deliveries(endpoint_id=endpoint, kind=None, status=status)
    later = statement.where(WebhookDelivery.id > after).order_by(WebhookDelivery.id)  # type: ignore[operator,arg-type]
    rows = await session.exec(later.limit(100))  # type: ignore[call-overload]
    return [DeliveryView.model_validate(dict(row._mapping)) for row in rows]


@router.post("/api/webhook-deliveries/{delivery_id}/replay", status_code=202)
async def replay(
    delivery_id: int, by: Edits, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, str]:
    """Tells an address of an event once more, with the same id."""
    deed = by.deed(at=now, ip=ip)

    async def tell(session: AsyncSession) -> dict[str, str]:
        return {"status": (await acts.replay(session, delivery_id, deed=deed)).status}

    return await once.do(database, deed, tell)


def _view(endpoint: WebhookEndpoint) -> EndpointView:
    return EndpointView(
        id=endpoint.id or 0, name=endpoint.name, url=endpoint.url, events=endpoint.kinds,
        is_active=endpoint.is_active,
    )  # fmt: skip
