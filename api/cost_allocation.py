"""Cost allocation: a company's month by cost centre, its files, and each account's rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.cost_allocation import (
    HEADINGS,
    MonthShares,
    ledger_rows,
    rows_of_month,
    save_rule,
    share_month,
    sheet_of,
)
from api import table_csv
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.files import saved_as
from api.forms import Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext, parse_number
from api.rendering import page, redirect
from models.carriers import CompanyChosenUnknown, account_of, companies_billed
from models.client_services import service_of
from models.colleagues import names_by_login
from models.cost_allocation import allocations_of, centres_of
from models.customers import Customer
from models.database import Database
from models.people import Deed, record
from rules.cost_allocation import AllocationRule, SharedBy
from rules.money import ZERO
from rules.refusals import Refusal
from rules.service_models import Area, includes

router = APIRouter(tags=["carriers"])

See = Annotated[Principal, need("carriers:see")]
Act = Annotated[Principal, need("carriers:act")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEDGER_HEADINGS = ("data", "centro", "valor", "documento", "historico")
SHARED_BY = {
    SharedBy.EQUAL: N_("Em partes iguais"),
    SharedBy.USAGE: N_("Pelo uso das linhas"),
    SharedBy.HEADCOUNT: N_("Pelo número de pessoas"),
    SharedBy.FIXED: N_("Por percentuais fixos"),
}


class MonthNotRead(Refusal):
    message = "Escreva o mês como 2026-11."
    field = "mes"


class RuleInput(Input):
    """How an account's shared charges are shared, and from which day on."""

    since: Day
    shared_by: SharedBy
    percents: dict[str, Decimal] = Field(default_factory=dict, max_length=1000)


@router.get("/operadoras/rateio", include_in_schema=False, dependencies=[need("carriers:see")])
async def allocation_page(
    request: Request, session: ReadSession, now: Now, today: Today
) -> Response:
    """A company's month by cost centre; `formato` csv, xlsx or razao gives a file."""
    companies = await companies_billed(session)
    asked = request.query_params
    code = asked.get("empresa") or (companies[0].code if companies else "")
    month = month_of(asked.get("mes") or f"{today:%Y-%m}")
    company = next((each for each in companies if each.code == code), None)
    service = await service_of(session, company.id if company else None)
    is_included = includes(service.model, Area.ALLOCATION)
    shares = MonthShares((), {})
    if company is not None and is_included:
        shares = await share_month(session, company, month)
    name = f"rateio-{code or 'empresa'}-{month:%Y-%m}"
    match asked.get("formato"):
        case "csv":
            return table_csv.lines([HEADINGS, *rows_of_month(shares)], name=name)
        case "razao":
            return table_csv.lines([LEDGER_HEADINGS, *ledger_rows(shares)], name=f"razao-{name}")
        case "xlsx":
            content = sheet_of(shares, name=name, made_at=now)
            return Response(content, media_type=XLSX, headers=saved_as(f"{name}.xlsx"))
    return page(
        request, "pages/carriers/allocation.html", companies=companies, code=code, month=month,
        shares=shares, is_included=is_included, by_centre=shares.by_centre, shared_by=_words(),
        total=sum((each.amount for each in shares.invoices), ZERO),
        remarks={
            each.invoice.id: shares.remarks_on(each, told=gettext) for each in shares.invoices
        },
    )  # fmt: skip


@router.get("/api/cost-allocation", dependencies=[need("carriers:see")])
async def read_allocation(session: ReadSession, company: str, month: str) -> dict[str, Any]:
    """A company's month (2026-11) by cost centre; the shares come to each invoice to the cent.

    `left_out`: fixed percentages of centres out of use, which the others bear in proportion.
    """
    found = await company_billed(session, company)
    shares = await share_month(session, found, month_of(month))
    return {
        "invoices": [
            {
                "invoice_id": each.invoice.id, "amount": str(each.amount),
                "shared_by": each.shared_by,
                "shares": [_share(share) for share in each.shares],
                "left_out": [
                    {
                        "cost_centre": code, "percent": str(percent),
                        "reason": shares.why_left_out(code),
                    }
                    for code, percent in each.left_out.items()
                ],
            }
            for each in shares.invoices
        ],
        "centres": [_share(share) for share in shares.by_centre],
    }  # fmt: skip


