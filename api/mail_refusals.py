"""Whoever gets our e-mails says that they want no more, or wants them again: by one click.

The address stands in the header of every e-mail that its reader may do without (RFC 2369, 8058).
Looking at it changes nothing, for mail programs and scanners look at every address.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from activities.channel_choices import Origin, want_channel
from activities.link_addresses import REFUSAL_PATH, refusal_secret
from api.customer_page import ByCustomer
from api.dependencies import Config, Db, Ip, Now
from api.rendering import page
from api.security import Door
from api.session import TooManyTries
from models.customers import read_customer
from models.database import Database
from models.message_lists import opt_outs_of
from rules.mail_refusal import RefusalAddressNotFound, customer_in
from rules.messages import Channel

router = APIRouter(include_in_schema=False)


async def customer_of_address(
    request: Request, token: str, settings: Config, now: Now, ip: Ip
) -> int:
    """Whose e-mails are meant.

    Refuses RefusalAddressNotFound, and TooManyTries to who guesses or asks too fast.
    """
    door: Door = request.app.state.door
    if not await door.allows_guess(ip=ip, at=now):
        raise TooManyTries
    try:
        customer_id = customer_in(token, secret=refusal_secret(settings))
    except RefusalAddressNotFound:
        await door.count_guess(ip=ip, at=now)
        raise
    if not await door.allows_refusal(customer_id, at=now):
        raise TooManyTries
    return customer_id


Meant = Annotated[int, Depends(customer_of_address)]


@router.get(REFUSAL_PATH + "{token}")
async def refusal_page(request: Request, customer_id: Meant, database: Db) -> Response:
    """Whether e-mails come, and the button that changes it."""
    return await _page(request, customer_id, database)


@router.post(REFUSAL_PATH + "{token}")
async def refuse(request: Request, customer_id: Meant, database: Db, by: ByCustomer) -> Response:
    """Keeps e-mails away, as mail programs ask; or lets them come again, as the page does."""
    is_wanted = (await request.form()).get("is_wanted") == "1"
    async with database.write() as session:
        await want_channel(
            session, customer_id, Channel.EMAIL, is_wanted=is_wanted, origin=Origin.MAIL, deed=by
        )
    return await _page(request, customer_id, database)


async def _page(request: Request, customer_id: int, database: Database) -> Response:
    async with database.read() as session:
        await read_customer(session, customer_id)
        refused = {each.channel: each.at for each in await opt_outs_of(session, customer_id)}
    return page(request, "pages/customer/refusal.html", refused_at=refused.get(Channel.EMAIL))
