"""Sales leads: their list, one of them, and the contract that begins with one. Pages and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, EmailStr, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.sales_leads import change_lead, customer_of_lead, lose_lead, make_lead
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Amount, Submitted, blank, submitted
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.once import NamedRequest
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.contracts import Contract
from models.customers import Customer
from models.plans import Consultant, Plan
from models.registry_rows import choices_of
from models.sales_leads import SalesLead, newest_leads, select_leads
from rules.contact_window import TIME_ZONES
from rules.sales_leads import LeadNotFound, LeadStage, LeadTerms

router = APIRouter(tags=["contracts"])

See = Annotated[Principal, need("contracts:see")]
Act = Annotated[Principal, need("contracts:act")]
PATH = "/contratos/oportunidades"

STAGES: Mapping[str, tuple[str, Tone]] = {
    LeadStage.OPEN: (N_("Em aberto"), Tone.BLUE),
    LeadStage.WON: (N_("Ganha"), Tone.GREEN),
    LeadStage.LOST: (N_("Perdida"), Tone.GREY),
}
LEADS = Listing(
    columns=(
        Column("code", N_("Oportunidade"), is_sortable=True, order=("id",)),
        Column("name", N_("Nome")),
        Column("city", N_("Cidade")),
        Column("plan", N_("Plano")),
        Column("setup_fee", N_("Taxa de adesão"), Kind.MONEY),
        Column("consultant", N_("Consultor de vendas")),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("made_at", N_("Desde"), Kind.MOMENT),
    ),
    default_sort="-code",
    filters=(
        Filter("busca", N_("Buscar")),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((str(stage), words[0]) for stage, words in STAGES.items()), blank=N_("Todas"),
        ),
    ),
    empty=N_("Nenhuma oportunidade ainda. Anote a primeira."),
)  # fmt: skip


class LeadInput(BaseModel):
    """A lead: of a customer (`customer_id`), or of who is to become one."""

    customer_id: int | None = None
    name: str = Field(min_length=1, max_length=160)
    document: str = Field(default="", max_length=20)
    email: EmailStr | None = None
    mobile: str = Field(default="", max_length=20)
    city: str = Field(default="", max_length=80)
    uf: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    plan_id: int | None = None
    setup_fee: Amount | None = Field(default=None, ge=0)
    setup_instalments: int | None = Field(default=None, ge=1, le=60)
    consultant_id: int | None = None
    notes: str = Field(default="", max_length=2000)

    def terms(self) -> LeadTerms:
        """What is said, as the activities take it."""
        return LeadTerms(**{**self.model_dump(), "email": self.email or ""})


class LossInput(BaseModel):
    """Why a sale did not come about."""

    reason: str = Field(default="", max_length=300)


class LeadView(BaseModel):
    """A lead as programs read it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    code: str
    stage: LeadStage
    customer_id: int | None
    name: str
    email: str
    mobile: str
    city: str
    uf: str
    plan_id: int | None
    setup_fee: Decimal | None
    setup_instalments: int | None
    consultant_id: int | None
    notes: str
    contract_id: int | None
    reason: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None


@router.get(PATH, include_in_schema=False)
async def leads_page(request: Request, by: See, session: ReadSession) -> Response:
    """All leads."""
    view = LEADS.view(request)
    statement = select_leads(stage=view.text("situacao"), search=view.text("busca"))
    return await view.answer(
        session, statement, "pages/sales_leads/leads.html", present=_row,
        may_act=by.may("contracts:act"),
    )  # fmt: skip


@router.get(PATH + "/nova", include_in_schema=False, dependencies=[need("contracts:act")])
async def new_page(request: Request, session: ReadSession) -> Response:
    """The form of a new lead."""
    return await _page(request, session, blank(LeadInput), may_act=True)


