"""The tables of what collecting brings: how each is counted, and the list behind each figure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from sqlmodel.ext.asyncio.session import AsyncSession

from api.chart_shapes import plain_number
from api.language import N_, gettext
from api.message_values import PURPOSES
from api.months import last_of, month_name, month_span, months
from api.panels import ROOT
from models import charts, colleagues, recovery
from models.policies import load_policy
from models.recovery import StepCure
from rules import recovery as rules
from rules.collection_stages import CollectionStage
from rules.promises import PromiseStatus
from rules.recovery import BANDS, AgeBand, RecoveryPolicy
from rules.words import CHANNELS

#: Where the lists behind the figures are, each at its own name.
LISTS = f"{ROOT}/resultados/listas"
#: How an address says: in no stage of collections.
OUTSIDE = "fora"
#: The panels that a debt of a stage stands in; the last is none of them.
PANEL_OF_STAGE: Mapping[str | None, str] = {
    CollectionStage.CLASSIFIED: N_("Classificados"),
    CollectionStage.IN_CONTACT: N_("Em contato"),
    CollectionStage.NEGOTIATING: N_("Negociação"),
    CollectionStage.IN_AGREEMENT: N_("Em acordo"),
    CollectionStage.BROKEN: N_("Não cumpridos"),
    None: N_("Fora da cobrança"),
}


@dataclass(frozen=True)
class Cell:
    """A figure, how it is written (text, number, money, percent), and the list behind it."""

    value: Any
    kind: str = "number"
    href: str = ""


@dataclass(frozen=True)
class Table:
    """A table of figures; `note` says how they are counted."""

    key: str
    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """The table as programs take it: amounts and percentages as text."""
        rows = [[plain_number(cell.value) for cell in row] for row in self.rows]
        return {"key": self.key, "title": self.title, "heads": self.heads, "rows": rows}


@dataclass(frozen=True)
class Moment:
    """As of when figures are counted."""

    today: date
    now: datetime


async def _cures(session: AsyncSession, moment: Moment) -> Table:
    since = moment.today - timedelta(days=rules.LOOK_BACK_DAYS)
    found = await recovery.cures(session, since=since)
    return _table(
        "cures", N_("Cura por passo e meio (90 dias)"),
        N_("Faturas a que a mensagem chegou, e quantas foram pagas em até 7 dias dela."),
        (N_("Passo"), N_("Dias"), N_("Meio"), N_("Alcançadas"), N_("Pagas"), N_("Cura")),
        [
            (
                Cell(each.name or gettext(PURPOSES.get(each.purpose, each.purpose)), "text"),
                Cell(each.offset_days), Cell(gettext(CHANNELS[each.channel]), "text"),
                Cell(each.reached, href=_reached(each)),
                Cell(each.cured, href=_reached(each, so="pagas")),
                Cell(rules.rate_of(each.cured, each.reached), "percent"),
            )
            for each in found
        ],
    )  # fmt: skip


def _reached(cure: StepCure, **more: str) -> str:
    return _list("alcancadas", passo=cure.step_id, canal=cure.channel, **more)


async def _promises(session: AsyncSession, moment: Moment) -> Table:
    firsts = months(moment.today)
    found = await recovery.promises_by_month(session, since=firsts[0])
    rows = []
    for first in firsts:
        counts = found.get((first.year, first.month), {})
        kept, broken = (counts.get(s, 0) for s in (PromiseStatus.KEPT, PromiseStatus.BROKEN))
        told = (PromiseStatus.KEPT, PromiseStatus.BROKEN, PromiseStatus.MADE)
        rows.append(
            (
                Cell(month_name(first), "text"),
                *(Cell(counts.get(each, 0), href=_promised(each, first)) for each in told),
                Cell(rules.rate_of(kept, kept + broken), "percent"),
            )
        )
    return _table(
        "promises", N_("Promessas cumpridas (12 meses)"),
        N_("Pelo mês do dia prometido; a taxa é das já encerradas."),
        (N_("Mês"), N_("Cumpridas"), N_("Não cumpridas"), N_("Em vigor"), N_("Taxa")), rows,
    )  # fmt: skip


def _promised(status: str, first: date) -> str:
    asked = {"situacao": status, "de": first, "ate": last_of(first)}
    return f"{ROOT}/promessas?{urlencode(asked)}"


def _of_month(name: str, first: date) -> str:
    return _list(name, desde=first, ate=last_of(first))


def _list(name: str, **asked: Any) -> str:
    """One of the lists of api/recovery_lists.py."""
    told = {key: value for key, value in asked.items() if value not in {None, ""}}
    return f"{LISTS}/{name}?{urlencode(told)}"


async def _cost(session: AsyncSession, moment: Moment) -> Table:
    firsts = months(moment.today)
    policy = await load_policy(session, RecoveryPolicy())
    spans = [month_span(first) for first in firsts]
    reached = await charts.interactions(session, spans)
    paid = await recovery.recovered_by_month(session, since=firsts[0])
    rows = []
    for number, first in enumerate(firsts):
        counts = reached.get(number, {})
        contacts = counts.get("contact", 0)
        cost, recovered = rules.cost_of(counts, policy), paid.get((first.year, first.month))
        got = recovered or Decimal(0)
        rows.append(
            (
                Cell(month_name(first), "text"),
                Cell(sum(counts.values()) - contacts, href=_of_month("enviadas", first)),
                Cell(contacts, href=_of_month("contatos", first)),
                Cell(cost, "money"), Cell(got, "money", _of_month("recuperado", first)),
                Cell(rules.cost_per_hundred(cost, got), "money"),
            )
        )  # fmt: skip
    return _table(
        "cost", N_("Custo por real recuperado (12 meses)"),
        N_("Recuperado: pago de faturas em cobrança. O que custa cada meio está nas políticas."),
        (N_("Mês"), N_("Mensagens"), N_("Contatos"), N_("Custo"), N_("Recuperado"),
         N_("Custo a cada R$ 100")), rows,
    )  # fmt: skip


async def _load(session: AsyncSession, moment: Moment) -> Table:
    names = await colleagues.names_by_login(session)
    found = await recovery.loads(session, now=moment.now)
    return _table(
        "load", N_("Carga por operador"),
        N_("Contas de cobrança em andamento, tarefas abertas e as que já venceram."),
        (N_("Operador"), N_("Contas"), N_("Tarefas"), N_("Vencidas")),
        [
            (
                Cell(names.get(each.login, each.login), "text"),
                Cell(each.accounts, href=_owned(each.login)),
                Cell(each.tasks, href=_tasks(each.login)),
                Cell(each.late_tasks, href=_tasks(each.login, atraso="sim")),
            )
            for each in found
        ],
    )  # fmt: skip


def _owned(login: str) -> str:
    return f"/casos?{urlencode({'processo': 'collections', 'responsavel': login})}"


def _tasks(login: str, **more: str) -> str:
    asked = {"responsavel": login, "adiadas": "sim", **more}
    return f"/tarefas/todas?{urlencode(asked)}"


async def _ageing(session: AsyncSession, moment: Moment) -> Table:
    before = moment.today - timedelta(days=rules.LOOK_BACK_DAYS)
    found = await recovery.ageing(session, today=moment.today, before=before)
    stages = await recovery.ageing_by_stage(session, today=moment.today)
    rows = []
    for number, (band, aged) in enumerate(zip(BANDS, found, strict=True)):
        parts = {stage: stages.get((number, stage), Decimal(0)) for stage in PANEL_OF_STAGE}
        parts[None] = aged.open_amount - sum(v for k, v in parts.items() if k is not None)
        rows.append(
            (
                Cell(told_band(band), "text"),
                *(
                    Cell(amount, "money", _list("em-aberto", faixa=number, etapa=stage or OUTSIDE))
                    for stage, amount in parts.items()
                ),
                Cell(aged.open_amount, "money", _list("em-aberto", faixa=number)),
                Cell(aged.rate, "percent"),
                Cell(aged.forecast, "money"),
            )
        )  # fmt: skip
    heads = list(PANEL_OF_STAGE.values())
    return _table(
        "ageing", N_("Idade da dívida e previsão"),
        N_("Em aberto por dias de atraso; a taxa é o que se pagou, em 90 dias, do que tinha essa"
           " idade, e a previsão é o que se pagará nos próximos 90 se seguir assim."),
        (N_("Atraso"), *heads, N_("Total"), N_("Taxa"), N_("Previsão")), rows,
    )  # fmt: skip


def told_band(band: AgeBand) -> str:
    """The days of a band in words."""
    if band.until_days is None:
        return gettext(N_("mais de %(days)s dias"), days=band.from_days - 1)
    return gettext(N_("%(first)s a %(last)s dias"), first=band.from_days, last=band.until_days)


def _table(
    key: str, title: str, note: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]
) -> Table:
    return Table(key, gettext(title), gettext(note), tuple(map(gettext, heads)), tuple(rows))


TABLES: Mapping[str, Callable[[AsyncSession, Moment], Awaitable[Table]]] = {
    "ageing": _ageing,
    "cures": _cures,
    "promises": _promises,
    "cost": _cost,
    "load": _load,
}
