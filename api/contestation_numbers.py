"""The five numbers of contestations by rule or cost centre, and how old what is open is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.dependencies import Principal, ReadSession, Today, need
from api.language import gettext
from api.rendering import page
from models.carriers import carrier_choices
from models.contestation_numbers import ages, five_numbers
from models.policies import load_policy
from rules.audit_words import RULES
from rules.contestation import ContestationPolicy, last_day_to_contest
from rules.contestation_numbers import Age, By, Part, success_percent
from rules.contestation_words import AGES
from rules.money import ZERO

router = APIRouter(tags=["contestations"])

See = Annotated[Principal, need("contestations:see")]
#: The first is the sum of the others.
NAMES = ("identified", *(str(part) for part in Part))
FINDINGS = "/operadoras/divergencias"
BY_CHOICE = {"regra": By.RULE, "centro": By.COST_CENTRE}


@router.get("/contestacoes/numeros", include_in_schema=False)
async def numbers_page(request: Request, by: See, session: ReadSession, today: Today) -> Response:
    """The five numbers, by carrier, month and rule or cost centre; they always add up.

    Every figure opens the findings behind it, for who may see those.
    """
    asked = request.query_params
    told_by = BY_CHOICE.get(asked.get("por", ""), By.RULE)
    carrier = asked.get("operadora") or None
    rows = await _rows(session, told_by, carrier)
    totals = {name: sum((row[name] for row in rows), ZERO) for name in NAMES}
    return page(
        request, "pages/contestation/numbers.html", rows=[_linked(row, told_by) for row in rows],
        totals={**totals, "success": _success(totals)}, names=NAMES, told_by=told_by.value,
        may_see_findings=by.may("findings:see"), carriers=await carrier_choices(session),
        carrier=carrier, ages=_aged(await ages(session, today=today)),
    )  # fmt: skip


@router.get("/api/contestations/numbers", dependencies=[need("contestations:see")])
async def read_numbers(
    session: ReadSession, carrier: str | None = None, by: By = By.RULE
) -> list[dict[str, Any]]:
    """Identified = contested + recovered + lost + untouched, by carrier, month and rule or centre.

    `success` is the percentage of what came to an end that came back, null while nothing did;
    `contest_until` the last day for the oldest of what nobody acted on.
    """
    return [
        {name: _told(value) for name, value in row.items()}
        for row in await _rows(session, by, carrier)
    ]


@router.get("/api/contestations/ages", dependencies=[need("contestations:see")])
async def read_ages(session: ReadSession, today: Today) -> list[dict[str, Any]]:
    """Contestations of carriers' invoices that are open, by the days since they were filed."""
    found = await ages(session, today=today)
    return [
        {"days": age, "contestations": number, "claimed": str(claimed)}
        for age, (number, claimed) in found.items()
    ]


async def _rows(session: ReadSession, by: By, carrier: str | None) -> list[dict[str, Any]]:
    policy = await load_policy(session, ContestationPolicy())
    return [
        {
            **row, "success": _success(row),
            "contest_until": _until(row["oldest"], years=policy.window_years),
        }
        for row in await five_numbers(session, by=by, carrier=carrier)
    ]  # fmt: skip


def _success(row: Mapping[str, Any]) -> Decimal | None:
    return success_percent(recovered=row[Part.RECOVERED], lost=row[Part.LOST])


def _until(oldest: date | None, *, years: int) -> date | None:
    return last_day_to_contest(oldest, years=years) if oldest else None


def _linked(row: Mapping[str, Any], by: By) -> dict[str, Any]:
    """A row with what each of its figures opens."""
    place = {"operadora": row["code"], "mes": f"{row['month']:%d/%m/%Y}", "sentido": "maior"}
    if by is By.RULE:
        place["regra"], told = row["rule"], gettext(RULES[row["rule"]])
    else:
        place["centro"] = row["cost_centre"]
        told = row["cost_centre"] or gettext("sem centro de custo")
    # The list of findings cannot be asked for lines that nobody bears.
    is_listed = by is By.RULE or bool(row["cost_centre"])
    links = {name: _link(place, name) for name in NAMES} if is_listed else {}
    return {**row, "told": told, "links": links}


def _link(place: Mapping[str, str], name: str) -> str:
    part = {} if name == "identified" else {"parte": name}
    return f"{FINDINGS}?{urlencode({**place, **part})}"


def _aged(found: Mapping[Age, tuple[int, Decimal]]) -> Sequence[dict[str, Any]]:
    return [
        {
            "label": gettext(AGES[age]), "number": number, "claimed": claimed,
            "href": f"/contestacoes?direcao=made&{urlencode({'idade': age})}",
        }
        for age, (number, claimed) in found.items()
    ]  # fmt: skip


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
