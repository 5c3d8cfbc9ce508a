"""What Twilio tells us about SMS, ours and customers', believed only with its signature."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Request, Response

from activities import delivery_results, inbound_sms
from activities.clients import twilio
from api.dependencies import Config, Db, Now
from models import messages
from rules.messages import MessageNotFound
from rules.refusals import Refusal

log = logging.getLogger(__name__)

router = APIRouter(tags=["messages"])

PATH = "/webhooks/twilio"
INBOUND_PATH = "/webhooks/twilio/sms"


class SignatureRefused(Refusal):
    message = "A assinatura da chamada não confere."


@router.post(PATH, status_code=204)
async def report(
    request: Request, database: Db, settings: Config, now: Now, message: int | None = None
) -> Response:
    """A delivery report of an SMS; told again, it changes nothing.

    `message` is our own id, which we put into the address that is called back.
    """
    form = {name: str(value) for name, value in (await request.form()).items()}
    _check_signature(request, settings, form)
    sid = form.get("MessageSid", "")
    async with database.write() as session:
        reported = await messages.reported(session, provider_id=sid, message_id=message)
        if reported is None:
            log.warning("report on an SMS that is not ours: %s", sid[:40])
            raise MessageNotFound
        await delivery_results.record_report(
            session, reported, provider_id=sid, report=form.get("MessageStatus", ""),
            code=form.get("ErrorCode", ""), at=now,
        )  # fmt: skip
    return Response(status_code=204)


@router.post(INBOUND_PATH)
async def take_in(request: Request, database: Db, settings: Config, now: Now) -> Response:
    """An SMS that a customer sent; told again, it changes nothing. No answer goes by itself."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    _check_signature(request, settings, form)
    async with database.write() as session:
        await inbound_sms.take_in(
            session, provider_id=form.get("MessageSid", ""), sender=form.get("From", ""),
            text=form.get("Body", ""), at=now,
        )  # fmt: skip
    return Response("<Response/>", media_type="text/xml")


def _check_signature(request: Request, settings: Config, form: dict[str, str]) -> None:
    """The address that was signed is the public one, which a proxy may hide from us."""
    query = f"?{request.url.query}" if request.url.query else ""
    signature = request.headers.get("X-Twilio-Signature", "")
    url = f"{settings.base_url()}{request.url.path}{query}"
    if not twilio.is_signed(settings, url=url, form=form, signature=signature):
        log.warning("report with a wrong signature refused")
        raise SignatureRefused
