"""Agreements: the wizard that makes one, its page, and what can be done with it afterwards."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from activities import agreements as making
from api.agreement_form import AgreementForm, AgreementInput, Wizard, to_command, wizard
from api.commands import command
from api.dependencies import Db, Engine, Now, Principal, ReadSession, Today, need
from api.forms import blank, submitted
from api.language import N_
from api.rendering import page, redirect
from models import agreement_lists
from models.agreements import Agreement, AgreementNotFound
from models.cases import case_of
from models.customers import Customer
from models.registry_rows import agreement_choices
from rules.agreements import (
    AgreementStatus,
    CancelAgreement,
    Renegotiate,
    RestoreOriginals,
)
from rules.cases import Process

router = APIRouter(tags=["agreements"])
pages = APIRouter(include_in_schema=False)

SeesAgreements = Annotated[Principal, need("agreements:see")]
MakesAgreements = Annotated[Principal, need("agreements:act")]


class ReasonInput(BaseModel):
    """Why an agreement is called off."""

    reason: str = Field(min_length=1, max_length=500)


# --- the wizard -----------------------------------------------------------------------------------


@pages.get("/cobrancas/contas/{customer_id}/acordo")
async def begin(
    request: Request, customer_id: int, by: MakesAgreements, session: ReadSession, today: Today
) -> Response:
    """The wizard's first step, on the picked invoices, or on the draft that was left open."""
    form = blank(AgreementForm, ids=request.query_params.getlist("ids"))
    if not form.raw["ids"]:
        draft = await agreement_lists.draft_of(session, customer_id=customer_id, by=by.login)
        form.raw.update(draft.form if draft else {})
    form.raw["step"] = 1
    state = await wizard(session, form, customer_id=customer_id, by=by.login, today=today)
    return _answer(request, state)


@pages.post("/cobrancas/contas/{customer_id}/acordo")
async def go_on(
    request: Request,
    customer_id: int,
    by: MakesAgreements,
    database: Db,
    engine: Engine,
    now: Now,
    today: Today,
) -> Response:
    """One step on or back, or the agreement itself; what was typed is kept as a draft."""
    form = await submitted(request, AgreementForm)
    async with database.write() as session:
        await agreement_lists.save_draft(
            session, customer_id=customer_id, by=by.login, form=_kept(form.raw), at=now
        )
    if form.value and form.value.go == "make":
        with form.refusals():
            made = await _make(engine, database, customer_id, form.value, by)
            async with database.write() as session:
                await agreement_lists.drop_draft(session, customer_id=customer_id, by=by.login)
            return redirect(
                request,
                f"/cobrancas/contas/{customer_id}/acordos",
                MADE,
                number=made["agreement_id"],
            )
    async with database.read() as session:
        state = await wizard(session, form, customer_id=customer_id, by=by.login, today=today)
    return _answer(request, state)


MADE = N_("Acordo %(number)s efetivado.")


def _answer(request: Request, state: Wizard) -> Response:
    return page(request, "pages/agreements/wizard.html", status=state.form.status, **vars(state))


def _kept(raw: dict[str, Any]) -> dict[str, Any]:
    """What a draft keeps: what was typed, as text."""
    return {
        name: [str(each) for each in value] if isinstance(value, list) else value
        for name, value in raw.items()
        if isinstance(value, str | int | bool | list) and name != "confirm_new_invoice"
    }


async def _make(
    engine: Engine, database: Db, customer_id: int, form: AgreementInput, by: Principal
) -> dict[str, Any]:
    """The one call that page and JSON share."""
    return await command(
        engine,
        database,
        process=Process.COLLECTIONS,
        subject_id=customer_id,
        update="make_agreement",
        argument=to_command(form, by=by.login, ip=by.ip),
        command_id=form.command_id or None,
    )


# --- one agreement --------------------------------------------------------------------------------


@pages.get("/cobrancas/acordos/{agreement_id}")
async def show(
    request: Request, agreement_id: int, by: SeesAgreements, session: ReadSession, now: Now
) -> Response:
    """An agreement: what was agreed, its invoices, what comes next, and what can be done."""
    agreement = await session.get(Agreement, agreement_id)
    if agreement is None:
        raise AgreementNotFound
    case = await case_of(session, process=Process.AGREEMENTS, subject_id=agreement_id)
    customer = await session.get(Customer, agreement.customer_id)
    rows = await agreement_lists.agreement_invoices(session, agreement_id)
    return page(
        request,
        "pages/agreements/agreement.html",
        now=now,
        agreement=agreement,
        case=case,
        customer=customer,
        rows=rows,
        may_act=by.may("agreements:act") and AgreementStatus(agreement.status).is_live,
        is_broken=agreement.status == AgreementStatus.BROKEN,
        choices=await agreement_choices(session),
        form=blank(ReasonInput),
    )


