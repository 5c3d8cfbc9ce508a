"""The one way every list page works: filters, order and page in the address, one table out.

A process declares its columns once (`Listing`), reads the address (`View`), asks models for a
statement with labelled columns, and answers with a page or with CSV. The closest one to copy is
the list of users in api/people.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Select, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api import filters, table_csv
from api import table_drawing as drawing
from api.dependencies import Principal
from api.history_lines import who_of
from api.keyset import Rows, SortKey, fetch
from api.language import N_, gettext
from api.rendering import page
from api.table import FilterKind, KeptFilter, Kind, Table
from models import saved_filters
from models.colleagues import names_by_login
from models.rows import rows_of
from rules.refusals import Refusal

PAGE_SIZE = 50
RESERVED = ("ordem", "cursor", "colunas", "formato")
KEPT = ("ordem", "colunas")
#: Of an address, what is no filter to be kept: where the page begins, and as what it is wanted.
PASSING = ("cursor", "formato")
EMPTY = N_("Nada por aqui ainda.")


class FilterNotUnderstood(Refusal):
    message = "Corrija os filtros indicados: nada foi escolhido por eles."


Present = Callable[[Mapping[str, Any]], Mapping[str, Any]]
Read = TypeVar("Read")
NOTHING = Rows((), None, None)


@dataclass(frozen=True)
class Column:
    """A column: `key` is the label of the statement's column, `label` a message id.

    `is_totalled` sums it over the whole filter; `is_extra` hides it until it is chosen. `order`
    is what it is sorted by, where that is not the column itself and then `id`.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    is_sortable: bool = False
    is_nullable: bool = False
    is_totalled: bool = False
    is_extra: bool = False
    order: tuple[str, ...] = ()

    def sort_key(self, *, is_descending: bool = False) -> SortKey:
        """The order of a list by this column."""
        column, *ties = self.order or (self.key, "id")
        return SortKey(
            column, is_descending=is_descending, is_nullable=self.is_nullable, ties=tuple(ties)
        )


@dataclass(frozen=True)
class Filter:
    """A field of the filter row; `options` are (value, label) of a choice, `blank` none of them.

    `is_rare` folds it away until it is set or asked for.
    """

    key: str
    label: str
    kind: FilterKind = FilterKind.SEARCH
    options: tuple[tuple[str, str], ...] = ()
    blank: str = N_("Todos")
    is_rare: bool = False


@dataclass(frozen=True)
class Listing:
    """A list's declaration. `default_sort` is a column's key, with a minus for descending.

    `family` are the addresses of the lists whose kept filters it offers; none: its own alone.
    """

    columns: tuple[Column, ...]
    default_sort: str
    filters: tuple[Filter, ...] = ()
    empty: str = EMPTY
    size: int = PAGE_SIZE
    family: tuple[str, ...] = ()
    _by_key: dict[str, Column] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        self._by_key.update({column.key: column for column in self.columns})

    def view(self, request: Request) -> View:
        """This will read the address; what it does not know is left out."""
        known = {*RESERVED, *(each.key for each in self.filters)}
        asked = request.query_params
        query = {key: ",".join(asked.getlist(key)) for key in asked if key in known}
        return View(request, self, query, self._order(query.get("ordem", "")), self._shown(query))

    def sort_key(self, order: str) -> SortKey:
        """What the statement is sorted by for an order: a column's key, minus for descending."""
        key = order.removeprefix("-")
        column = self._by_key.get(key) or Column(key, "")
        return column.sort_key(is_descending=order.startswith("-"))

    def _order(self, asked: str) -> str:
        column = self._by_key.get(asked.removeprefix("-"))
        return asked if column is not None and column.is_sortable else self.default_sort

    def _shown(self, query: Mapping[str, str]) -> tuple[Column, ...]:
        chosen = query.get("colunas", "").split(",")
        picked = tuple(column for column in self.columns if column.key in chosen)
        return picked or tuple(column for column in self.columns if not column.is_extra)


