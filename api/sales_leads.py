"""Sales leads: their list, one of them, and the contract that begins with one. Pages and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import EmailStr, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.lead_retention import forget_lead
from activities.sales_leads import change_lead, customer_of_lead, lose_lead, make_lead
from api.customer_places import place_of_customer
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Amount, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.colleagues import names_by_login
from models.contracts import Contract
from models.customers import Customer
from models.plans import Consultant, Plan
from models.registry_rows import choices_of
from models.sales_leads import SalesLead, select_leads
from rules.anonymisation import GONE
from rules.contact_window import TIME_ZONES
from rules.sales_leads import LeadNotFound, LeadStage, LeadTerms

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("contracts:see")]
Act = Annotated[Principal, need("contracts:act")]
Forgets = Annotated[Principal, need("contracts:see", "privacy:act")]
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


class LeadInput(Input):
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


class LossInput(Input):
    """Why a sale did not come about."""

    reason: str = Field(default="", max_length=2000)


@router.get(PATH)
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


@router.post(PATH + "/nova")
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


@router.get(PATH + "/{lead_id:int}")
async def lead_page(request: Request, lead_id: int, by: See, session: ReadSession) -> Response:
    """A lead, and what can be done with it."""
    lead = await read_lead(session, lead_id)
    form = blank(LeadInput, **lead.model_dump(include=set(LeadInput.model_fields)))
    return await _page(request, session, form, lead=lead, may_act=by.may("contracts:act"))


@router.post(PATH + "/{lead_id:int}")
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
        lead = await read_lead(session, lead_id)
        return await _page(request, session, form, lead=lead, may_act=True)


@router.post(PATH + "/{lead_id:int}/perda")
async def lose_on_page(
    request: Request, lead_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Ends a lead without a sale."""
    form = await submitted(request, LossInput)
    async with database.write() as session:
        reason = form.value.reason if form.value else ""
        await lose_lead(session, lead_id, reason=reason, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"{PATH}/{lead_id}", N_("Oportunidade encerrada."))


@router.post(PATH + "/{lead_id:int}/contrato")
async def begin_contract(
    request: Request, lead_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Leads into the wizard, with the customer that the lead is of or becomes."""
    async with database.write() as session:
        customer = await customer_of_lead(session, lead_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/contratos/novo?cliente={customer.id}&oportunidade={lead_id}")


@router.post(PATH + "/{lead_id:int}/anonimizacao")
async def forget_on_page(
    request: Request, lead_id: int, by: Forgets, database: Db, now: Now, ip: Ip
) -> Response:
    """Takes out of a lead who it was."""
    async with database.write() as session:
        await forget_lead(session, lead_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"{PATH}/{lead_id}", N_("Dados pessoais da oportunidade apagados."))


async def read_lead(session: AsyncSession, lead_id: int) -> SalesLead:
    """This will read one. Raises LeadNotFound."""
    lead = await session.get(SalesLead, lead_id)
    if lead is None:
        raise LeadNotFound
    return lead


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
    by: Principal = request.state.principal
    return page(
        request, "pages/sales_leads/lead.html", status=form.status, form=form, lead=lead,
        customer=customer,
        customer_at=await place_of_customer(session, lead.customer_id if lead else None, by=by),
        contract=contract, plans=await choices_of(session, Plan),
        consultants=await choices_of(session, Consultant),
        ufs=[(uf, uf) for uf in sorted(TIME_ZONES)],
        state=_badge(lead.stage) if lead else None, people=await names_by_login(session),
        may_forget=_may_forget(request, lead),
        may_act=may_act and (lead is None or lead.stage == LeadStage.OPEN),
    )  # fmt: skip


def _may_forget(request: Request, lead: SalesLead | None) -> bool:
    by: Principal = request.state.principal
    if lead is None or lead.customer_id is not None or lead.name == GONE:
        return False
    return lead.stage != LeadStage.OPEN and by.may("privacy:act")


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row, "href": f"{PATH}/{row['id']}", "label": row["code"], "state": _badge(row["stage"]),
    }  # fmt: skip


def _badge(stage: str) -> Badge:
    text, tone = STAGES[stage]
    return Badge(gettext(text), tone)
