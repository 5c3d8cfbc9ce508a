"""The five numbers of contestations by rule or cost centre, and how old what is open is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from api import table_csv
from api.carrier_filters import scope_choices, scope_of
from api.contestation_chart_figures import CHARTS, Numbers, draw, whose
from api.dependencies import Principal, ReadSession, Today, need
from api.language import gettext
from api.rendering import page
from models.carrier_scope import Scope
from models.carriers import carrier_choices
from models.contestation_numbers import NumbersFilter, ages, five_numbers
from models.finding_list import NO_CENTRE
from models.policies import load_policy
from rules.audit_words import RULES
from rules.contestation import ContestationPolicy, last_day_to_contest
from rules.contestation_numbers import Age, By, Detail, Part, success_percent
from rules.contestation_words import AGES, PARTS
from rules.money import ZERO

router = APIRouter(tags=["contestations"])

See = Annotated[Principal, need("contestations:see")]
#: The first is the sum of the others.
NAMES = ("identified", *(str(part) for part in Part))
#: Beside them, what came of what was contested.
SHOWN = (*NAMES, *(str(detail) for detail in Detail))
FINDINGS = "/operadoras/divergencias"
#: What narrows the page, its charts and the lists behind them, by name.
FILTERS = ("operadora", "empresa", "de", "ate", "cidade", "plano", "equipe", "responsavel")
FILE = "numeros-das-contestacoes"
BY_CHOICE = {"regra": By.RULE, "centro": By.COST_CENTRE}


@router.get("/contestacoes/numeros", include_in_schema=False)
async def numbers_page(request: Request, by: See, session: ReadSession, today: Today) -> Response:
    """The five numbers, by carrier, month and rule or cost centre; they always add up.

    Every figure opens the findings behind it, for who may see those.
    """
    asked = request.query_params
    told_by = BY_CHOICE.get(asked.get("por", ""), By.RULE)
    wanted = filter_of(request)
    rows = await _rows(session, told_by, wanted)
    if asked.get("formato") == "csv":
        return table_csv.lines([_heads(told_by), *map(partial(_line, by=told_by), rows)], name=FILE)
    numbers = Numbers(session, wanted, today, by.may("findings:see"))
    told = {name: asked[name] for name in FILTERS if asked.get(name)}
    totals = {name: sum((row[name] for row in rows), ZERO) for name in SHOWN}
    return page(
        request, "pages/contestation/numbers.html", 
        rows=[_linked(row, told_by, wanted) for row in rows],
        totals={**totals, "success": _success(totals), "links": _total_links(numbers)},
        names=SHOWN, told_by=told_by.value,
        may_see_findings=by.may("findings:see"), carriers=await carrier_choices(session),
        offered=await scope_choices(session), wanted=wanted,
        words=_words(), charts=[await draw(numbers, key) for key in CHARTS],
        csv=str(request.url.include_query_params(formato="csv")),
        chart_query=f"?{urlencode(told)}" if told else "",
        ages=_aged(await ages(session, today=today, wanted=wanted), numbers),
    )  # fmt: skip


def filter_of(request: Request) -> NumbersFilter:
    """What the page's address narrows the numbers to."""
    asked = request.query_params
    return NumbersFilter(
        asked.get("operadora") or None, month_of(asked.get("de")), month_of(asked.get("ate")),
        scope_of(asked),
    )  # fmt: skip


def numbers_asked(
    carrier: str | None = None,
    since: Annotated[date | None, Query(description="the first month, by its first day")] = None,
    until: Annotated[date | None, Query(description="the last month, by its first day")] = None,
    company: Annotated[str | None, Query(description="a customer, by its code")] = None,
    city: Annotated[str | None, Query(description="the customers' city, or a part of it")] = None,
    plan: Annotated[int | None, Query(description="customers with a contract of it")] = None,
    team: Annotated[int | None, Query(description="which has the contestation")] = None,
    operator: Annotated[str | None, Query(description="who has it, by the log-in")] = None,
) -> NumbersFilter:
    """What a program narrows the numbers to."""
    return NumbersFilter(carrier, since, until, Scope(company, city, plan, team, operator))


Asked = Annotated[NumbersFilter, Depends(numbers_asked)]


