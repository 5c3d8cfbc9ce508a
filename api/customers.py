"""Customers: their list, the form, and JSON; a customer's own page is in customer_overview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.customers import change_customer, facts_of, register_customer
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.documents import WHOLE, shown_document
from api.forms import Submitted, blank, submitted
from api.inbox import colleague_options
from api.inputs import Input
from api.language import N_
from api.listing import Column, Filter, Listing
from api.once import NamedRequest
from api.rendering import page, redirect
from api.table import Kind
from models import customer_lists, customers
from models.customers import Customer
from models.database import Database
from models.people import Deed, record
from rules.contact_window import TIME_ZONES
from rules.customers import CustomerChanged, CustomerFacts

router = APIRouter(tags=["customers"])

See = Annotated[Principal, need("customers:see")]
Act = Annotated[Principal, need("customers:see", "customers:act")]
PAGE = "/clientes/{customer_id:int}"
AT_ONCE = 100

CUSTOMERS = Listing(
    columns=(
        Column("name", N_("Nome"), is_sortable=True),
        Column("code", N_("Código"), is_sortable=True),
        Column("document", N_("CPF ou CNPJ")),
        Column("city", N_("Cidade")),
        Column("uf", N_("UF")),
        Column("email", N_("E-mail"), is_extra=True),
        Column("mobile", N_("Celular"), is_extra=True),
        Column("created_at", N_("Criado em"), Kind.MOMENT, is_extra=True),
    ),
    default_sort="name",
    filters=(Filter("busca", N_("Nome, código, CPF ou CNPJ")), Filter("cidade", N_("Cidade"))),
    empty=N_("Nenhum cliente aqui. Cadastre o primeiro ou importe a carteira."),
)


class CustomerInput(Input):
    """A customer as the form and programs say; without a code, one is given."""

    name: str = Field(min_length=1, max_length=160)
    document: str = Field(min_length=1, max_length=20, description="CPF or CNPJ")
    code: str = Field(default="", max_length=40)
    email: str | None = Field(default=None, max_length=200)
    mobile: str | None = Field(default=None, max_length=20)
    street: str | None = Field(default=None, max_length=200)
    city: str = Field(default="", max_length=80)
    uf: str = Field(default="", max_length=2)
    postal_code: str | None = Field(default=None, max_length=10)
    executive: str | None = Field(default=None, max_length=60)

    def facts(self) -> CustomerFacts:
        """What was typed, for the rules."""
        return CustomerFacts(**self.model_dump(include=FACTS))


class CustomerForm(CustomerInput):
    """The form; whoever may not see a CPF whole leaves it as it is. `seen` is a digest."""

    document: str = Field(default="", max_length=20)
    seen: str = Field(default="", max_length=64)


FACTS = set(CustomerInput.model_fields)


class CustomerView(BaseModel):
    """A customer as programs read one; the CPF is whole by permission."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    code: str
    name: str
    document: str
    email: str | None
    mobile: str | None
    street: str | None
    city: str
    uf: str
    postal_code: str | None
    executive: str | None
    created_at: datetime


@router.get("/clientes", include_in_schema=False)
async def customers_page(request: Request, by: See, session: ReadSession) -> Response:
    """All customers."""
    view = CUSTOMERS.view(request)
    statement = customer_lists.select_customers(search=view.text("busca"), city=view.text("cidade"))
    return await view.answer(
        session, statement, "pages/customers/customers.html",
        present=lambda row: _shown(row, by=by), may_act=by.may("customers:act"),
    )  # fmt: skip


@router.get("/clientes/novo", include_in_schema=False)
async def new_page(request: Request, by: Act, session: ReadSession, today: Today) -> Response:
    """The form of a new customer."""
    return await _form_page(request, session, blank(CustomerForm), by=by, today=today)


