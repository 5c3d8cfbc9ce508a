"""What each chart of contestations shows, out of the five numbers, ages and answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from sqlmodel.ext.asyncio.session import AsyncSession

from api.chart_shapes import Chart, ChartNotFound, Figure, Row, Series, Unit
from api.language import gettext
from api.months import month_name, months
from models.carrier_scope import Scope
from models.contestation_numbers import NumbersFilter, ages, answers, five_numbers
from models.finding_list import NO_CENTRE
from rules.audit_words import RULES
from rules.business_days import add_months
from rules.contestation_numbers import AnswerTime, By, Part, success_percent
from rules.contestation_words import AGES, ANSWER_TIMES, PARTS
from rules.money import ZERO

#: Places on an axis: those with the most. Months of an axis at most.
MOST, MOST_MONTHS = 20, 36
#: No carrier's file is older.
FIRST_MONTH = date(1990, 1, 1)
FINDINGS, BOARD = "/operadoras/divergencias", "/contestacoes"


@dataclass
class Numbers:
    """What all charts are drawn from, read once each; `opens_findings`: whoever looks may see them.

    A chart by carrier and the page's table tell the same rows.
    """

    session: AsyncSession
    wanted: NumbersFilter
    today: date
    opens_findings: bool = True
    _rows: dict[By, Sequence[Any]] = field(default_factory=dict)

    async def rows(self, by: By = By.RULE) -> Sequence[Any]:
        """The five numbers by carrier, month and this."""
        if by not in self._rows:
            self._rows[by] = await five_numbers(self.session, by=by, wanted=self.wanted)
        return self._rows[by]

    def findings(self, place: Mapping[str, Any], part: Part) -> str | None:
        """The list of findings behind a figure, as narrow as the page."""
        if not self.opens_findings:
            return None
        told = {**self.narrowed, **place, "sentido": "maior", "parte": part.value}
        return f"{FINDINGS}?{urlencode(told)}"

    def contestations(self, **place: Any) -> str:
        """The board narrowed to the contestations behind a figure."""
        return f"{BOARD}?{urlencode({'direcao': 'made', **self.narrowed, **place})}"

    @property
    def narrowed(self) -> dict[str, str]:
        """The page's own filter, as lists know it."""
        told = (
            ("operadora", self.wanted.carrier),
            ("de", _day(self.wanted.since)), ("ate", _day(self.wanted.until)),
        )  # fmt: skip
        return {**{name: value for name, value in told if value}, **whose(self.wanted.scope)}


def whose(scope: Scope) -> dict[str, str]:
    """Whose invoices and contestations are wanted, as lists know it."""
    told = {
        "empresa": scope.company, "cidade": scope.city, "plano": scope.plan_id,
        "equipe": scope.team_id, "responsavel": scope.owner,
    }  # fmt: skip
    return {name: str(value) for name, value in told.items() if value}


async def by_carrier(numbers: Numbers) -> Chart:
    """What became of what each carrier charged too much."""
    rows = await numbers.rows()
    return _parted(
        numbers, "operadoras", gettext("Por operadora"), gettext("Operadora"),
        _summed(rows, lambda row: row["code"]), {row["code"]: row["carrier"] for row in rows},
        lambda code: {"operadora": code},
    )  # fmt: skip


async def by_rule(numbers: Numbers) -> Chart:
    """What became of what each rule found."""
    rows = await numbers.rows()
    return _parted(
        numbers, "regras", gettext("Por regra"), gettext("Regra"),
        _summed(rows, lambda row: row["rule"]),
        {rule: gettext(word) for rule, word in RULES.items()}, lambda rule: {"regra": rule},
        is_horizontal=True,
    )  # fmt: skip


async def by_centre(numbers: Numbers) -> Chart:
    """What became of what was charged too much to each cost centre."""
    rows = await numbers.rows(By.COST_CENTRE)
    return _parted(
        numbers, "centros", gettext("Por centro de custo"), gettext("Centro de custo"),
        _summed(rows, lambda row: row["cost_centre"]), {"": gettext("sem centro de custo")},
        lambda centre: {"centro": centre or NO_CENTRE}, is_horizontal=True,
    )  # fmt: skip


async def by_month(numbers: Numbers) -> Chart:
    """What became of what the invoices of each month charged too much."""
    found = _summed(await numbers.rows(), lambda row: row["month"])
    axis = axis_of(numbers.wanted, today=numbers.today)
    return _parted(
        numbers, "meses", gettext("Por mês da fatura"), gettext("Mês"),
        {month: found.get(month, {}) for month in axis},
        {month: month_name(month) for month in axis}, lambda month: {"mes": _day(month)},
        is_sorted=True,
    )  # fmt: skip


