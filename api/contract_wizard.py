"""The wizard that makes a contract, step by step; left open, it is a draft."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.contract_fields import LAST, ContractForm
from api.contract_form import wizard
from api.contracts import MakesContracts, make_once
from api.dependencies import Db, Ip, Now, ReadSession, Today
from api.forms import Submitted, blank, submitted
from api.language import N_
from api.once import Once
from api.rendering import page, redirect
from models import contract_lists
from models.contract_drafts import draft_of, drafts_of, drop_draft, save_draft
from models.customers import Customer, CustomerNotFound
from models.database import Database
from models.plans import Plan
from models.sales_leads import SalesLead
from models.tickets import Ticket

router = APIRouter(include_in_schema=False)


@router.get("/contratos/novo")
async def begin(
    request: Request, by: MakesContracts, session: ReadSession, today: Today, now: Now
) -> Response:
    """Whom the contract is for; then its first step, or the draft that was left open."""
    asked = request.query_params.get("cliente", "").strip()
    if not asked.isdecimal() or await session.get(Customer, int(asked)) is None:
        found = await contract_lists.customers_like(session, asked) if asked else []
        drafts = await drafts_of(session, by.login)
        return page(
            request, "pages/contracts/customer.html", asked=asked, found=found, now=now,
            drafts=drafts,
        )  # fmt: skip
    form = blank(ContractForm)
    draft = await draft_of(session, customer_id=int(asked), by=by.login)
    form.raw.update(draft.form if draft else {})
    form.raw |= await _origin(request, session, int(asked))
    form.raw |= {"step": 1, "command_id": uuid4().hex}
    return await _wizard_page(request, session, form, customer_id=int(asked), today=today)


@router.post("/contratos/novo")
async def go_on(
    request: Request, by: MakesContracts, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """One step on or back, or the contract itself; what was typed is kept as a draft."""
    form = await submitted(request, ContractForm)
    customer_id = await _customer_of(request, database)
    async with database.write() as session:
        await save_draft(
            session, customer_id=customer_id, by=by.login, form=_kept(form.raw), at=now
        )
    if form.value and form.value.go == "make" and form.value.confirmed:
        with form.refusals():
            deed = by.deed(at=now, ip=ip)
            once = Once(request.url.path, form.value.command_id)
            made = await make_once(database, customer_id, form.value, deed, once)
            async with database.write() as session:
                await drop_draft(session, customer_id=customer_id, by=by.login)
            return redirect(request, f"/contratos/{made['contract_id']}", MADE, code=made["code"])
    async with database.read() as session:
        return await _wizard_page(request, session, form, customer_id=customer_id, today=today)


@router.post("/contratos/rascunhos/{customer_id:int}/descarte")
async def discard(request: Request, customer_id: int, by: MakesContracts, database: Db) -> Response:
    """Forgets what was left open for a customer."""
    async with database.write() as session:
        await drop_draft(session, customer_id=customer_id, by=by.login)
    return redirect(request, "/contratos/novo", N_("Rascunho descartado."))


MADE = N_("Contrato %(code)s criado.")


async def _origin(request: Request, session: AsyncSession, customer_id: int) -> dict[str, Any]:
    """What the lead or the ticket from which the wizard was begun already says, if any."""
    lead_id = request.query_params.get("oportunidade", "")
    lead = await session.get(SalesLead, int(lead_id)) if lead_id.isdecimal() else None
    if lead is not None and lead.customer_id == customer_id:
        plan = await session.get(Plan, lead.plan_id or 0)
        said = {name: getattr(lead, name) for name in FROM_LEAD}
        known = {name: value for name, value in said.items() if value is not None}
        typed = {"plan_type": plan.plan_type} if plan else {}
        return {**known, **typed, "origin": "lead", "origin_ref": lead.code}
    asked = request.query_params.get("chamado", "")
    ticket = await session.get(Ticket, int(asked)) if asked.isdecimal() else None
    return {"origin": "ticket", "origin_ref": ticket.protocol} if ticket else {}


#: What was settled with the sale.
FROM_LEAD = ("plan_id", "setup_fee", "setup_instalments", "consultant_id")


async def _customer_of(request: Request, database: Database) -> int:
    asked = str((await request.form()).get("cliente", ""))
    async with database.read() as session:
        known = await session.get(Customer, int(asked)) if asked.isdecimal() else None
    if known is None:
        raise CustomerNotFound
    return int(asked)


async def _wizard_page(
    request: Request,
    session: ReadSession,
    form: Submitted[ContractForm],
    *,
    customer_id: int,
    today: Today,
) -> Response:
    state = await wizard(session, form, customer_id=customer_id, today=today)
    values = {**vars(state), "last": LAST}
    return page(request, "pages/contracts/wizard.html", status=form.status, **values)


def _kept(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in raw.items()
        if isinstance(value, str | bool) and name not in {"confirmed", "go", "command_id"}
    }
