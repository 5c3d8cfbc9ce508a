"""Accounts with carriers: which company is billed under which number, and by which agreement."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Day, Key, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.listing import Column, Filter, Listing
from api.rendering import page, redirect
from api.table import Kind
from models.carrier_agreements import agreement_choices, agreement_of
from models.carriers import (
    Carrier,
    CarrierAccount,
    account_of,
    carrier_called,
    carrier_choices,
    check_account_free,
    company_called,
    company_choices,
    normalise_account,
    select_accounts,
)
from models.customers import Customer
from models.people import Deed, record

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("carriers:see")]
Act = Annotated[Principal, need("carriers:act")]

ACCOUNTS = Listing(
    columns=(
        Column("number", N_("Conta"), is_sortable=True),
        Column("name", N_("Nome")),
        Column("carrier", N_("Operadora")),
        Column("company", N_("Empresa")),
        Column("agreement", N_("Contrato")),
        Column("closing_day", N_("Fecha no dia"), Kind.NUMBER),
        Column("expected_day", N_("Esperada até o dia"), Kind.NUMBER),
        Column("is_active", N_("Ativa"), Kind.YES_NO),
    ),
    default_sort="number",
    filters=(Filter("busca", N_("Buscar")),),
    empty=N_("Nenhuma conta ainda. Crie a primeira."),
)


class AccountInput(Input):
    """An account as its form says."""

    carrier: str = Field(min_length=1, max_length=40)
    company: str = Field(min_length=1, max_length=40)
    number: str = Field(min_length=1, max_length=25)
    name: str = Field(default="", max_length=120)
    agreement_id: Key | None = None
    closing_day: int | None = Field(default=None, ge=1, le=31)
    expected_day: int = Field(default=1, ge=1, le=31)
    expected_since: Day | None = None
    is_active: bool = True


@router.get("/operadoras/contas")
async def accounts_page(request: Request, by: See, session: ReadSession) -> Response:
    """The list of accounts."""
    view = ACCOUNTS.view(request)
    return await view.answer(
        session,
        select_accounts(search=view.text("busca")),
        "pages/carriers/accounts.html",
        present=lambda row: {**row, "href": f"/operadoras/contas/{row['id']}"},
        may_act=by.may("carriers:act") and by.is_of_house,
    )


@router.get("/operadoras/contas/nova", dependencies=[need("carriers:act")])
async def new_account_page(request: Request, session: ReadSession) -> Response:
    """The form of a new account; `?numero=` says which."""
    number = request.query_params.get("numero", "")[:25]
    form = blank(AccountInput, number=number, expected_day=1, is_active=True)
    return await _form_page(request, session, form)


@router.post("/operadoras/contas/nova")
async def create_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Make an account."""
    form = await submitted(request, AccountInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                await make_account(session, form.value, deed=by.deed(at=now, ip=ip))
            return redirect(request, "/operadoras/contas", N_("Conta salva."))
    async with database.read() as session:
        return await _form_page(request, session, form)


@router.get("/operadoras/contas/{account_id:int}")
async def account_page(
    request: Request, by: See, session: ReadSession, account_id: int
) -> Response:
    """The form of an account; only to be read without the permission to act."""
    account = await account_of(session, account_id)
    told = account.model_dump(include=set(AccountInput.model_fields))
    told["carrier"] = (await session.get_one(Carrier, account.carrier_id)).code
    told["company"] = (await session.get_one(Customer, account.customer_id)).code
    form = blank(AccountInput, **told)
    may_act = by.may("carriers:act") and by.is_of_house
    return await _form_page(request, session, form, account=account, may_act=may_act)


@router.post("/operadoras/contas/{account_id:int}")
async def change_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, account_id: int
) -> Response:
    """Change an account."""
    form = await submitted(request, AccountInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await change_account(session, account_id, form.value, deed=deed)
            return redirect(request, "/operadoras/contas", N_("Conta salva."))
    async with database.read() as session:
        account = await account_of(session, account_id)
        return await _form_page(request, session, form, account=account)


async def make_account(session: AsyncSession, asked: AccountInput, *, deed: Deed) -> int:
    """This will make an account; page and API share it.

    Refuses CarrierChosenUnknown, CompanyChosenUnknown, CarrierAgreementNotFound and
    CarrierAccountTaken.
    """
    new = CarrierAccount(carrier_id=0, customer_id=0, number="")
    return await _save(session, new, asked, deed)


async def change_account(
    session: AsyncSession, account_id: int, asked: AccountInput, *, deed: Deed
) -> int:
    """This will change an account; refuses what a new one does, and CarrierAccountNotFound."""
    return await _save(session, await account_of(session, account_id), asked, deed)


async def _save(
    session: AsyncSession, account: CarrierAccount, asked: AccountInput, deed: Deed
) -> int:
    before = account.model_dump(mode="json") if account.id else None
    values: dict[str, Any] = asked.model_dump(exclude={"carrier", "company"})
    with session.no_autoflush:
        values["carrier_id"] = await carrier_called(session, asked.carrier)
        values["customer_id"] = await company_called(session, asked.company)
        if asked.agreement_id is not None:
            await agreement_of(session, asked.agreement_id)
        values["number"] = normalise_account(asked.number)
        if asked.expected_since is not None:
            values["expected_since"] = asked.expected_since.replace(day=1)
        account.sqlmodel_update(values)
        await check_account_free(session, account)
    session.add(account)
    await session.flush()
    subject = f"carrier_account/{account.id}"
    record(session, deed, "carrier_account.save", subject=subject, before=before,
           after=account.model_dump(mode="json"))  # fmt: skip
    return account.key


async def _form_page(
    request: Request,
    session: ReadSession,
    form: Submitted[AccountInput],
    *,
    account: CarrierAccount | None = None,
    may_act: bool = True,
) -> Response:
    return page(
        request,
        "pages/carriers/account.html",
        status=form.status,
        form=form,
        account=account,
        carriers=await carrier_choices(session),
        companies=await company_choices(session),
        agreements=await agreement_choices(session),
        may_act=may_act,
    )