async def success(numbers: Numbers) -> Chart:
    """How much of what came to an end came back, by the invoice's month."""
    found = _summed(await numbers.rows(), lambda row: row["month"])
    rows = []
    for month in axis_of(numbers.wanted, today=numbers.today):
        sums = found.get(month, {})
        percent = success_percent(
            recovered=sums.get(Part.RECOVERED, ZERO), lost=sums.get(Part.LOST, ZERO)
        )
        href = numbers.findings({"mes": _day(month)}, Part.RECOVERED) if percent else None
        rows.append(Row(month_name(month), (Figure(percent, href),)))
    return Chart(
        "exito", gettext("Êxito por mês da fatura"), gettext("Mês"),
        (Series("success", gettext("Êxito")),), tuple(rows), kind="line", unit=Unit.PERCENT,
    )  # fmt: skip


async def ageing(numbers: Numbers) -> Chart:
    """Contestations that are open, by the days since they were filed."""
    found = await ages(numbers.session, today=numbers.today, wanted=numbers.wanted)
    rows = tuple(
        Row(
            gettext(AGES[age]),
            (Figure(number, numbers.contestations(idade=age.value) if number else None),),
        )
        for age, (number, _) in found.items()
    )
    title, axis = gettext("Idade das abertas, desde o envio"), gettext("Idade")
    return Chart("idades", title, axis, (Series("open", gettext("Contestações")),), rows)


async def answer_times(numbers: Numbers) -> Chart:
    """How long each carrier's answers took, and how many are awaited."""
    found: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    for row in await answers(numbers.session, numbers.wanted):
        found.setdefault(row["code"], {})[row["band"]] = row["number"]
        names[row["code"]] = row["carrier"]
    rows = tuple(
        Row(names[code], tuple(_answered(numbers, code, band, counts) for band in AnswerTime))
        for code, counts in sorted(found.items(), key=lambda each: -sum(each[1].values()))[:MOST]
    )
    series = tuple(Series(band.value, gettext(ANSWER_TIMES[band])) for band in AnswerTime)
    return Chart(
        "respostas", gettext("Tempo de resposta por operadora"), gettext("Operadora"), series,
        rows, is_stacked=True, is_horizontal=True,
    )  # fmt: skip


CHARTS: Mapping[str, Callable[[Numbers], Awaitable[Chart]]] = {
    "operadoras": by_carrier, "meses": by_month, "regras": by_rule, "centros": by_centre,
    "exito": success, "idades": ageing, "respostas": answer_times,
}  # fmt: skip


async def draw(numbers: Numbers, key: str) -> Chart:
    """This will draw one chart. Refuses ChartNotFound."""
    if key not in CHARTS:
        raise ChartNotFound
    return await CHARTS[key](numbers)


def axis_of(wanted: NumbersFilter, *, today: date) -> list[date]:
    """The months of an axis: those asked for, else the last twelve up to the one asked for.

    None where what was asked for ends before it begins, or before anybody was billed.
    """
    last = (wanted.until or today).replace(day=1)
    if last < FIRST_MONTH:
        return []
    if wanted.since is None:
        return months(last)
    first = max(wanted.since.replace(day=1), add_months(last, months=1 - MOST_MONTHS))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [add_months(first, months=number) for number in range(max(count, 0))]


def _answered(numbers: Numbers, code: str, band: AnswerTime, counts: Mapping[str, int]) -> Figure:
    number = counts.get(band, 0)
    href = numbers.contestations(operadora=code, resposta=band.value) if number else None
    return Figure(number, href)


def _summed(rows: Sequence[Any], place: Callable[[Any], Any]) -> dict[Any, dict[Part, Decimal]]:
    found: dict[Any, dict[Part, Decimal]] = {}
    for row in rows:
        sums = found.setdefault(place(row), dict.fromkeys(Part, ZERO))
        for part in Part:
            sums[part] += row[part]
    return found


def _parted(
    numbers: Numbers,
    key: str,
    title: str,
    axis: str,
    found: Mapping[Any, Mapping[Part, Decimal]],
    names: Mapping[Any, str],
    place: Callable[[Any], Mapping[str, Any]],
    *,
    is_horizontal: bool = False,
    is_sorted: bool = False,
) -> Chart:
    """The four parts of what was identified, stacked: together they are all of it."""
    by_weight = sorted(found, key=lambda each: (-sum(found[each].values()), str(each)))[:MOST]
    rows = tuple(
        Row(
            names.get(each, str(each)),
            tuple(_figure(numbers, place(each), part, found[each]) for part in Part),
        )
        for each in (found if is_sorted else by_weight)
    )
    series = tuple(Series(part.value, gettext(PARTS[part])) for part in Part)
    return Chart(
        key, title, axis, series, rows, is_stacked=True, is_horizontal=is_horizontal,
        unit=Unit.MONEY,
    )  # fmt: skip


def _figure(
    numbers: Numbers, place: Mapping[str, Any], part: Part, sums: Mapping[Part, Decimal]
) -> Figure:
    amount = sums.get(part, ZERO)
    return Figure(amount, numbers.findings(place, part) if amount else None)


def _day(month: date | None) -> str:
    return month.isoformat() if month else ""