@router.post(PATH + "/nova", include_in_schema=False)
async def make_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Writes a lead down."""
    form = await submitted(request, LeadInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                terms = form.value.terms()
                lead = await make_lead(session, terms, deed=by.deed(at=now, ip=ip))
            return redirect(request, f"{PATH}/{lead.id}", N_("Oportunidade anotada."))
    async with database.read() as session:
        return await _page(request, session, form, may_act=True)


@router.get(PATH + "/{lead_id:int}", include_in_schema=False)
async def lead_page(request: Request, lead_id: int, by: See, session: ReadSession) -> Response:
    """A lead, and what can be done with it."""
    lead = await _lead(session, lead_id)
    form = blank(LeadInput, **lead.model_dump(include=set(LeadInput.model_fields)))
    return await _page(request, session, form, lead=lead, may_act=by.may("contracts:act"))


@router.post(PATH + "/{lead_id:int}", include_in_schema=False)
async def change_on_page(
    request: Request, lead_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Says anew what a lead is."""
    form = await submitted(request, LeadInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await change_lead(session, lead_id, form.value.terms(), deed=deed)
            return redirect(request, f"{PATH}/{lead_id}", N_("Oportunidade salva."))
    async with database.read() as session:
        lead = await _lead(session, lead_id)
        return await _page(request, session, form, lead=lead, may_act=True)


@router.post(PATH + "/{lead_id:int}/perda", include_in_schema=False)
async def lose_on_page(
    request: Request, lead_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Ends a lead without a sale."""
    form = await submitted(request, LossInput)
    async with database.write() as session:
        reason = form.value.reason if form.value else ""
        await lose_lead(session, lead_id, reason=reason, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"{PATH}/{lead_id}", N_("Oportunidade encerrada."))


@router.post(PATH + "/{lead_id:int}/contrato", include_in_schema=False)
async def begin_contract(
    request: Request, lead_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Leads into the wizard, with the customer that the lead is of or becomes."""
    async with database.write() as session:
        customer = await customer_of_lead(session, lead_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/contratos/novo?cliente={customer.id}&oportunidade={lead_id}")


@router.get("/api/sales-leads", dependencies=[need("contracts:see")])
async def list_leads(session: ReadSession, stage: LeadStage | None = None) -> list[LeadView]:
    """The newest two hundred leads."""
    found = await newest_leads(session, stage=stage, limit=200)
    return [LeadView.model_validate(each) for each in found]


@router.get("/api/sales-leads/{lead_id}", dependencies=[need("contracts:see")])
async def read_lead(session: ReadSession, lead_id: int) -> LeadView:
    """One lead."""
    return LeadView.model_validate(await _lead(session, lead_id))


@router.post("/api/sales-leads", status_code=201)
async def create_lead(
    asked: LeadInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Writes a lead down; a contract made with its code as `origin_ref` wins it."""
    deed = by.deed(at=now, ip=ip)

    async def work(session: AsyncSession) -> dict[str, Any]:
        return _view(await make_lead(session, asked.terms(), deed=deed))

    return await once.do(database, deed, work)


@router.put("/api/sales-leads/{lead_id}")
async def replace_lead(
    lead_id: int, asked: LeadInput, by: Act, database: Db, now: Now, ip: Ip
) -> LeadView:
    """Says anew what a lead is."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        return LeadView.model_validate(
            await change_lead(session, lead_id, asked.terms(), deed=deed)
        )


@router.post("/api/sales-leads/{lead_id}/loss")
async def create_loss(
    lead_id: int, asked: LossInput, by: Act, database: Db, now: Now, ip: Ip
) -> LeadView:
    """Ends a lead without a sale."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        return LeadView.model_validate(
            await lose_lead(session, lead_id, reason=asked.reason, deed=deed)
        )


@router.post("/api/sales-leads/{lead_id}/customer")
async def create_customer(lead_id: int, by: Act, database: Db, now: Now, ip: Ip) -> dict[str, Any]:
    """Gives the lead's customer, made now where it is none yet."""
    async with database.write() as session:
        customer = await customer_of_lead(session, lead_id, deed=by.deed(at=now, ip=ip))
        return {"customer_id": customer.id, "code": customer.code}


async def _lead(session: AsyncSession, lead_id: int) -> SalesLead:
    lead = await session.get(SalesLead, lead_id)
    if lead is None:
        raise LeadNotFound
    return lead


def _view(lead: SalesLead) -> dict[str, Any]:
    return LeadView.model_validate(lead).model_dump()


async def _page(
    request: Request,
    session: AsyncSession,
    form: Submitted[LeadInput],
    *,
    lead: SalesLead | None = None,
    may_act: bool,
) -> Response:
    customer = await session.get(Customer, lead.customer_id or 0) if lead else None
    contract = await session.get(Contract, lead.contract_id or 0) if lead else None
    return page(
        request, "pages/sales_leads/lead.html", status=form.status, form=form, lead=lead,
        customer=customer, contract=contract, plans=await choices_of(session, Plan),
        consultants=await choices_of(session, Consultant),
        ufs=[(uf, uf) for uf in sorted(TIME_ZONES)],
        state=_badge(lead.stage) if lead else None,
        may_act=may_act and (lead is None or lead.stage == LeadStage.OPEN),
    )  # fmt: skip


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row, "href": f"{PATH}/{row['id']}", "label": row["code"], "state": _badge(row["stage"]),
    }  # fmt: skip


def _badge(stage: str) -> Badge:
    text, tone = STAGES[stage]
    return Badge(gettext(text), tone)
