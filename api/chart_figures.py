"""What each chart shows: its words, its axis, its series, and the list behind each figure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlmodel.ext.asyncio.session import AsyncSession

from api.chart_shapes import Chart, Figure, Row, Series
from api.history_lines import OUTSIDERS
from api.language import N_, gettext
from api.months import MONTHS, last_of, month_name, month_span, months, span
from api.panels import CHARTS_PATH
from models import charts as models
from models.charts import Counts, Span
from models.colleagues import names_by_login
from rules.business_days import ONE_DAY

#: The list of agreements (api/agreement_list.py).
AGREEMENTS = "/cobrancas/acordos"
#: The lists behind the other figures (api/chart_lists.py).
LISTS = f"{CHARTS_PATH}/listas"
OPERATOR = N_("Operador")


@dataclass(frozen=True)
class Declared:
    """A chart before it is counted. `count` asks models; `link` gives a figure's list."""

    title: str
    axis: str
    series: Mapping[str, str]
    count: Callable[[AsyncSession, date], Awaitable[Counts]]
    is_monthly: bool = False
    kind: str = "bar"
    is_stacked: bool = False
    is_horizontal: bool = False
    link: Callable[[Any, str, date], str | None] = field(default=lambda _place, _series, _day: None)


async def draw(session: AsyncSession, key: str, *, today: date) -> Chart:
    """This will count a chart as of today."""
    declared = CHARTS[key]
    counts = await declared.count(session, today)
    places = range(MONTHS) if declared.is_monthly else _by_weight(counts)
    names = await _names(session) if declared.axis == OPERATOR else {}
    return Chart(
        key=key,
        title=gettext(declared.title),
        axis=gettext(declared.axis),
        series=tuple(Series(name, gettext(text)) for name, text in declared.series.items()),
        rows=tuple(_row(declared, counts, place, today, names) for place in places),
        kind=declared.kind,
        is_stacked=declared.is_stacked,
        is_horizontal=declared.is_horizontal,
    )


async def _names(session: AsyncSession) -> dict[str, str]:
    """What the people behind agreements and events are called, customers included."""
    outsiders = {login: gettext(name) for login, name in OUTSIDERS.items()}
    return {**outsiders, **await names_by_login(session)}


def _row(
    declared: Declared, counts: Counts, place: Any, today: date, names: Mapping[str, str]
) -> Row:
    label = names.get(place, place) or "—"
    if declared.is_monthly:
        label = month_name(months(today)[place])
    found = counts.get(place, {})
    return Row(
        label,
        tuple(
            Figure(found.get(key, 0), declared.link(place, key, today) if found.get(key) else None)
            for key in declared.series
        ),
    )


def _by_weight(counts: Counts) -> Sequence[Any]:
    """What has most first."""
    return sorted(counts, key=lambda place: (-sum(counts[place].values()), str(place)))


def _spans(today: date) -> list[Span]:
    return [month_span(first) for first in months(today)]


def _last_days(today: date, days: int) -> Span:
    return span(today - timedelta(days=days), today + ONE_DAY)


def _list(**query: str | date) -> str:
    return f"{AGREEMENTS}?{urlencode(query)}"


def _rows(name: str, **query: str | date) -> str:
    return f"{LISTS}/{name}?{urlencode(query)}"


def _month(number: int, today: date) -> dict[str, date]:
    first = months(today)[number]
    return {"desde": first, "ate": last_of(first)}


def _link_to_interactions(month: int, channel: str, today: date) -> str:
    return _rows("interacoes", canal=channel, so="cobranca", **_month(month, today))


def _link_to_movements(month: int, kind: str, today: date) -> str:
    return _rows("spc", registro=kind, **_month(month, today))


def _link_to_work(login: str, series: str, today: date) -> str:
    days = {"desde": today - timedelta(days=90), "ate": today}
    if series == "events":
        return _rows("eventos", operador=login, **days)
    return _rows("interacoes", operador=login, so="cobranca", **days)


def _link_to_city(city: str, _series: str, today: date) -> str | None:
    """No filter is for those of no city."""
    return _list(cidade=city, feito_de=today - timedelta(days=90)) if city else None


def _link_to_outcome(month: int, outcome: str, today: date) -> str:
    first = months(today)[month]
    return _list(situacao=outcome, feito_de=first, feito_ate=last_of(first))


def _link_to_late(login: str, age: str, today: date) -> str:
    month_ago = today - timedelta(days=30)
    bounds: dict[str, str | date] = (
        {"tolerancia_de": month_ago, "tolerancia_ate": today - ONE_DAY}
        if age == "up_to_30"
        else {"tolerancia_ate": month_ago - ONE_DAY}
    )
    return _list(situacao="live", operador=login, **bounds)


def _link_to_fulfilled(login: str, _series: str, today: date) -> str:
    since = today - timedelta(days=180)
    return _list(situacao="fulfilled", operador=login, terminou_de=since)


CHARTS: dict[str, Declared] = {
    "interacoes": Declared(
        N_("Interações de cobrança (12 meses)"), N_("Mês"),
        {"email": N_("E-mail"), "sms": N_("SMS"), "app": N_("Aplicativo"),
         "contact": N_("Comentário ou contato")},
        lambda session, today: models.interactions(session, _spans(today)),
        is_monthly=True, is_stacked=True, link=_link_to_interactions,
    ),
    "cidades": Declared(
        N_("Acordos por cidade (20 mais, 90 dias)"), N_("Cidade"),
        {"agreements": N_("Acordos")},
        lambda session, today: models.agreements_by_city(session, _last_days(today, 90)),
        is_horizontal=True, link=_link_to_city,
    ),
    "resultado": Declared(
        N_("Resultado dos acordos (12 meses)"), N_("Mês do acordo"),
        {"fulfilled": N_("Efetivados"), "broken": N_("Não cumpridos"), "pending": N_("Pendentes")},
        lambda session, today: models.outcomes(session, _spans(today)),
        is_monthly=True, kind="line", link=_link_to_outcome,
    ),
    "tolerancia": Declared(
        N_("Tolerância em atraso por operador"), OPERATOR,
        {"up_to_30": N_("Até 30 dias"), "over_30": N_("Mais de 30 dias")},
        lambda session, today: models.late_by_operator(session, today=today),
        is_stacked=True, link=_link_to_late,
    ),
    "efetivados": Declared(
        N_("Efetivados por operador (180 dias)"), OPERATOR,
        {"fulfilled": N_("Efetivados")},
        lambda session, today: models.fulfilled_by_operator(session, _last_days(today, 180)),
        link=_link_to_fulfilled,
    ),
    "spc": Declared(
        N_("Registros de SPC (12 meses)"), N_("Mês"),
        {"registered": N_("Incluídos"), "removed": N_("Removidos")},
        lambda session, today: models.bureau_records(session, _spans(today)),
        is_monthly=True, link=_link_to_movements,
    ),
    "operadores": Declared(
        N_("Eventos e interações por operador (90 dias)"), OPERATOR,
        {"events": N_("Eventos"), "interactions": N_("Interações")},
        lambda session, today: models.work_by_operator(session, _last_days(today, 90)),
        link=_link_to_work,
    ),
}  # fmt: skip