@router.get("/api/contestations/numbers", dependencies=[need("contestations:see")])
async def read_numbers(
    session: ReadSession, wanted: Asked, by: By = By.RULE
) -> list[dict[str, Any]]:
    """Identified = contested + recovered + lost + untouched, by carrier, month and rule or centre.

    Recovered = credited + avoided; `accepted` is what the carrier granted, come or to come.
    `success` is the percentage of what came to an end that came back, null while nothing did;
    `contest_until` the last day for the oldest of what nobody acted on.
    """
    return [
        {name: _told(value) for name, value in row.items()}
        for row in await _rows(session, by, wanted)
    ]


@router.get("/api/contestations/ages", dependencies=[need("contestations:see")])
async def read_ages(session: ReadSession, today: Today, wanted: Asked) -> list[dict[str, Any]]:
    """Contestations of carriers' invoices that are open, by the days since they were filed."""
    found = await ages(session, today=today, wanted=wanted)
    return [
        {"days": age, "contestations": number, "claimed": str(claimed)}
        for age, (number, claimed) in found.items()
    ]


async def _rows(session: ReadSession, by: By, wanted: NumbersFilter) -> list[dict[str, Any]]:
    policy = await load_policy(session, ContestationPolicy())
    return [
        {
            **row, "success": _success(row),
            "contest_until": _until(row["oldest"], years=policy.window_years),
        }
        for row in await five_numbers(session, by=by, wanted=wanted)
    ]  # fmt: skip


def _success(row: Mapping[str, Any]) -> Decimal | None:
    return success_percent(recovered=row[Part.RECOVERED], lost=row[Part.LOST])


def _until(oldest: date | None, *, years: int) -> date | None:
    return last_day_to_contest(oldest, years=years) if oldest else None


def _linked(row: Mapping[str, Any], by: By, wanted: NumbersFilter) -> dict[str, Any]:
    """A row with what each of its figures opens."""
    place = {"operadora": row["code"], "mes": row["month"].isoformat(), "sentido": "maior"}
    place |= whose(wanted.scope)
    if by is By.RULE:
        place["regra"], told = row["rule"], gettext(RULES[row["rule"]])
    else:
        place["centro"] = row["cost_centre"] or NO_CENTRE
        told = row["cost_centre"] or gettext("sem centro de custo")
    return {**row, "told": told, "links": {name: _link(place, name) for name in SHOWN}}


def _total_links(numbers: Numbers) -> dict[str, str]:
    """What the sums open: the findings of all that the page is narrowed to."""
    place = {**numbers.narrowed, "sentido": "maior"}
    return {name: _link(place, name) for name in SHOWN}


def _link(place: Mapping[str, str], name: str) -> str:
    part = {} if name == "identified" else {"parte": name}
    return f"{FINDINGS}?{urlencode({**place, **part})}"


def month_of(told: str | None) -> date | None:
    """The first day of a month written as 2026-11; None for anything else."""
    try:
        return date.fromisoformat(f"{told}-01") if told else None
    except ValueError:
        return None


def _words() -> dict[str, str]:
    """What each number is called."""
    return {"identified": gettext("Identificado"), **{k: gettext(v) for k, v in PARTS.items()}}


def _heads(by: By) -> list[str]:
    told = gettext("Regra") if by is By.RULE else gettext("Centro de custo")
    names = [_words()[name] for name in SHOWN]
    last = (gettext("Êxito"), gettext("Contestável até"))
    return [gettext("Operadora"), gettext("Mês"), told, *names, *last]


def _line(row: Mapping[str, Any], *, by: By) -> list[Any]:
    told = gettext(RULES[row["rule"]]) if by is By.RULE else row["cost_centre"]
    amounts = [row[name] for name in SHOWN]
    month = f"{row['month']:%m/%Y}"
    return [row["carrier"], month, told, *amounts, row["success"], row["contest_until"]]


def _aged(found: Mapping[Age, tuple[int, Decimal]], numbers: Numbers) -> list[dict[str, Any]]:
    return [
        {
            "label": gettext(AGES[age]), "number": number, "claimed": claimed,
            "href": numbers.contestations(idade=age.value),
        }
        for age, (number, claimed) in found.items()
    ]  # fmt: skip


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
