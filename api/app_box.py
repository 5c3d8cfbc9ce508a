"""The customer's app: who may use it, and what it fetches and confirms with its own token.

The provider's system logs its customer in, and asks for a token with `customers:act`; the app then
calls with it and nothing else: it sees the messages of its own customer.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import delivery_results
from activities.app_access import grant_access, withdraw_access
from api.dependencies import Db, Ip, Now, Principal, ReadSession, TokenNotAccepted, need
from api.inputs import Input
from api.once import NamedRequest
from api.security import digest
from models import messages
from models.app_accesses import (
    AppAccess,
    access_by_token,
    accesses_of,
    messages_to_fetch,
    note_seen,
)
from models.messages import Message
from models.sign_in import SEEN_EVERY
from rules.messages import Channel, MessageNotFound

router = APIRouter(tags=["app"])

Sees = Annotated[Principal, need("customers:see")]
Acts = Annotated[Principal, need("customers:act")]
#: Messages of one answer; the next ones are asked for `after` the last.
AT_ONCE = 50

_bearer = HTTPBearer(auto_error=False, description="The device's token", scheme_name="app")


class DeviceInput(Input):
    """Which device is let in."""

    device: str = Field(default="", max_length=120)


class DeviceView(BaseModel):
    """A device that may fetch a customer's messages."""

    id: int
    device: str
    created_at: datetime
    created_by: str
    seen_at: datetime | None


class NewDevice(DeviceView):
    """A device with its token, which is told this once."""

    token: str


class AppMessage(BaseModel):
    """A message as the app shows it."""

    id: int
    sent_at: datetime | None
    title: str
    text: str
    purpose: str
    is_confirmed: bool


class Receipt(StrEnum):
    """What the app says of a message; each proves that it arrived."""

    DELIVERED = "delivered"
    READ = "read"


class ReceiptInput(Input):
    """What became of a message on the device."""

    status: Receipt = Receipt.DELIVERED


# --- the provider's system ------------------------------------------------------------------------


@router.post("/api/customers/{customer_id}/app-accesses", status_code=201)
async def grant(
    customer_id: int, body: DeviceInput, by: Acts, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> NewDevice:  # fmt: skip
    """Lets a device in. From then on messages for the app are written to this customer."""
    deed = by.deed(at=now, ip=ip)

    async def let_in(session: AsyncSession) -> NewDevice:
        access, token = await grant_access(session, customer_id, device=body.device, deed=deed)
        return NewDevice.model_validate({**access.model_dump(), "token": token})

    return NewDevice(**await once.do(database, deed, let_in, told_once="token"))


@router.get("/api/customers/{customer_id}/app-accesses")
async def list_devices(customer_id: int, _by: Sees, session: ReadSession) -> list[DeviceView]:
    """The devices that are let in, newest first."""
    found = await accesses_of(session, customer_id)
    return [DeviceView.model_validate(each.model_dump()) for each in found]


@router.delete("/api/customers/{customer_id}/app-accesses/{access_id}", status_code=204)
async def revoke(
    customer_id: int, access_id: int, by: Acts, database: Db, now: Now, ip: Ip
) -> Response:
    """Keeps a device out from now on; again: nothing."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        await withdraw_access(session, access_id, customer_id=customer_id, deed=deed)
    return Response(status_code=204)


# --- the app itself -------------------------------------------------------------------------------


async def device_of(
    database: Db,
    now: Now,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)] = None,
) -> AppAccess:
    """The device that calls. Refuses TokenNotAccepted."""
    secret = bearer.credentials if bearer else ""
    async with database.read() as session:
        access = await access_by_token(session, digest(secret)) if secret else None
    if access is None:
        raise TokenNotAccepted
    if access.seen_at is None or now - access.seen_at >= SEEN_EVERY:
        async with database.write() as session:
            await note_seen(session, access, at=now)
    return access


Device = Annotated[AppAccess, Depends(device_of)]


@router.get("/api/app/messages")
async def fetch(
    device: Device, session: ReadSession, after: Annotated[int, Query(ge=0)] = 0
) -> list[AppMessage]:
    """Messages to this customer's app, 50 at once, oldest first; the next ones `after` the last."""
    found = await messages_to_fetch(session, device.customer_id, after=after, limit=AT_ONCE)
    return [_view(message) for message in found]


@router.post("/api/app/messages/{message_id}/receipt")
async def confirm(
    message_id: int, body: ReceiptInput, device: Device, database: Db, now: Now
) -> AppMessage:
    """Says that a message arrived, or was read; said again, it changes nothing.

    This, and not the fetching, proves the delivery of a legal notice.
    """
    async with database.write() as session:
        message = await messages.lock_message(session, message_id)
        if message.customer_id != device.customer_id or message.channel != Channel.APP:
            raise MessageNotFound
        await delivery_results.record_report(
            session, message, provider_id=f"app/{message_id}", report=body.status, code="", at=now
        )
        return _view(message)


def _view(message: Message) -> AppMessage:
    return AppMessage(
        id=message.number, sent_at=message.sent_at, title=message.subject, text=message.text,
        purpose=message.purpose, is_confirmed=message.delivered_at is not None,
    )  # fmt: skip
