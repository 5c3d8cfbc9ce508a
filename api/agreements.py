"""Agreements: the wizard that makes one, and what programs can do with one afterwards."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import agreements as making
from activities.agreement_requests import ask_approval
from api.actions import add_commands
from api.agreement_commands import ACTIONS
from api.agreement_form import (
    AgreementForm,
    AgreementInput,
    Wizard,
    asked_of,
    to_command,
    wizard,
)
from api.commands import command
from api.dependencies import Db, Engine, Now, Principal, ReadSession, Today, need
from api.forms import blank, submitted
from api.language import N_
from api.once import CommandId
from api.rendering import page, redirect
from models import agreement_lists
from models.agreement_rules import AgreementRequest
from models.agreements import Agreement, AgreementNotFound
from models.people import Deed
from rules.cases import Process

router = APIRouter(tags=["agreements"])
pages = APIRouter(include_in_schema=False)

SeesAgreements = Annotated[Principal, need("agreements:see")]
MakesAgreements = Annotated[Principal, need("agreements:act")]


# --- the wizard -----------------------------------------------------------------------------------


@pages.get("/cobrancas/contas/{customer_id}/acordo")
async def begin(
    request: Request, customer_id: int, by: MakesAgreements, session: ReadSession, today: Today
) -> Response:
    """The wizard's first step, on the picked invoices, or on the draft that was left open."""
    form = blank(AgreementForm, ids=request.query_params.getlist("ids"))
    form.raw.update({k: v for k, v in request.query_params.items() if k in OFFERED})
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
    made_at = f"/cobrancas/contas/{customer_id}/acordos"
    if form.value and form.value.go == "make":
        with form.refusals():
            number = await _make_of_draft(engine, database, customer_id, form.value, by)
            return redirect(request, made_at, MADE, number=number)
    if form.value and form.value.go == "ask":
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=by.ip)
                await ask_for(session, customer_id, form.value, note=form.value.note, deed=deed)
            return redirect(request, made_at, ASKED)
    async with database.read() as session:
        state = await wizard(session, form, customer_id=customer_id, by=by.login, today=today)
    return _answer(request, state)


#: What an offer fills in of the wizard.
OFFERED = frozenset(
    {"agreement_kind", "tolerance_date", "category_id", "increase_percent", "increase_account_id",
     "discount_percent", "discount_account_id", "count", "first_due", "description"}
)  # fmt: skip
ASKED = N_("Pedido de aprovação enviado: outra pessoa decide.")
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


async def _make_of_draft(
    engine: Engine, database: Db, customer_id: int, form: AgreementForm, by: Principal
) -> int:
    """This will make the agreement and drop its draft; gives its number."""
    made = await _make(engine, database, customer_id, form, by)
    async with database.write() as session:
        await agreement_lists.drop_draft(session, customer_id=customer_id, by=by.login)
    number: int = made["agreement_id"]
    return number


async def ask_for(
    session: AsyncSession, customer_id: int, asked: AgreementInput, *, note: str, deed: Deed
) -> AgreementRequest:
    """This will ask a second person for an agreement beyond one's limit; page and JSON share it."""
    wanted = to_command(asked, by=deed.by)
    return await ask_approval(
        session, customer_id, wanted, form=asked_of(asked), note=note, deed=deed
    )


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
    customer_id: int,
    body: AgreementInput,
    by: MakesAgreements,
    database: Db,
    engine: Engine,
    name: CommandId = None,
) -> dict[str, Any]:
    """Makes an agreement of invoices that await negotiation."""
    asked = body.model_copy(update={"command_id": body.command_id or name or ""})
    return await _make(engine, database, customer_id, asked, by)


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


add_commands(
    router, "/api/agreements/{agreement_id}", Process.AGREEMENTS, ACTIONS, act=MakesAgreements
)
router.include_router(pages)