@pages.post("/cobrancas/acordos/{agreement_id}/cancelamento")
async def cancel_by_page(
    request: Request, agreement_id: int, by: MakesAgreements, database: Db, engine: Engine
) -> Response:
    """Calls the agreement off; its originals come back."""
    form = await request.form()
    argument = CancelAgreement(by=by.login, ip=by.ip, reason=str(form.get("reason", "")).strip())
    await _ask(engine, database, agreement_id, "cancel", argument)
    return redirect(request, f"/cobrancas/acordos/{agreement_id}", N_("Acordo cancelado."))


@pages.post("/cobrancas/acordos/{agreement_id}/renegociacao")
async def renegotiate_by_page(
    request: Request, agreement_id: int, by: MakesAgreements, database: Db, engine: Engine
) -> Response:
    """Puts what is unsettled of a broken agreement back into negotiation."""
    await _ask(engine, database, agreement_id, "renegotiate", Renegotiate(by=by.login, ip=by.ip))
    return redirect(
        request, f"/cobrancas/acordos/{agreement_id}", N_("As faturas voltaram à negociação.")
    )


@pages.post("/cobrancas/acordos/{agreement_id}/restauracao")
async def restore_by_page(
    request: Request, agreement_id: int, by: MakesAgreements, database: Db, engine: Engine
) -> Response:
    """Undoes a broken agreement; its originals come back less what was paid."""
    await _ask(engine, database, agreement_id, "restore", RestoreOriginals(by=by.login, ip=by.ip))
    return redirect(
        request, f"/cobrancas/acordos/{agreement_id}", N_("As faturas originais foram restauradas.")
    )


async def _ask(
    engine: Engine, database: Db, agreement_id: int, update: str, argument: Any
) -> dict[str, Any]:
    return await command(
        engine,
        database,
        process=Process.AGREEMENTS,
        subject_id=agreement_id,
        update=update,
        argument=argument,
    )


# --- JSON -----------------------------------------------------------------------------------------


@router.post("/api/collections/customers/{customer_id}/agreements/preview")
async def preview(
    customer_id: int, body: AgreementInput, by: MakesAgreements, session: ReadSession
) -> dict[str, Any]:
    """Prices an agreement and plans its instalments; changes nothing."""
    priced = await making.preview(session, to_command(body, by=by.login), customer_id=customer_id)
    return {
        "principal": str(priced.quote.principal),
        "total": str(priced.quote.total),
        "rows": [
            {"ordinal": row.ordinal, "due_date": row.due_date, "amount": str(row.amount)}
            for row in priced.rows
        ],
    }


@router.post("/api/collections/customers/{customer_id}/agreements", status_code=201)
async def make(
    customer_id: int, body: AgreementInput, by: MakesAgreements, database: Db, engine: Engine
) -> dict[str, Any]:
    """Makes an agreement of invoices that await negotiation."""
    return await _make(engine, database, customer_id, body, by)


@router.get("/api/agreements/{agreement_id}")
async def read(agreement_id: int, by: SeesAgreements, session: ReadSession) -> dict[str, Any]:
    """An agreement and its invoices."""
    agreement = await session.get(Agreement, agreement_id)
    if agreement is None:
        raise AgreementNotFound
    rows = await agreement_lists.agreement_invoices(session, agreement_id)
    return {
        **agreement.model_dump(mode="json"),
        "invoices": [
            {
                "invoice_id": row.invoice.id,
                "code": row.invoice.code,
                "role": row.link.role,
                "due_date": row.invoice.due_date,
                "amount": str(row.invoice.amount),
                "open_amount": str(row.invoice.open_amount),
                "status": row.invoice.status,
            }
            for row in rows
        ],
    }


@router.post("/api/agreements/{agreement_id}/cancellation")
async def cancel(
    agreement_id: int, body: ReasonInput, by: MakesAgreements, database: Db, engine: Engine
) -> dict[str, Any]:
    """Calls an agreement off; its originals come back."""
    argument = CancelAgreement(by=by.login, ip=by.ip, reason=body.reason)
    return await _ask(engine, database, agreement_id, "cancel", argument)


@router.post("/api/agreements/{agreement_id}/renegotiation")
async def renegotiate(
    agreement_id: int, by: MakesAgreements, database: Db, engine: Engine
) -> dict[str, Any]:
    """Puts what is unsettled of a broken agreement back into negotiation."""
    return await _ask(
        engine, database, agreement_id, "renegotiate", Renegotiate(by=by.login, ip=by.ip)
    )


@router.post("/api/agreements/{agreement_id}/restoration")
async def restore(
    agreement_id: int, by: MakesAgreements, database: Db, engine: Engine
) -> dict[str, Any]:
    """Undoes a broken agreement; its originals come back less what was paid."""
    return await _ask(
        engine, database, agreement_id, "restore", RestoreOriginals(by=by.login, ip=by.ip)
    )


router.include_router(pages)
