"""The addresses at which carriers take contestations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carriers import Carrier
from models.contestations import ContestationDesk
from models.rows import rows_of
from rules.contestation import Level
from rules.refusals import Refusal


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
