"""The addresses at which carriers take contestations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carriers import Carrier
from models.contestations import (
    Contestation,
    ContestationDesk,
    ContestationProtocol,
    email_of,
    letter_key,
)
from models.messages import message_with_key
from models.rows import rows_of
from rules.contestation import ContestationStage, Level
from rules.contestation_commands import is_waiting
from rules.messages import Channel, MessageStatus
from rules.refusals import Refusal

#: What became of a letter that nobody got.
LOST = (MessageStatus.BOUNCED, MessageStatus.FAILED, MessageStatus.SUPPRESSED)


class CarrierNotFound(Refusal):
    message = "Esta operadora não existe."


async def desks_of(session: AsyncSession, carrier_id: int) -> dict[int, str]:
    """The e-mail address of each level that has one. Refuses CarrierNotFound."""
    if await session.get(Carrier, carrier_id) is None:
        raise CarrierNotFound
    statement = select(col(ContestationDesk.level), col(ContestationDesk.email)).where(
        ContestationDesk.carrier_id == carrier_id
    )
    return dict((await session.exec(statement)).all())


async def is_by_hand(
    session: AsyncSession, contestation: Contestation, contacts: Iterable[ContestationProtocol]
) -> bool:
    """Whether its letter goes by other means than ours, and nobody has recorded yet that it did.

    A protocol of the level that is turned to, in this round, is the record.
    """
    stage, told = ContestationStage(contestation.stage), (contestation.level, contestation.round)
    if any((each.level, each.round) == told for each in contacts):
        return False
    if stage is ContestationStage.DRAFT or contestation.letter_since is not None:
        level = min(contestation.level, Level.REGULATOR)
        return not await email_of(session, carrier_id=contestation.carrier_id or 0, level=level)
    return is_waiting(stage) and await _was_not_sent(session, contestation)


async def _was_not_sent(session: AsyncSession, contestation: Contestation) -> bool:
    """An address that was told later sends no letter of before."""
    key = letter_key(contestation.number, contestation.letters)
    letter = await message_with_key(session, f"{key}/{Channel.EMAIL}")
    return letter is not None and letter.status in LOST


async def change_desks(
    session: AsyncSession, carrier_id: int, addresses: Mapping[int, str]
) -> None:
    """This will write the address of every level. Refuses CarrierNotFound."""
    known = await desks_of(session, carrier_id)
    statement = select(ContestationDesk).where(ContestationDesk.carrier_id == carrier_id)
    for desk in (await session.exec(statement)).all():
        desk.email = addresses.get(desk.level, "")
        session.add(desk)
    session.add_all(
        ContestationDesk(carrier_id=carrier_id, level=level, email=email)
        for level, email in addresses.items()
        if level not in known
    )


async def carriers_with_desks(session: AsyncSession) -> Sequence[Any]:
    """Every carrier in use, the first address, and how many levels have one."""
    has_one = and_(
        col(ContestationDesk.carrier_id) == col(Carrier.id), col(ContestationDesk.email) != ""
    )
    first = func.max(col(ContestationDesk.email)).filter(
        col(ContestationDesk.level) == Level.CARRIER
    )
    columns: tuple[Any, ...] = (
        col(Carrier.id).label("id"),
        col(Carrier.name).label("name"),
        first.label("email"),
        func.count(col(ContestationDesk.id)).label("levels"),
    )
    statement = (
        select_columns(*columns)
        .select_from(Carrier)
        .outerjoin(ContestationDesk, has_one)
        .where(col(Carrier.is_active))
        .group_by(col(Carrier.id), col(Carrier.name))
        .order_by(col(Carrier.name))
    )
    return await rows_of(session, statement)
