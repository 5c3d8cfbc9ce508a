"""An agreement as people see it: where it stands, what was agreed, and its ends by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api import case_head, history
from api.actions import obey
from api.agreement_commands import BY_PATH, CancelInput
from api.agreements import MakesAgreements, SeesAgreements
from api.dependencies import Db, Engine, Now, Principal
from api.forms import Submitted, blank
from api.rendering import page
from models import agreement_lists
from models.agreement_lists import AgreedInvoiceRow
from models.agreements import Agreement, AgreementNotFound, Role, quote_of
from models.cases import Case, case_of
from models.colleagues import names_by_login
from models.customers import Customer
from models.registries import AgreementCategory
from rules.agreements import KEPT, LIVE, AgreementStatus
from rules.cases import CaseNotFound, Process
from rules.money import ZERO

router = APIRouter(include_in_schema=False)

PATH = "/cobrancas/acordos/{agreement_id:int}"

#: While it stands, and once it was kept: its unpaid instalments are what is left to be paid.
COUNTED = {*LIVE, *KEPT}


@dataclass(frozen=True)
class Progress:
    """How much of an agreement was paid, and how much is left."""

    paid: Decimal
    left: Decimal


@router.get(PATH)
async def show(
    request: Request, agreement_id: int, by: SeesAgreements, database: Db, now: Now
) -> Response:
    """An agreement: what was agreed, its invoices, what comes next, and what can be done."""
    return await _shown(request, database, agreement_id, blank(CancelInput), by=by, now=now)


@router.post(PATH + "/{path}")
async def act_on_page(
    request: Request, agreement_id: int, path: str, by: MakesAgreements, database: Db,
    engine: Engine, now: Now,
) -> Response:  # fmt: skip
    """One of its ends; refused, the page says why."""
    if path not in BY_PATH:
        raise AgreementNotFound
    async with database.read() as session:
        back = await _where_work_goes_on(session, agreement_id, by=by)
    form, done = await obey(
        request, engine, database, Process.AGREEMENTS, agreement_id, BY_PATH[path], by=by,
        back=back,
    )  # fmt: skip
    if done is not None:
        return done
    return await _shown(request, database, agreement_id, form, by=by, now=now)


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
        rows = await agreement_lists.agreement_invoices(session, agreement_id)
        return page(
            request,
            "pages/agreements/agreement.html",
            status=form.status,
            now=now,
            agreement=agreement,
            names=await names_by_login(session),
            category=category.name if category else "",
            customer=await session.get_one(Customer, agreement.customer_id),
            rows=sorted(rows, key=lambda row: row.link.role != agreement.kept_by),
            progress=_progress(agreement, rows) if status in COUNTED else None,
            quote=quote_of(agreement),
            head=await case_head.head_of(session, case, by=by, now=now),
            history=await history.history_of_cases(request, session, [case.number]),
            may_act=by.may("agreements:act") and status.is_live,
            is_broken=status is AgreementStatus.BROKEN,
            has_originals=any(row.link.role == Role.ORIGINAL for row in rows),
            sees_invoices=by.may("invoices:see"),
            sees_account=by.may("collections.account:see"),
            form=form,
        )


async def _where_work_goes_on(session: AsyncSession, agreement_id: int, *, by: Principal) -> str:
    """What an ended agreement gives back awaits another one on the customer's account."""
    agreement = await session.get(Agreement, agreement_id)
    if agreement is None:
        raise AgreementNotFound
    if by.may("collections.account:see"):
        return f"/cobrancas/contas/{agreement.customer_id}"
    return f"/cobrancas/acordos/{agreement_id}"


def _progress(agreement: Agreement, rows: Sequence[AgreedInvoiceRow]) -> Progress:
    own = [row.invoice for row in rows if row.link.role == agreement.kept_by]
    left = sum((each.open_amount for each in own), ZERO)
    return Progress(agreement.total - left, left)


async def _found(session: AsyncSession, agreement_id: int) -> tuple[Agreement, Case]:
    agreement = await session.get(Agreement, agreement_id)
    if agreement is None:
        raise AgreementNotFound
    case = await case_of(session, process=Process.AGREEMENTS, subject_id=agreement_id)
    if case is None:
        raise CaseNotFound
    return agreement, case
