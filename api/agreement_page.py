"""An agreement as people see it: where it stands, what was agreed, and its ends by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import case_head, history
from api.agreements import MakesAgreements, SeesAgreements, ask
from api.dependencies import Db, Engine, Now, Principal
from api.forms import Submitted, blank, submitted
from api.language import N_
from api.rendering import page, redirect
from models import agreement_lists
from models.agreements import Agreement, AgreementNotFound
from models.cases import Case, case_of
from models.customers import Customer
from models.registries import AgreementCategory
from rules.agreements import AgreementStatus, CancelAgreement, Renegotiate, RestoreOriginals
from rules.cases import CaseNotFound, Process

router = APIRouter(include_in_schema=False)

PATH = "/cobrancas/acordos/{agreement_id:int}"


class EndForm(BaseModel):
    """An end by hand; what changed since the page was drawn is not touched unseen."""

    seen_version: int | None = None


class CancelForm(EndForm):
    """Calling it off, and why."""

    reason: str = Field(default="", max_length=500)


@router.get(PATH)
async def show(
    request: Request, agreement_id: int, by: SeesAgreements, database: Db, now: Now
) -> Response:
    """An agreement: what was agreed, its invoices, what comes next, and what can be done."""
    return await _shown(request, database, agreement_id, blank(CancelForm), by=by, now=now)


@router.post(PATH + "/cancelamento")
async def cancel(
    request: Request, agreement_id: int, by: MakesAgreements, database: Db, engine: Engine, now: Now
) -> Response:
    """Calls the agreement off; its originals come back."""
    form = await submitted(request, CancelForm)
    if form.value:
        with form.refusals():
            argument = CancelAgreement(by=by.login, ip=by.ip, reason=form.value.reason)
            seen = form.value.seen_version
            await ask(engine, database, agreement_id, "cancel", argument, seen_version=seen)
            return _back(request, agreement_id, N_("Acordo cancelado."))
    return await _shown(request, database, agreement_id, form, by=by, now=now)


@router.post(PATH + "/renegociacao")
async def renegotiate(
    request: Request, agreement_id: int, by: MakesAgreements, database: Db, engine: Engine, now: Now
) -> Response:
    """Puts what is unsettled of a broken agreement back into negotiation."""
    form = await submitted(request, EndForm)
    if form.value:
        with form.refusals():
            argument, seen = Renegotiate(by=by.login, ip=by.ip), form.value.seen_version
            await ask(engine, database, agreement_id, "renegotiate", argument, seen_version=seen)
            return _back(request, agreement_id, N_("As faturas voltaram à negociação."))
    return await _shown(request, database, agreement_id, form, by=by, now=now)


@router.post(PATH + "/restauracao")
async def restore(
    request: Request, agreement_id: int, by: MakesAgreements, database: Db, engine: Engine, now: Now
) -> Response:
    """Undoes a broken agreement; its originals come back less what was paid."""
    form = await submitted(request, EndForm)
    if form.value:
        with form.refusals():
            argument, seen = RestoreOriginals(by=by.login, ip=by.ip), form.value.seen_version
            await ask(engine, database, agreement_id, "restore", argument, seen_version=seen)
            return _back(request, agreement_id, N_("As faturas originais foram restauradas."))
    return await _shown(request, database, agreement_id, form, by=by, now=now)


def _back(request: Request, agreement_id: int, message: str) -> Response:
    return redirect(request, f"/cobrancas/acordos/{agreement_id}", message)


async def _shown(
    request: Request,
    database: Db,
    agreement_id: int,
    form: Submitted[Any],
    *,
    by: Principal,
    now: datetime,
) -> Response:
    async with database.read() as session:
        agreement, case = await _found(session, agreement_id)
        category = await session.get(AgreementCategory, agreement.category_id)
        status = AgreementStatus(agreement.status)
        return page(
            request,
            "pages/agreements/agreement.html",
            status=form.status,
            now=now,
            agreement=agreement,
            category=category.name if category else "",
            customer=await session.get_one(Customer, agreement.customer_id),
            rows=await agreement_lists.agreement_invoices(session, agreement_id),
            head=await case_head.head_of(session, case, by=by, now=now),
            history=await history.history_of_cases(request, session, [case.number]),
            may_act=by.may("agreements:act") and status.is_live,
            is_broken=status is AgreementStatus.BROKEN,
            sees_account=by.may("collections.account:see"),
            form=form,
        )


async def _found(session: AsyncSession, agreement_id: int) -> tuple[Agreement, Case]:
    agreement = await session.get(Agreement, agreement_id)
    if agreement is None:
        raise AgreementNotFound
    case = await case_of(session, process=Process.AGREEMENTS, subject_id=agreement_id)
    if case is None:
        raise CaseNotFound
    return agreement, case
