"""The filters of carriers' lists, with what there is to choose from; each is declared once here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession

from api.filters import read_day, read_number
from api.language import N_, gettext
from api.listing import Filter, Listing
from api.table import FilterKind
from models.carrier_choices import (
    billed_months,
    centres_held,
    every_carrier,
    managed_companies,
    offered_invoices,
)
from models.carrier_scope import Scope
from models.case_choices import choices
from models.colleagues import house_teams, workers
from models.finding_list import NO_CENTRE
from models.sight import seen_company

Options = tuple[tuple[str, str], ...]
Told = TypeVar("Told")

CARRIER = Filter("operadora", N_("Operadora"), FilterKind.CHOICE, blank=N_("Todas"))
COMPANY = Filter("empresa", N_("Empresa"), FilterKind.CHOICE, blank=N_("Todas"))
CENTRE = Filter("centro", N_("Centro de custo"), FilterKind.CHOICE)
MONTH = Filter("mes", N_("Mês da fatura"), FilterKind.CHOICE)
SINCE = Filter("de", N_("Faturas desde"), FilterKind.CHOICE, blank=N_("Sempre"), is_rare=True)
UNTIL = Filter("ate", N_("Faturas até"), FilterKind.CHOICE, blank=N_("Hoje"), is_rare=True)
INVOICE = Filter("fatura", N_("Fatura"), FilterKind.CHOICE, blank=N_("Todas"), is_rare=True)
CITY = Filter("cidade", N_("Cidade"), is_rare=True)
PLAN = Filter("plano", N_("Plano"), FilterKind.CHOICE, is_rare=True)
TEAM = Filter("equipe", N_("Equipe"), FilterKind.CHOICE, blank=N_("Todas"), is_rare=True)
OWNER = Filter("responsavel", N_("Responsável"), FilterKind.CHOICE, is_rare=True)
_MONTHS = (MONTH.key, SINCE.key, UNTIL.key)
#: What tells companies apart: a client's people see their own alone, and no plans of others.
_OF_COMPANIES = frozenset({COMPANY.key, CITY.key, PLAN.key})


async def with_choices(listing: Listing, session: AsyncSession, request: Request) -> Listing:
    """The list with the carriers, months, cost centres and invoices of today in its filters.

    A month or an invoice that the address asks for is among them, however old it is.
    """
    asked = request.query_params
    keys = {each.key for each in listing.filters}
    options = {key: await read(session, asked) for key, read in _READERS.items() if key in keys}
    if keys & {*_MONTHS}:
        known = {*await billed_months(session), *_months_asked(asked)}
        options |= dict.fromkeys(_MONTHS, _written(known))
    filters = tuple(
        replace(each, options=options.get(each.key, each.options))
        for each in listing.filters
        if each.key not in _OF_COMPANIES or seen_company() is None
    )
    return replace(listing, filters=filters)


async def _carriers(session: AsyncSession, _asked: Mapping[str, str]) -> Options:
    return tuple(await every_carrier(session))


async def _companies(session: AsyncSession, _asked: Mapping[str, str]) -> Options:
    return tuple(await managed_companies(session))


async def _centres(session: AsyncSession, _asked: Mapping[str, str]) -> Options:
    return ((NO_CENTRE, gettext("sem centro de custo")), *await centres_held(session))


async def _plans(session: AsyncSession, _asked: Mapping[str, str]) -> Options:
    return tuple((str(key), name) for key, name in (await choices(session)).plans)


async def _teams(session: AsyncSession, _asked: Mapping[str, str]) -> Options:
    return tuple((str(key), name) for key, name in await house_teams(session))


async def _owners(session: AsyncSession, _asked: Mapping[str, str]) -> Options:
    return tuple(await workers(session))


async def _invoices(session: AsyncSession, asked: Mapping[str, str]) -> Options:
    found = await offered_invoices(session, asked=_read(asked.get(INVOICE.key, ""), read_number))
    return tuple((str(key), told) for key, told in found)


_READERS: Mapping[str, Callable[[AsyncSession, Mapping[str, str]], Awaitable[Options]]] = {
    CARRIER.key: _carriers, COMPANY.key: _companies, CENTRE.key: _centres,
    INVOICE.key: _invoices, PLAN.key: _plans, TEAM.key: _teams, OWNER.key: _owners,
}  # fmt: skip


def scope_of(asked: Mapping[str, str]) -> Scope:
    """Whose invoices and contestations an address asks for."""
    plan, team = (_read(asked.get(each.key, ""), read_number) for each in (PLAN, TEAM))
    company, city, owner = (asked.get(each.key) or None for each in (COMPANY, CITY, OWNER))
    return Scope(company, city, plan, team, owner)


async def scope_choices(session: AsyncSession) -> dict[str, Options]:
    """What the fields of a page's own filter offer, by their names."""
    readers = {each.key: _READERS[each.key] for each in (COMPANY, PLAN, TEAM, OWNER)}
    return {key: await read(session, {}) for key, read in readers.items()}


def _months_asked(asked: Mapping[str, str]) -> list[date]:
    told = (_read(asked.get(key, ""), read_day) for key in _MONTHS)
    return [day for day in told if day is not None and day.day == 1]


def _read(text: str, read: Callable[[str], Told]) -> Told | None:
    try:
        return read(text)
    except ValueError:
        return None


def _written(months: set[date]) -> Options:
    newest_first = sorted(months, reverse=True)
    return tuple((each.isoformat(), f"{each:%m/%Y}") for each in newest_first)
