"""Payments that a Pix bank or a gateway tells of, believed only with their signature."""

from __future__ import annotations

import hmac
import logging
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from activities.clients.signed_post import signature
from activities.payment_notices import log_notice, take_notice
from api.dependencies import Config, Db, Ip, Now
from api.forms import Amount
from api.inputs import Input
from models.database import Database
from rules.business_days import local_date
from rules.money import ZERO
from rules.payment_notices import (
    Notice,
    NoticeMalformed,
    NoticeOutcome,
    NoticeSignatureRefused,
    check_age,
    check_size,
)
from rules.refusals import Refusal
from settings import Settings

log = logging.getLogger(__name__)

router = APIRouter(tags=["payments"])

PATH = "/webhooks/payments"
#: What a database keeps as text on every side: no control characters.
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"


class NoticeInput(Input):
    """A payment as its sender tells it. `invoice` is its code; `txid` that of our own Pix."""

    model_config = ConfigDict(extra="ignore", strict=False)

    id: str = Field(min_length=1, max_length=45, pattern=r"^[\x21-\x7e]+$")
    invoice: str = Field(default="", max_length=40, pattern=PRINTABLE)
    txid: str = Field(default="", max_length=35, pattern=PRINTABLE)
    amount: Amount
    paid_on: date
    credited_on: date | None = None
    fee: Amount = ZERO

    @model_validator(mode="after")
    def names_its_invoice(self) -> NoticeInput:
        """One of the two says which invoice was paid."""
        if not (self.invoice or self.txid):
            raise ValueError("invoice or txid")
        return self


class NoticeAnswer(BaseModel):
    """What became of a notice; `is_repeated` where it had come before."""

    outcome: NoticeOutcome
    payment_id: int
    invoice_id: int
    is_repeated: bool


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": NoticeInput.model_json_schema()}},
    }
}


@router.post(PATH, openapi_extra=_BODY)
async def take(
    request: Request,
    database: Db,
    settings: Config,
    now: Now,
    ip: Ip,
    timestamp: Annotated[
        str, Header(alias="X-Acerto-Timestamp", description="seconds since 1970, UTC")
    ] = "",
    signed: Annotated[
        str,
        Header(
            alias="X-Acerto-Signature",
            description='hex HMAC-SHA256 of timestamp + "." + body, by the shared secret',
        ),
    ] = "",
) -> NoticeAnswer:
    """A payment. The same id with the same content changes nothing, and is answered alike.

    404 NoticeInvoiceUnknown is kept and may be told again; 403 is forged (NoticeSignatureRefused)
    or more than five minutes from our clock (NoticeTooOld).
    """
    body = b""
    try:
        body = await _body(request)
        _believe(body, timestamp, signed, settings, now=now)
    except Refusal as refusal:
        await _log_unbelieved(database, refusal, ip=ip, at=now)
        raise
    notice = await _read(database, body, ip=ip, at=now)
    row, is_repeated = await take_notice(database, notice, body, ip=ip, at=now)
    return NoticeAnswer(
        outcome=NoticeOutcome(row.outcome), payment_id=row.payment_id or 0,
        invoice_id=row.invoice_id or 0, is_repeated=is_repeated,
    )  # fmt: skip


async def _body(request: Request) -> bytes:
    """Read no further than a notice may be long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        check_size(len(body))
    return body


def _believe(
    body: bytes, timestamp: str, signed: str, settings: Settings, *, now: datetime
) -> None:
    secret = settings.gateway.secret
    at = check_age(timestamp, now=now)
    if secret is None:
        log.warning("notice of payment refused: no ACERTO_GATEWAY__SECRET is set")
        raise NoticeSignatureRefused
    expected = signature(secret.get_secret_value(), at, body)
    if not hmac.compare_digest(expected.encode(), signed.encode()):
        log.warning("notice of payment with a wrong signature refused")
        raise NoticeSignatureRefused


async def _read(database: Database, body: bytes, *, ip: str, at: datetime) -> Notice:
    try:
        told = NoticeInput.model_validate_json(body)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "JSON"
        refusal = NoticeMalformed(where=where)
        await log_notice(database, f"malformed/{ip}/{local_date(at)}", refusal, None, ip=ip, at=at)
        raise refusal from error
    values = told.model_dump(exclude={"id"})
    return Notice(event_id=told.id, **values)


async def _log_unbelieved(database: Database, refusal: Refusal, *, ip: str, at: datetime) -> None:
    """One row a day for each address and reason: whoever has no secret cannot fill the log."""
    key = f"{refusal.code}/{ip}/{local_date(at)}"
    await log_notice(database, key, refusal, None, ip=ip, at=at)
