"""The sink's SMS side: Twilio's Messages resource as far as we use it, and its delivery reports."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from contextlib import suppress
from email.utils import format_datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx2
from fastapi import APIRouter, Depends, FastAPI, Form, Query, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import SQLAlchemyError
from twilio.request_validator import RequestValidator

from activities.clients.certificates import trusted
from activities.clients.twilio import auth_token
from api.dependencies import Db, Now, clock
from models import sink
from models.database import Database
from models.sink import SinkMessage
from rules.messages import Channel
from settings import Settings

log = logging.getLogger(__name__)

MESSAGES = "/2010-04-01/Accounts/{account}/Messages"
LOST = "0000"
#: A moment later, as networks do; and how long we wait for a receiver that is away.
REPORT_SECONDS = 0.3
AWAY_SECONDS = 5.0
BATCH = 50

router = APIRouter()


def create_app(settings: Settings, database: Database) -> FastAPI:
    """This will make the application that answers in Twilio's place."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.database, app.state.token = database, auth_token(settings)
    app.state.clock = clock
    app.include_router(router, dependencies=[Depends(recognise)])
    app.add_exception_handler(Refused, _refuse)
    return app


class Refused(Exception):  # noqa: N818 - an answer, in Twilio's form
    """What Twilio would answer: a status and a code of its own."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.content = {"status": status, "code": code, "message": message}


async def _refuse(_request: Request, refusal: Exception) -> JSONResponse:
    content = refusal.content if isinstance(refusal, Refused) else {"status": 500}
    return JSONResponse(content, int(str(content["status"])))


def recognise(
    request: Request,
    credentials: Annotated[HTTPBasicCredentials | None, Depends(HTTPBasic(auto_error=False))],
) -> None:
    """This will refuse whoever does not have this deployment's token."""
    given = credentials.password if credentials else ""
    if not secrets.compare_digest(given, request.app.state.token):
        raise Refused(401, 20003, "Authenticate")


class NewSms(BaseModel):
    """The fields of Twilio's form that we use."""

    model_config = ConfigDict(extra="ignore")

    to: str = Field(alias="To")
    body: str = Field("", alias="Body")
    sender: str = Field("", alias="From")
    callback: str = Field("", alias="StatusCallback")


@router.post(f"{MESSAGES}.json", status_code=201)
async def take(
    account: str, sms: Annotated[NewSms, Form()], database: Db, now: Now
) -> dict[str, Any]:
    """This will keep an SMS; what is no number is refused as Twilio does."""
    if not re.fullmatch(r"\+[0-9]{8,15}", sms.to):
        raise Refused(400, 21211, f"Invalid 'To' Phone Number: {sms.to}")
    message = SinkMessage(
        provider_id=f"SM{secrets.token_hex(16)}",
        channel=Channel.SMS,
        at=now,
        sender=sms.sender,
        recipient=sms.to,
        text=sms.body,
        callback_url=sms.callback,
        callback_status="queued",
    )
    async with database.write() as session:
        await sink.keep(session, message)
    return _shown(account, message)


@router.get(f"{MESSAGES}.json")
async def list_kept(
    account: str,
    database: Db,
    to: Annotated[str | None, Query(alias="To")] = None,
    size: Annotated[int, Query(alias="PageSize")] = 50,
) -> dict[str, Any]:
    """The newest messages to a number, or to all."""
    async with database.read() as session:
        kept = await sink.kept_for(session, recipient=to, channel=Channel.SMS, limit=size)
    shown = [_shown(account, message) for message in kept]
    return {"messages": shown, "page": 0, "page_size": size, "next_page_uri": None}


@router.get(MESSAGES + "/{sid}.json")
async def show(account: str, sid: str, database: Db) -> dict[str, Any]:
    """One message."""
    async with database.read() as session:
        message = await sink.kept_with(session, sid)
    if message is None:
        raise Refused(404, 20404, f"{sid} was not found")
    return _shown(account, message)


def _shown(account: str, message: SinkMessage) -> dict[str, Any]:
    at = format_datetime(message.at)
    return {
        "sid": message.provider_id,
        "account_sid": account,
        "to": message.recipient,
        "from": message.sender,
        "body": message.text,
        "status": message.callback_status or "queued",
        "date_created": at,
        "date_sent": at,
        "date_updated": at,
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "error_code": None,
        "error_message": None,
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "messaging_service_sid": None,
        "uri": f"{MESSAGES.format(account=account)}/{message.provider_id}.json",
        "subresource_uris": {},
    }


async def report_until(stop: asyncio.Event, settings: Settings, database: Database) -> None:
    """This will tell every sender what became of its SMS, also those of before a restart."""
    pause = REPORT_SECONDS
    while not await _is_set_within(stop, pause):
        try:
            await _report_batch(settings, database)
            pause = REPORT_SECONDS
        except (httpx2.HTTPError, SQLAlchemyError) as error:
            log.info("report not heard, trying again: %s", error)
            pause = AWAY_SECONDS


async def _is_set_within(stop: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()


async def _report_batch(settings: Settings, database: Database) -> None:
    async with database.read() as session:
        waiting = await sink.to_call_back(session, limit=BATCH)
    if not waiting:
        return
    async with httpx2.AsyncClient(timeout=5, verify=trusted()) as client:
        for message in waiting:
            status = _next_status(message)
            await report(settings, client, message, status)
            async with database.write() as session:
                await sink.mark_called_back(session, message.id or 0, status=status)


def _next_status(message: SinkMessage) -> str:
    if message.callback_status == "queued":
        return "sent"
    return "undelivered" if message.recipient.endswith(LOST) else "delivered"


def _within(settings: Settings, url: str) -> str:
    """The callback at our own API's inner address: the public one may be out of our reach."""
    asked = urlsplit(url)
    return f"{settings.api_url()}{asked.path}?{asked.query}"


async def report(
    settings: Settings, client: httpx2.AsyncClient, message: SinkMessage, status: str
) -> None:
    """This will tell one sender what became of an SMS, signed as Twilio does."""
    form = {
        "MessageSid": message.provider_id,
        "MessageStatus": status,
        "To": message.recipient,
        "From": message.sender,
        "ApiVersion": "2010-04-01",
    }
    if status == "undelivered":
        form["ErrorCode"] = "30003"
    validator = RequestValidator(auth_token(settings))  # type: ignore[no-untyped-call]
    signature = validator.compute_signature(message.callback_url, form)  # type: ignore[no-untyped-call]
    answer = await client.post(
        _within(settings, message.callback_url),
        data=form,
        headers={"X-Twilio-Signature": signature},
    )
    if answer.is_server_error:
        answer.raise_for_status()