@router.get("/operadoras/contas/{account_id:int}/rateio", include_in_schema=False)
async def rule_page(
    request: Request, by: See, session: ReadSession, today: Today, account_id: int
) -> Response:
    """How an account's shared charges are shared, now and before."""
    known = await allocations_of(session, account_id)
    form = blank(RuleInput, since=today, shared_by=known[0].shared_by if known else SharedBy.EQUAL)
    if known:
        form.raw |= {f"percent-{code}": told for code, told in known[0].percents.items()}
    return await _rule_page(request, session, account_id, form, by)


@router.post("/operadoras/contas/{account_id:int}/rateio", include_in_schema=False)
async def save_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, account_id: int
) -> Response:
    """Shares them so from a day on."""
    form = await submitted(request, RuleInput)
    await _read_percents(request, form)
    if form.value and not form.errors:
        with form.refusals():
            await _save(database, account_id, form.value, by.deed(at=now, ip=ip))
            return redirect(request, request.url.path, N_("Regra de rateio salva."))
    async with database.read() as session:
        return await _rule_page(request, session, account_id, form, by)


@router.put("/api/carrier-accounts/{account_id}/allocation", status_code=204)
async def put_rule(
    account_id: int, body: RuleInput, by: Act, database: Db, now: Now, ip: Ip
) -> None:
    """Has an account's shared charges shared so from a day on."""
    await _save(database, account_id, body, by.deed(at=now, ip=ip))


async def _save(database: Database, account_id: int, asked: RuleInput, deed: Deed) -> None:
    async with database.write() as session:
        account = await account_of(session, account_id)
        rule = AllocationRule(asked.shared_by, asked.percents)
        kept = await save_rule(
            session, account.key, rule, since=asked.since, by=deed.by, at=deed.at
        )
        record(
            session, deed, "account_allocation.save", subject=f"carrier_account/{account_id}",
            since=asked.since.isoformat(), shared_by=kept.shared_by, percents=kept.percents,
        )  # fmt: skip


async def _read_percents(request: Request, form: Submitted[RuleInput]) -> None:
    """Each centre's own field: percent-VENDAS."""
    percents = {}
    for name, typed in (await request.form()).items():
        if not name.startswith("percent-") or not str(typed).strip():
            continue
        form.raw[name] = str(typed)
        try:
            percents[name.removeprefix("percent-")] = parse_number(str(typed))
        except ValueError:
            form.errors["percents"], form.status = gettext("Escreva um número, como 12,5."), 422
    if form.value:
        form.value.percents = percents


async def _rule_page(
    request: Request, session: AsyncSession, account_id: int, form: Submitted[RuleInput],
    by: Principal,
) -> Response:  # fmt: skip
    account = await account_of(session, account_id)
    company = await session.get_one(Customer, account.customer_id)
    return page(
        request, "pages/carriers/allocation_rule.html", status=form.status, form=form,
        account=account, company=company, centres=await centres_of(session, company.code),
        known=await allocations_of(session, account_id), shared_by=_words(),
        people=await names_by_login(session),
        may_act=by.may("carriers:act"),
    )  # fmt: skip


async def company_billed(session: AsyncSession, code: str) -> Customer:
    """The company of a code that a carrier bills. Refuses any other (CompanyChosenUnknown)."""
    found = next((each for each in await companies_billed(session) if each.code == code), None)
    if found is None:
        raise CompanyChosenUnknown(code=code)
    return found


def month_of(told: str) -> date:
    try:
        return date.fromisoformat(f"{told}-01")
    except ValueError as wrong:
        raise MonthNotRead from wrong


def _words() -> dict[str, str]:
    return {str(key): gettext(text) for key, text in SHARED_BY.items()}


def _share(share: Any) -> dict[str, str]:
    return {
        "cost_centre": share.cost_centre, "own": str(share.own), "shared": str(share.shared),
        "total": str(share.total),
    }  # fmt: skip