@router.post("/clientes/novo", include_in_schema=False)
async def register_on_page(
    request: Request, by: Act, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Register a customer."""
    form = await submitted(request, CustomerForm)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                made = await _register(session, form.value.facts(), by.deed(at=now, ip=ip))
            message = N_("Cliente %(name)s cadastrado, código %(code)s.")
            return redirect(
                request, f"/clientes/{made.id}", message, name=made.name, code=made.code
            )
    async with database.read() as session:
        return await _form_page(request, session, form, by=by, today=today)


@router.get(PAGE + "/cadastro", include_in_schema=False)
async def edit_page(
    request: Request, customer_id: int, by: Act, session: ReadSession, today: Today
) -> Response:
    """The form of a customer."""
    customer = await customers.read_customer(session, customer_id)
    known = customer.model_dump(include=FACTS)
    form = blank(CustomerForm, **{**known, "document": "", "seen": _seen(customer)})
    return await _form_page(request, session, form, by=by, today=today, customer=customer)


@router.post(PAGE + "/cadastro", include_in_schema=False)
async def change_on_page(
    request: Request, customer_id: int, by: Act, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Change a customer."""
    form = await submitted(request, CustomerForm)
    async with database.read() as session:
        customer = await customers.read_customer(session, customer_id)
    if form.value:
        with form.refusals():
            if form.value.seen != _seen(customer):
                raise CustomerChanged
            facts = form.value.facts()
            if not (facts.document and by.may(WHOLE)):
                facts = replace(facts, document=customer.document)
            await _change(database, customer, facts, by.deed(at=now, ip=ip))
            return redirect(request, f"/clientes/{customer_id}", N_("Cadastro salvo."))
    if form.status == 409:  # what is there now is what the next try is about
        form.raw["seen"] = _seen(customer)
    async with database.read() as session:
        return await _form_page(request, session, form, by=by, today=today, customer=customer)


@router.get("/api/customers")
async def list_customers(
    by: See,
    session: ReadSession,
    search: Annotated[str | None, Query(max_length=80)] = None,
    after: Annotated[int, Query(ge=0, lt=2**31, description="the last id of the page before")] = 0,
) -> list[CustomerView]:
    """Customers by their ids, a hundred at a time."""
    found = await customer_lists.customers_after(session, after, search=search, limit=AT_ONCE)
    return [_view(each, by=by) for each in found]


@router.post("/api/customers", status_code=201)
async def register(
    asked: CustomerInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> CustomerView:
    """Registers a customer. A code or a CPF or CNPJ that is known is refused."""
    deed = by.deed(at=now, ip=ip)

    async def add(session: AsyncSession) -> CustomerView:
        return _view(await _register(session, asked.facts(), deed), by=by)

    return CustomerView(**await once.do(database, deed, add))


@router.get("/api/customers/{customer_id}")
async def read_customer(customer_id: int, by: See, session: ReadSession) -> CustomerView:
    """One customer."""
    return _view(await customers.read_customer(session, customer_id), by=by)


@router.put("/api/customers/{customer_id}")
async def change(
    customer_id: int, asked: CustomerInput, by: Act, database: Db, now: Now, ip: Ip
) -> CustomerView:
    """Changes a customer; what is left out is emptied, the code stays."""
    async with database.read() as session:
        customer = await customers.read_customer(session, customer_id)
    await _change(database, customer, asked.facts(), by.deed(at=now, ip=ip))
    async with database.read() as session:
        return _view(await customers.read_customer(session, customer_id), by=by)


async def _register(session: AsyncSession, facts: CustomerFacts, deed: Deed) -> Customer:
    customer = await register_customer(session, facts, at=deed.at)
    record(session, deed, "customer.register", subject=f"customer/{customer.id}")
    return customer


async def _change(database: Database, customer: Customer, facts: CustomerFacts, deed: Deed) -> None:
    async with database.write() as session:
        changed = await change_customer(
            session, customer.id or 0, facts, seen=facts_of(customer), at=deed.at
        )
        subject = f"customer/{customer.id}"
        record(session, deed, "customer.change", subject=subject, fields=changed)


def _seen(customer: Customer) -> str:
    return sha256(repr(facts_of(customer)).encode()).hexdigest()


def _view(customer: Customer, *, by: Principal) -> CustomerView:
    view = CustomerView.model_validate(customer)
    return view.model_copy(update={"document": shown_document(customer.document, by=by)})


def _shown(row: Mapping[str, Any], *, by: Principal) -> dict[str, Any]:
    document = shown_document(row["document"], by=by)
    return {**row, "document": document, "href": f"/clientes/{row['id']}", "label": row["name"]}


async def _form_page(
    request: Request, session: AsyncSession, form: Submitted[CustomerForm], *, by: Principal,
    today: date, customer: Customer | None = None,
) -> Response:  # fmt: skip
    return page(
        request, "pages/customers/form.html", status=form.status, form=form, customer=customer,
        may_see_whole=by.may(WHOLE), ufs=[(uf, uf) for uf in sorted(TIME_ZONES)],
        document=shown_document(customer.document, by=by) if customer else "",
        people=await colleague_options(session, today=today),
    )  # fmt: skip
