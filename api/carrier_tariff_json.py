"""The tariffs of an agreement for programs: read, made, changed, by the checks of the form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from api.carrier_tariffs import TariffInput, check
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.once import NamedRequest
from models.carrier_agreements import (
    CarrierTariff,
    agreement_of,
    select_tariffs,
    tariff_of,
)
from models.registry_rows import add_row, change_row
from models.rows import rows_of
from rules.carrier_terms import Crossing, Sharing, TariffKind, TariffUnit

router = APIRouter(tags=["carriers"])

Act = Annotated[Principal, need("carriers:act")]
ROOT = "/api/carrier-agreements/{agreement_id}/tariffs"
MOST = 500


class TariffView(BaseModel):
    """A tariff; its price in reais with four decimals, `valid_until` the first day without it.

    `number`: of that line alone. `sharing`: whose an allowance is;
    `crossing`: what a call costs that goes beyond it.
    """

    id: int
    kind: TariffKind
    code: str
    description: str
    price: Decimal
    percent: Decimal
    quantity: int
    unit: TariffUnit
    base_code: str
    valid_from: date
    valid_until: date | None
    number: str
    sharing: Sharing
    crossing: Crossing


@router.get(ROOT, dependencies=[need("carriers:see")])
async def list_tariffs(
    agreement_id: int,
    session: ReadSession,
    after: Annotated[int, Query(ge=0, description="the id of the last one read")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[TariffView]:
    """Tariffs in the order in which they were made. Refuses CarrierAgreementNotFound."""
    await agreement_of(session, agreement_id)
    statement = select_tariffs(agreement_id).where(col(CarrierTariff.id) > after)
    rows = await rows_of(session, statement.order_by("id").limit(limit))
    return [TariffView.model_validate(dict(row)) for row in rows]


@router.post(ROOT, status_code=201)
async def create_tariff(
    agreement_id: int, body: TariffInput, by: Act, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> dict[str, int]:  # fmt: skip
    """Make a tariff; refused as its form refuses it."""
    check(body.model_dump())
    deed = by.deed(at=now, ip=ip)

    async def make(session: AsyncSession) -> dict[str, int]:
        await agreement_of(session, agreement_id)
        row = CarrierTariff(agreement_id=agreement_id, **body.model_dump())
        return {"id": await add_row(session, row, deed=deed)}

    return await once.do(database, deed, make)


@router.put(f"{ROOT}/{{tariff_id}}")
async def change_tariff(
    agreement_id: int, tariff_id: int, body: TariffInput, by: Act, database: Db, now: Now, ip: Ip
) -> dict[str, int]:
    """Change a tariff, all of it. Refuses CarrierTariffNotFound."""
    check(body.model_dump())
    async with database.write() as session:
        row = await tariff_of(session, agreement_id, tariff_id)
        values = body.model_dump()
        return {"id": await change_row(session, row, values, deed=by.deed(at=now, ip=ip))}
