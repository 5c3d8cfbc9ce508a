"""Documents of a contract: the signed one and others, with who attached them and when."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.attachment_routes import add_attachment_routes
from api.attachments import (
    ATTACHED,
    Place,
    UploadForm,
    attach_on_page,
    shown_attachment,
    upload_values,
)
from api.contracts import MakesContracts, SeesContracts
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession
from api.forms import Submitted, blank
from models.attachments import select_attachments
from models.contracts import read_contract
from rules.cases import Process

router = APIRouter()

#: A contract's files are told in the history of its activation, the first journey it has.
PLACE = Place(
    Process.ACTIVATION,
    "/contratos/{subject_id}/anexos",
    "/api/contracts/{subject_id}/attachments",
    "contracts:see",
    "contracts:act",
    read_contract,
)


@router.get("/contratos/{contract_id:int}/anexos", include_in_schema=False)
async def files(
    request: Request, contract_id: int, by: SeesContracts, session: ReadSession
) -> Response:
    """The documents of a contract."""
    return await _files_page(request, session, contract_id, by, blank(UploadForm))


@router.post("/contratos/{contract_id:int}/anexos", include_in_schema=False)
async def attach(
    request: Request, contract_id: int, by: MakesContracts, database: Db, config: Config, now: Now,
    ip: Ip,
) -> Response:  # fmt: skip
    """Attaches a document, with what it is."""
    deed = by.deed(at=now, ip=ip)
    form, done = await attach_on_page(request, PLACE, contract_id, database, config, deed=deed)
    if done is not None:
        return done
    async with database.read() as session:
        return await _files_page(request, session, contract_id, by, form)


async def _files_page(
    request: Request,
    session: AsyncSession,
    contract_id: int,
    by: Principal,
    form: Submitted[UploadForm],
) -> Response:
    contract = await read_contract(session, contract_id)
    path = PLACE.at(contract_id)
    return await ATTACHED.view(request).answer(
        session, select_attachments(PLACE.subject(contract_id)),
        "pages/contracts/attachments.html", present=lambda row: shown_attachment(row, path=path),
        contract=contract, form=form, may_act=by.may(PLACE.act), **upload_values(),
    )  # fmt: skip


add_attachment_routes(router, PLACE)
