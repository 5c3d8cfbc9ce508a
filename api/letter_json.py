"""What people do with messages, for programs: write one, hold one back, send one again, opt out."""

from __future__ import annotations

from typing import Annotated
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import channel_choices
from activities import letters_by_hand as letters
from activities.channel_choices import Origin
from api.dependencies import Db, Ip, Now, Principal, need
from api.inputs import Input
from api.letters_by_hand import LetterInput, send
from api.message_json import MessageOut
from api.once import CommandId, NamedRequest
from rules.messages import Channel

router = APIRouter(tags=["messages"])

Act = Annotated[Principal, need("messages:act")]


class ChannelInput(Input):
    """Whether a customer wants messages of a channel."""

    is_wanted: bool


@router.post("/api/customers/{customer_id}/messages/{channel}", status_code=201)
async def write_letter(
    customer_id: int, channel: Channel, asked: LetterInput, by: Act, database: Db, now: Now,
    ip: Ip, name: CommandId = None,
) -> list[MessageOut]:  # fmt: skip
    """Write to a customer in one's own words: one message, or of an SMS one to each number.

    Contact hours, the limit a day and opt-outs hold for it: what they keep back says why.
    """
    place = f"{by.login}/{customer_id}/{channel}/{name or uuid4()}"
    sent = await send(
        database, asked, customer_id, channel, key=str(uuid5(NAMESPACE_URL, place)), by=by,
        deed=by.deed(at=now, ip=ip),
    )  # fmt: skip
    return [MessageOut.model_validate(each.model_dump()) for each in sent]


@router.post("/api/messages/{message_id}/hold-back", status_code=204)
async def hold_back(message_id: int, by: Act, database: Db, now: Now, ip: Ip) -> None:
    """Keep a waiting message from leaving. Refuses one that has left (MessageAlreadyDone)."""
    async with database.write() as session:
        await letters.hold_back(session, message_id, deed=by.deed(at=now, ip=ip))


@router.post("/api/messages/{message_id}/repetition", status_code=201)
async def send_again(
    message_id: int, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> MessageOut:
    """Send the same text again, to the address that the customer has now."""
    deed = by.deed(at=now, ip=ip)

    async def send_it(session: AsyncSession) -> MessageOut:
        sent = await letters.send_again(session, message_id, deed=deed)
        return MessageOut.model_validate(sent.model_dump())

    return MessageOut.model_validate(await once.do(database, deed, send_it))


@router.put("/api/customers/{customer_id}/channels/{channel}", status_code=204)
async def want_channel(
    customer_id: int, channel: Channel, asked: ChannelInput, by: Act, database: Db, now: Now,
    ip: Ip,
) -> None:  # fmt: skip
    """Keep a channel's messages from a customer who does not want them, or let them come again."""
    async with database.write() as session:
        await channel_choices.want_channel(
            session, customer_id, channel, is_wanted=asked.is_wanted, origin=Origin.OPERATOR,
            deed=by.deed(at=now, ip=ip),
        )  # fmt: skip