@dataclass(frozen=True)
class View:
    """What the address asks for. `order` is a column's key, with a minus for descending."""

    request: Request
    listing: Listing
    query: Mapping[str, str]
    order: str
    columns: tuple[Column, ...]

    @property
    def sort(self) -> SortKey:
        """What the statement is sorted by."""
        return self.listing.sort_key(self.order)

    @property
    def cursor(self) -> str | None:
        """Where the page begins; None = at the start."""
        return self.query.get("cursor") or None

    @property
    def is_export(self) -> bool:
        """Whether the whole filter is asked for as CSV."""
        return self.query.get("formato") == "csv" and not self.problems

    @property
    def problems(self) -> Mapping[str, str]:
        """What cannot be read in the filters: by key, the sentence beside it."""
        found = {
            each.key: filters.problem_with(
                self.query.get(each.key, "").strip(), each.kind,
                options=[value for value, _ in each.options],
            )
            for each in self.listing.filters
        }  # fmt: skip
        return {key: gettext(sentence) for key, sentence in found.items() if sentence}

    def check(self) -> None:
        """For tools that act on a whole filter: one that cannot be read means nothing."""
        for key in self.problems:
            raise FilterNotUnderstood(field=key)

    def text(self, key: str) -> str | None:
        """A filter's text; None when it is blank."""
        return self.query.get(key, "").strip() or None

    def day(self, key: str) -> date | None:
        """A filter's date; None when it is blank, or among the problems."""
        return self._read(key, filters.read_day)

    def amount(self, key: str) -> Decimal | None:
        """A filter's amount; None when it is blank, or among the problems."""
        return self._read(key, filters.read_amount)

    def number(self, key: str) -> int | None:
        """A filter's whole number; None when it is blank, or among the problems."""
        return self._read(key, filters.read_number)

    def _read(self, key: str, read: Callable[[str], Read]) -> Read | None:
        try:
            return read(self.query.get(key, "").strip())
        except ValueError:
            return None

    def url(self, **changes: str | None) -> str:
        """This will give this list's address with some of its parts changed; None drops one."""
        query = {key: value for key, value in {**self.query, **changes}.items() if value}
        path = self.request.url.path
        return f"{path}?{urlencode(query)}" if query else path

    async def answer(
        self,
        session: AsyncSession,
        statement: Select[Any],
        template: str,
        *,
        present: Present = dict,
        totals: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Response:
        """This will answer with the page `template`, which gets `table`, or with CSV.

        `present` turns a row of the statement into what is shown: it may add `href`, `label`,
        `links` (by column), badges and words. `totals` (with "count") spares the counting where it
        is kept anyway.
        """
        if self.is_export:
            named = await self._with_names(session, present)
            return table_csv.answer(session, statement, self, present=named)
        table = await self.table(session, statement, present=present, totals=totals)
        if table.is_refused:
            values["status"] = 422
        return page(self.request, template, table=table, **values)

    async def table(
        self,
        session: AsyncSession,
        statement: Select[Any],
        *,
        present: Present = dict,
        totals: Mapping[str, Any] | None = None,
    ) -> Table:
        """This will read one page of the statement, and its totals.

        With a filter that cannot be read nothing is: more rows than were meant would pass for them.
        """
        present = await self._with_names(session, present)
        found, summed = NOTHING, drawing.no_totals(self.columns)
        problems = self.problems
        if not problems:
            size = self.listing.size
            found = await fetch(session, statement, sort=self.sort, cursor=self.cursor, limit=size)
            summed = totals or await self._totals(session, statement)
        fields = tuple(drawing.filter_field(each, self) for each in self.listing.filters)
        return Table(
            path=self.request.url.path,
            heads=tuple(drawing.head(column, self) for column in self.columns),
            rows=tuple(
                drawing.row(row["id"], present(dict(row)), self.columns) for row in found.rows
            ),
            totals=drawing.total_cells(self.columns, summed),
            count=summed["count"],
            next=found.next and self.url(cursor=found.next),
            previous=found.previous and self.url(cursor=found.previous),
            first=self.url(cursor=None),
            export=self.url(cursor=None, formato="csv"),
            filters=fields,
            is_filtered=any(each.value for each in fields),
            clear=self.url(cursor=None, **{each.key: None for each in fields}),
            choices=drawing.choices(self),
            hidden=tuple((key, self.query[key]) for key in KEPT if self.query.get(key)),
            filter_query=urlencode({each.key: each.value for each in fields if each.value}),
            empty=gettext(self.listing.empty),
            is_refused=bool(problems),
            kept=await self._kept(session),
            kept_query=self.kept_query,
        )

    async def _with_names(self, session: AsyncSession, present: Present) -> Present:
        """The same rows with names in the place of log-ins: one statement, however many rows."""
        keys = [each.key for each in self.columns if each.kind is Kind.PERSON]
        if not keys:
            return present
        names = await names_by_login(session)

        def named(row: Mapping[str, Any]) -> Mapping[str, Any]:
            shown = present(row)
            people = {key: who_of(shown[key], names) for key in keys if shown.get(key)}
            return {**shown, **people}

        return named

    @property
    def kept_query(self) -> str:
        """Filters, order and columns of the address: the list as it may be come back to."""
        kept = {key: value for key, value in self.query.items() if value and key not in PASSING}
        return urlencode(kept) if self.listing.filters else ""

    async def _kept(self, session: AsyncSession) -> tuple[KeptFilter, ...]:
        """The filters that whoever looks keeps for this list, or for those it belongs to."""
        by: Principal | None = getattr(self.request.state, "principal", None)
        if by is None or not self.listing.filters:
            return ()
        here = self.url(cursor=None, formato=None)
        paths = self.listing.family or (self.request.url.path,)
        return tuple(
            KeptFilter(each.id or 0, each.name, each.href, is_current=each.href == here)
            for each in await saved_filters.filters_of(session, by.user_id, paths=paths)
        )

    async def _totals(self, session: AsyncSession, statement: Select[Any]) -> Mapping[str, Any]:
        inner = statement.order_by(None).subquery()
        sums = [
            func.sum(inner.c[column.key]).label(column.key)
            for column in self.listing.columns
            if column.is_totalled
        ]
        columns: list[Any] = [func.count().label("count"), *sums]
        summed: Select[Any] = select(*columns).select_from(inner)
        [row] = await rows_of(session, summed)
        return dict(row)
