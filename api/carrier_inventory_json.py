"""Companies' accounts and lines for programs: read, made, changed, by the checks of the forms."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import Select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.carrier_accounts import AccountInput, change_account, make_account
from api.carrier_lines import LineInput, change_line, make_line
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.once import NamedRequest
from models.carriers import select_accounts
from models.lines import select_lines
from models.rows import rows_of
from rules.lines import LineKind, LineStatus

router = APIRouter(tags=["carriers"])

Act = Annotated[Principal, need("carriers:act")]
ACCOUNTS, LINES = "/api/carrier-accounts", "/api/lines"
MOST = 500
After = Annotated[int, Query(ge=0, description="the id of the last one read")]
Limit = Annotated[int, Query(ge=1, le=MOST)]


class CarrierAccountView(BaseModel):
    """An account; carrier and company by their codes, days of the month."""

    id: int
    carrier: str
    company: str
    number: str
    name: str
    agreement_id: int | None
    closing_day: int | None
    expected_day: int
    expected_since: date | None
    is_active: bool


class LineView(BaseModel):
    """A line and its present holder; `active_until` is the first day on which it is gone."""

    id: int
    company: str
    number: str
    kind: LineKind
    status: LineStatus
    plan_code: str
    active_from: date | None
    active_until: date | None
    owner: str | None
    cost_centre: str | None


@router.get(ACCOUNTS, dependencies=[need("carriers:see")])
async def list_accounts(
    session: ReadSession, after: After = 0, limit: Limit = MOST
) -> list[CarrierAccountView]:
    """Accounts in the order in which they were made; go on with `after`."""
    return [
        CarrierAccountView.model_validate(
            {**row, "carrier": row["carrier_code"], "company": row["company_code"]}
        )
        for row in await _page(session, select_accounts(), after, limit)
    ]


@router.post(ACCOUNTS, status_code=201)
async def create_account(
    asked: AccountInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, int]:
    """Make an account; refused as its form refuses it."""
    deed = by.deed(at=now, ip=ip)

    async def make(session: AsyncSession) -> dict[str, int]:
        return {"id": await make_account(session, asked, deed=deed)}

    return await once.do(database, deed, make)


@router.put(f"{ACCOUNTS}/{{account_id}}", status_code=204)
async def write_account(
    account_id: int, asked: AccountInput, by: Act, database: Db, now: Now, ip: Ip
) -> None:
    """Change an account, all of it. Refuses CarrierAccountNotFound."""
    async with database.write() as session:
        await change_account(session, account_id, asked, deed=by.deed(at=now, ip=ip))


@router.get(LINES, dependencies=[need("carriers:see")])
async def list_lines(session: ReadSession, after: After = 0, limit: Limit = MOST) -> list[LineView]:
    """Lines in the order in which they were made; go on with `after`."""
    return [
        LineView.model_validate({**row, "company": row["company_code"]})
        for row in await _page(session, select_lines(), after, limit)
    ]


@router.post(LINES, status_code=201)
async def create_line(
    asked: LineInput, by: Act, database: Db, now: Now, today: Today, ip: Ip, once: NamedRequest
) -> dict[str, int]:
    """Make a line; refused as its form refuses it."""
    deed = by.deed(at=now, ip=ip)

    async def make(session: AsyncSession) -> dict[str, int]:
        return {"id": await make_line(session, asked, today=today, deed=deed)}

    return await once.do(database, deed, make)


@router.put(f"{LINES}/{{line_id}}", status_code=204)
async def write_line(
    line_id: int, asked: LineInput, by: Act, database: Db, now: Now, today: Today, ip: Ip
) -> None:
    """Change a line, all but its company; another holder begins today or as told."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        await change_line(session, line_id, asked, today=today, deed=deed)


async def _page(
    session: AsyncSession, every: Select[Any], after: int, limit: int
) -> list[dict[str, Any]]:
    number = every.selected_columns["id"]
    rows = await rows_of(session, every.where(number > after).order_by(number).limit(limit))
    return [dict(row) for row in rows]
