"""Additional services of a contract, and the charges that wait for review. Pages and JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_charges import release_charges
from activities.contract_services import NewService, add_service, remove_service
from api.contract_commands import API, PATH, Acts, back, in_rows, read
from api.dependencies import Db, Ip, Now
from api.forms import Amount, Day, submitted
from api.language import N_
from models.contracts import Contract
from models.database import Database
from models.people import Deed
from rules.business_days import local_date
from rules.charges import Recurrence

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)


class ServiceInput(BaseModel):
    """An additional service; what is left out is the product's."""

    product_id: int | None = None
    description: str = Field(default="", max_length=160)
    unit: str = Field(default="", max_length=20)
    amount: Amount | None = None
    recurrence: Recurrence = Recurrence.UNTIL_REMOVED
    periods: int | None = Field(default=None, ge=1, le=120)
    starts_on: Day | None = None
    ledger_account_id: int | None = None


class RemovalInput(BaseModel):
    """From which day on a service is removed; without one, from today."""

    until: Day | None = None


@pages.post(PATH + "/servicos")
async def serve_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, now: Now, ip: Ip
) -> Response:
    """Adds a service."""
    asked = read(await submitted(request, ServiceInput))
    await _serve(database, contract_id, asked, by.deed(at=now, ip=ip))
    return back(request, contract_id, N_("Serviço adicional incluído."))


@pages.post(PATH + "/servicos/{service_id:int}/retirada")
async def remove_by_page(
    request: Request, contract_id: int, service_id: int, by: Acts, database: Db, now: Now, ip: Ip,
) -> Response:  # fmt: skip
    """Removes a service from a day on."""
    asked = read(await submitted(request, RemovalInput))
    await _remove(database, contract_id, service_id, asked.until, by.deed(at=now, ip=ip))
    return back(request, contract_id, N_("Serviço adicional retirado."))


@pages.post(PATH + "/contas/liberacao")
async def release_by_page(
    request: Request, contract_id: int, by: Acts, database: Db, now: Now, ip: Ip
) -> Response:
    """Lets go of the charges that were reviewed."""
    await _release(database, contract_id, by.deed(at=now, ip=ip))
    return back(request, contract_id, N_("Contas liberadas para faturar."))


@router.post(API + "/services", status_code=201)
async def serve(
    contract_id: int, body: ServiceInput, by: Acts, database: Db, now: Now, ip: Ip
) -> dict[str, Any]:
    """Adds a service and makes its charges."""
    return await _serve(database, contract_id, body, by.deed(at=now, ip=ip))


@router.post(API + "/services/{service_id}/removal")
async def remove(
    contract_id: int, service_id: int, body: RemovalInput, by: Acts, database: Db, now: Now, ip: Ip
) -> dict[str, Any]:
    """Removes a service: charged until that day, credited after."""
    await _remove(database, contract_id, service_id, body.until, by.deed(at=now, ip=ip))
    return {"service_id": service_id}


@router.post(API + "/charges/release")
async def release(contract_id: int, by: Acts, database: Db, now: Now, ip: Ip) -> dict[str, int]:
    """Lets go of the charges that waited for review."""
    return {"released": await _release(database, contract_id, by.deed(at=now, ip=ip))}


async def _serve(
    database: Database, contract_id: int, asked: ServiceInput, deed: Deed
) -> dict[str, Any]:
    values = asked.model_dump()
    new = NewService(**{**values, "starts_on": asked.starts_on or local_date(deed.at)})

    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> Any:
        return await add_service(session, contract, new, by=deed.by, at=deed.at)

    details = asked.model_dump(mode="json", exclude_none=True)
    service = await in_rows(database, contract_id, deed, "add_service", work, asked=details)
    return {"service_id": service.id}


async def _remove(
    database: Database, contract_id: int, service_id: int, on: date | None, deed: Deed
) -> None:
    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> None:
        await remove_service(
            session, contract, service_id, on=on or local_date(deed.at), by=deed.by, at=deed.at
        )

    await in_rows(database, contract_id, deed, "remove_service", work, service=service_id)


async def _release(database: Database, contract_id: int, deed: Deed) -> int:
    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> int:
        return await release_charges(session, contract, by=deed.by, at=deed.at)

    released: int = await in_rows(database, contract_id, deed, "release_charges", work)
    return released


router.include_router(pages)
