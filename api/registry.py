"""What a registry is: one declaration (api/registry_shelves) gives list, form and JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, Protocol

from pydantic import BaseModel, Field
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.inputs import Input
from api.language import N_
from api.listing import Column, Filter, Listing
from api.table import FilterKind, Kind


class FieldKind(StrEnum):
    """How a field of a registry's form is typed."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    FLAG = "flag"
    CHOICE = "choice"
    REFERENCE = "reference"


@dataclass(frozen=True)
class RegistryField:
    """A field of the form and a column of the list, there only when asked for if `is_extra`.

    A choice is one of its `options`, stored value and label; a reference names a row `of` another
    registry. Of a text some values may be `offered`; any other may be typed.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = False
    help: str = ""
    is_extra: bool = False
    options: tuple[tuple[str, str], ...] = ()
    of: type[SQLModel] | None = None
    offered: Callable[[AsyncSession], Awaitable[list[tuple[str, str]]]] | None = None


async def _is_fine(_session: AsyncSession, _row: SQLModel) -> None:
    """Most registries ask nothing of a row beyond its fields."""


async def _tell_nobody(_session: AsyncSession, _row: SQLModel, **_told: Any) -> None:
    """Nothing waits for a row of most registries."""


class Follow(Protocol):
    """What follows from a row that was saved, in the transaction that saved it."""

    def __call__(
        self, session: AsyncSession, row: Any, /, *, was: Mapping[str, Any], at: datetime
    ) -> Awaitable[None]:
        """This will tell whoever waits for the row; `was`: its values before, none of a new one."""


@dataclass(frozen=True)
class Registry:
    """A registry: `model` is its table, `asked` what a form or a program may say of a row.

    `check` refuses a row whose fields are each right, and do not go together; `follow` is what
    comes of one that was saved.
    """

    slug: str
    title: str
    note: str
    model: type[SQLModel]
    asked: type[BaseModel]
    fields: tuple[RegistryField, ...]
    default_sort: str = "name"
    check: Callable[[AsyncSession, SQLModel], Awaitable[None]] = _is_fine
    follow: Follow = _tell_nobody

    def listing(self) -> Listing:
        """The list of its rows."""
        return Listing(
            columns=tuple(
                Column(
                    each.name,
                    each.label,
                    KINDS[each.kind],
                    is_sortable=not each.is_extra,
                    is_extra=each.is_extra,
                )
                for each in self.fields
            ),
            default_sort=self.default_sort,
            filters=(Filter("busca", N_("Buscar")), STATE_FILTER),
            empty=N_("Nenhum cadastro ainda. Crie o primeiro."),
        )

    def searched(self) -> tuple[str, ...]:
        """The columns that the search looks into."""
        return tuple(each.name for each in self.fields if each.kind is FieldKind.TEXT)


KINDS: Mapping[FieldKind, Kind] = {
    FieldKind.TEXT: Kind.TEXT,
    FieldKind.LONG_TEXT: Kind.TEXT,
    FieldKind.MONEY: Kind.MONEY,
    FieldKind.NUMBER: Kind.NUMBER,
    FieldKind.PERCENT: Kind.PERCENT,
    FieldKind.DAY: Kind.DAY,
    FieldKind.FLAG: Kind.YES_NO,
    FieldKind.CHOICE: Kind.TEXT,
    FieldKind.REFERENCE: Kind.TEXT,
}
STATE_FILTER = Filter(
    "situacao",
    N_("Situação"),
    FilterKind.CHOICE,
    (("ativos", N_("Ativos")), ("inativos", N_("Inativos"))),
)
CODE = RegistryField("code", N_("Código"), is_required=True)
NAME = RegistryField("name", N_("Nome"), is_required=True)
ACTIVE = RegistryField(
    "is_active",
    N_("Ativo"),
    FieldKind.FLAG,
    help=N_("Inativos ficam no histórico e somem das escolhas."),
)
money = partial(RegistryField, kind=FieldKind.MONEY)
number = partial(RegistryField, kind=FieldKind.NUMBER)
flag = partial(RegistryField, kind=FieldKind.FLAG)
reference = partial(RegistryField, kind=FieldKind.REFERENCE)


def choice(name: str, label: str, options: Mapping[str, str]) -> RegistryField:
    """A field that takes one of the options: stored value and label."""
    kind, every = FieldKind.CHOICE, tuple(options.items())
    return RegistryField(name, label, kind, is_required=True, options=every)


class CodeAndName(Input):
    """What most registries say of a row."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    is_active: bool = True
