"""Additional services of a contract, and the charges that wait for review. Pages and JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_billing import bill_ahead
from activities.contract_charges import release_charges
from activities.contract_services import NewService, add_service, remove_service
from api.contract_commands import API, PATH, Desk, Writer, Writing
from api.contract_inputs import BillingInput, Nothing, RemovalInput, ServiceInput
from api.dependencies import need
from api.forms import submitted
from api.language import N_, gettext
from models.contracts import Contract
from models.people import Deed
from rules.business_days import local_date

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)

BILLS = need("billing:act")


@pages.post(PATH + "/servicos")
async def serve_by_page(request: Request, contract_id: int, writer: Writer, desk: Desk) -> Response:
    """Adds a service."""

    async def serve(asked: ServiceInput) -> str:
        await _serve(writer, contract_id, asked)
        return N_("Serviço adicional incluído.")

    form = await submitted(request, ServiceInput)
    return await desk.answer(request, contract_id, form, serve, name="service")


@pages.post(PATH + "/servicos/{service_id:int}/retirada")
async def remove_by_page(
    request: Request, contract_id: int, service_id: int, writer: Writer, desk: Desk
) -> Response:
    """Removes a service from a day on."""

    async def remove(asked: RemovalInput) -> str:
        await _remove(writer, contract_id, service_id, asked.until)
        return N_("Serviço adicional retirado.")

    return await desk.answer(request, contract_id, await submitted(request, RemovalInput), remove)


@pages.post(PATH + "/contas/liberacao")
async def release_by_page(
    request: Request, contract_id: int, writer: Writer, desk: Desk
) -> Response:
    """Lets go of the charges that were reviewed."""

    async def release(_: Nothing) -> str:
        await _release(writer, contract_id)
        return N_("Contas liberadas para faturar.")

    return await desk.answer(request, contract_id, await submitted(request, Nothing), release)


@pages.post(PATH + "/contas/faturamento", dependencies=[BILLS])
async def bill_by_page(request: Request, contract_id: int, writer: Writer, desk: Desk) -> Response:
    """Invoices what falls due by a day, before its day of issue has come."""

    async def bill(asked: BillingInput) -> str:
        made = await _bill(writer, contract_id, asked)
        return gettext(N_("%(count)s fatura(s) emitida(s)."), count=made["invoices"])

    form = await submitted(request, BillingInput)
    return await desk.answer(request, contract_id, form, bill, name="bill")


@router.post(API + "/services", status_code=201)
async def serve(contract_id: int, body: ServiceInput, writer: Writer) -> dict[str, Any]:
    """Adds a service and makes its charges."""
    return await _serve(writer, contract_id, body)


@router.post(API + "/services/{service_id}/removal")
async def remove(
    contract_id: int, service_id: int, body: RemovalInput, writer: Writer
) -> dict[str, Any]:
    """Removes a service: charged until that day, credited after."""
    return await _remove(writer, contract_id, service_id, body.until)


@router.post(API + "/charges/billing", dependencies=[BILLS])
async def bill(contract_id: int, body: BillingInput, writer: Writer) -> dict[str, Any]:
    """Invoices what of the contract, or of its group, falls due by a day, without the run."""
    return await _bill(writer, contract_id, body)


@router.post(API + "/charges/release")
async def release(contract_id: int, writer: Writer) -> dict[str, Any]:
    """Lets go of the charges that waited for review."""
    return await _release(writer, contract_id)


async def _bill(writer: Writing, contract_id: int, asked: BillingInput) -> dict[str, Any]:
    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> dict[str, Any]:
        made = await bill_ahead(session, contract, until=asked.until, by=deed.by, at=deed.at)
        return {"invoices": made}

    return await writer.write(contract_id, "bill", work, until=asked.until.isoformat())


async def _serve(writer: Writing, contract_id: int, asked: ServiceInput) -> dict[str, Any]:
    values = asked.model_dump()
    new = NewService(**{**values, "starts_on": asked.starts_on or local_date(writer.now)})

    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> dict[str, Any]:
        service = await add_service(session, contract, new, by=deed.by, at=deed.at)
        return {"service_id": service.id}

    details = asked.model_dump(mode="json", exclude_none=True)
    return await writer.write(contract_id, "add_service", work, asked=details)


async def _remove(
    writer: Writing, contract_id: int, service_id: int, on: date | None
) -> dict[str, Any]:
    day = on or local_date(writer.now)

    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> dict[str, Any]:
        await remove_service(session, contract, service_id, on=day, by=deed.by, at=deed.at)
        return {"service_id": service_id}

    return await writer.write(contract_id, "remove_service", work, service=service_id)


async def _release(writer: Writing, contract_id: int) -> dict[str, Any]:
    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> dict[str, Any]:
        return {"released": await release_charges(session, contract, by=deed.by, at=deed.at)}

    return await writer.write(contract_id, "release_charges", work)


router.include_router(pages)
