"""Agreements that wait for a second person, for programs: asked for, read, decided."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_requests import refuse_request
from api import agreements
from api.agreement_form import AgreementInput
from api.agreement_requests import (
    Approves,
    RefusalInput,
    approve_request,
    beyond_of,
    found_request,
)
from api.agreements import MakesAgreements, SeesAgreements
from api.dependencies import Db, Engine, Now, ReadSession
from api.older import AtOnce, Before
from api.once import NamedRequest
from models.agreement_rules import AgreementRequest, newest_requests
from rules.agreement_requests import RequestStatus

router = APIRouter(tags=["agreements"])


class RequestInput(AgreementInput):
    """An agreement beyond one's limit, and a word to whoever decides."""

    note: str = Field(default="", max_length=300)


class RequestView(BaseModel):
    """A request as programs read it; `beyond` says in Portuguese what passes the limit."""

    id: int
    customer_id: int
    principal: Decimal
    total: Decimal
    beyond: list[str]
    note: str
    status: str
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    decided_by: str
    reason: str
    agreement_id: int | None


@router.post("/api/collections/customers/{customer_id}/agreement-requests", status_code=201)
async def ask(
    customer_id: int, body: RequestInput, by: MakesAgreements, database: Db, now: Now,
    once: NamedRequest,
) -> RequestView:  # fmt: skip
    """Asks a second person for an agreement beyond one's limit."""
    deed = by.deed(at=now, ip=by.ip)

    async def ask_for(session: AsyncSession) -> RequestView:
        return _view(
            await agreements.ask_for(session, customer_id, body, note=body.note, deed=deed)
        )

    return RequestView(**await once.do(database, deed, ask_for))


@router.get("/api/agreement-requests")
async def list_requests(
    _by: SeesAgreements,
    session: ReadSession,
    status: RequestStatus | None = None,
    before: Before = None,
    limit: AtOnce = 200,
) -> list[RequestView]:
    """Requests, the newest first; the next ones come `before` the last."""
    found = await newest_requests(session, status=status, before=before, limit=limit)
    return [_view(each) for each in found]


@router.get("/api/agreement-requests/{request_id}")
async def read(request_id: int, _by: SeesAgreements, session: ReadSession) -> RequestView:
    """What was asked, and what became of it."""
    return _view(await found_request(session, request_id))


@router.post("/api/agreement-requests/{request_id}/approval")
async def approve(
    request_id: int, by: Approves, database: Db, engine: Engine, now: Now
) -> RequestView:
    """Makes the agreement; nobody approves what they asked for."""
    return _view(await approve_request(database, engine, request_id, by.deed(at=now, ip=by.ip)))


@router.post("/api/agreement-requests/{request_id}/refusal")
async def refuse(
    request_id: int, body: RefusalInput, by: Approves, database: Db, now: Now
) -> RequestView:
    """Refuses it, with a reason."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=by.ip)
        return _view(await refuse_request(session, request_id, reason=body.reason, deed=deed))


def _view(request: AgreementRequest) -> RequestView:
    return RequestView.model_validate({**request.model_dump(), "beyond": beyond_of(request)})
