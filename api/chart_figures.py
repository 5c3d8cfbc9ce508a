"""What each chart shows: its words, its axis, its series, and the list behind each figure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from sqlmodel.ext.asyncio.session import AsyncSession

from api import language
from api.history import OUTSIDERS
from api.language import N_, gettext
from api.panels import ROOT
from models import charts as models
from models.charts import Counts, Span
from models.colleagues import names_by_login
from rules.business_days import ONE_DAY, add_months, at_local_time
from rules.refusals import Refusal

MONTHS = 12
OPERATOR = N_("Operador")


class Unit(StrEnum):
    """What a chart's figures are."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"


class ChartNotFound(Refusal):
    message = "Este gráfico não existe."


@dataclass(frozen=True)
class Series:
    """One kind of bar or line; `key` is what models count it under."""

    key: str
    name: str


@dataclass(frozen=True)
class Figure:
    """One number, and the list that it counts, if there is one; None where there is none."""

    number: int | Decimal | None
    href: str | None = None


@dataclass(frozen=True)
class Row:
    """The figures at one place of the axis, one of each series."""

    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Chart:
    """All that a chart, its table and its CSV are made from."""

    key: str
    title: str
    axis: str
    series: tuple[Series, ...]
    rows: tuple[Row, ...]
    kind: str = "bar"
    is_stacked: bool = False
    is_horizontal: bool = False
    unit: Unit = Unit.COUNT

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(figure.number for row in self.rows for figure in row.figures)

    def as_json(self) -> dict[str, Any]:
        """The chart as the drawing script and programs take it."""
        return {
            "key": self.key,
            "title": self.title,
            "kind": self.kind,
            "stack": self.is_stacked,
            "horizontal": self.is_horizontal,
            "unit": self.unit,
            "labels": [row.label for row in self.rows],
            "series": [
                {
                    "name": series.name,
                    "data": [_plain(row.figures[place].number) for row in self.rows],
                    "links": [row.figures[place].href for row in self.rows],
                }
                for place, series in enumerate(self.series)
            ],
        }


def _plain(number: int | Decimal | None) -> int | str | None:
    """Amounts and percentages travel as text, exactly."""
    return str(number) if isinstance(number, Decimal) else number


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


def months(today: date) -> list[date]:
    """The first days of the last twelve months, this one the last."""
    first = today.replace(day=1)
    return [add_months(first, months=number - MONTHS + 1) for number in range(MONTHS)]


def _spans(today: date) -> list[Span]:
    return [_span(first, add_months(first, months=1)) for first in months(today)]


def _last_days(today: date, days: int) -> Span:
    return _span(today - timedelta(days=days), today + ONE_DAY)


def _span(since: date, until: date) -> Span:
    return Span(at_local_time(since, at=time.min), at_local_time(until, at=time.min))


def month_name(first: date) -> str:
    """A month as axes call it: out/26."""
    name = format_date(first, "MMM/yy", locale=language.current.get())
    return name.replace(".", "")


def _list(slug: str, **query: str | date) -> str:
    return f"{ROOT}/{slug}?{urlencode(query)}"


def _link_to_city(city: str, _series: str, today: date) -> str:
    return _list("em-acordo", cidade=city, feito_de=today - timedelta(days=90))


PANEL_OF_OUTCOME = {"fulfilled": "efetivadas", "broken": "nao-cumpridos", "pending": "em-acordo"}


def _link_to_outcome(month: int, outcome: str, today: date) -> str:
    first = months(today)[month]
    last = add_months(first, months=1) - ONE_DAY
    return _list(PANEL_OF_OUTCOME[outcome], feito_de=first, feito_ate=last)


def _link_to_late(login: str, age: str, today: date) -> str:
    month_ago = today - timedelta(days=30)
    bounds: dict[str, str | date] = (
        {"tolerancia_de": month_ago, "tolerancia_ate": today - ONE_DAY}
        if age == "up_to_30"
        else {"tolerancia_ate": month_ago - ONE_DAY}
    )
    return _list("nao-cumpridos", operador=login, **bounds)


def _link_to_fulfilled(login: str, _series: str, _today: date) -> str:
    return _list("efetivadas", operador=login)


CHARTS: dict[str, Declared] = {
    "interacoes": Declared(
        N_("Interações de cobrança (12 meses)"), N_("Mês"),
        {"email": N_("E-mail"), "sms": N_("SMS"), "app": N_("Aplicativo"),
         "contact": N_("Comentário ou contato")},
        lambda session, today: models.interactions(session, _spans(today)),
        is_monthly=True, is_stacked=True,
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
        is_monthly=True,
    ),
    "operadores": Declared(
        N_("Eventos e interações por operador (90 dias)"), OPERATOR,
        {"events": N_("Eventos"), "interactions": N_("Interações")},
        lambda session, today: models.work_by_operator(session, _last_days(today, 90)),
    ),
}  # fmt: skip
