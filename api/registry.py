"""What a registry is: one declaration gives its list, its form and its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, Field
from sqlmodel import SQLModel

from api.forms import Day, Percent
from api.language import N_
from api.listing import Column, Filter, Listing
from api.table import FilterKind, Kind
from models.calendars import Closure
from models.registries import (
    AgreementCategory,
    ContactCategory,
    LedgerAccount,
    PaymentProfile,
)


class FieldKind(StrEnum):
    """How a field of a registry's form is typed."""

    TEXT = "text"
    MONEY = "money"
    PERCENT = "percent"
    DAY = "day"
    FLAG = "flag"


@dataclass(frozen=True)
class RegistryField:
    """A field of the form and a column of the list."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = False
    help: str = ""


@dataclass(frozen=True)
class Registry:
    """A registry: `model` is its table, `asked` what a form or a program may say of a row."""

    slug: str
    title: str
    note: str
    model: type[SQLModel]
    asked: type[BaseModel]
    fields: tuple[RegistryField, ...]
    default_sort: str = "name"

    def listing(self) -> Listing:
        """The list of its rows."""
        return Listing(
            columns=tuple(
                Column(each.name, each.label, KINDS[each.kind], is_sortable=True)
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
    FieldKind.MONEY: Kind.MONEY,
    FieldKind.PERCENT: Kind.PERCENT,
    FieldKind.DAY: Kind.DAY,
    FieldKind.FLAG: Kind.YES_NO,
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


class CodeAndName(BaseModel):
    """What most registries say of a row."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    is_active: bool = True


class ProfileAsked(CodeAndName):
    """What is said of a payment profile."""

    bank: str = Field(default="", max_length=3, pattern=r"^(\d{3})?$")
    fine_percent: Percent = Field(default=Decimal(2), ge=0, le=10)
    interest_percent: Percent = Field(default=Decimal(1), ge=0, le=10)


class ClosureAsked(BaseModel):
    """What is said of a day on which the house does not work."""

    day: Day
    name: str = Field(min_length=1, max_length=120)
    uf: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    is_active: bool = True


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "categorias-de-acordo",
        N_("Categorias de acordo"),
        N_("Todo acordo tem uma categoria."),
        AgreementCategory,
        CodeAndName,
        (CODE, NAME, ACTIVE),
    ),
    Registry(
        "plano-de-contas",
        N_("Plano de contas"),
        N_("Onde encargos, taxas, multas, acréscimos e descontos são lançados."),
        LedgerAccount,
        CodeAndName,
        (CODE, NAME, ACTIVE),
    ),
    Registry(
        "perfis-de-pagamento",
        N_("Perfis de pagamento"),
        N_("Como uma fatura é cobrada, e suas condições de atraso."),
        PaymentProfile,
        ProfileAsked,
        (
            CODE,
            NAME,
            RegistryField("bank", N_("Banco"), help=N_("Três algarismos, como 001 ou 341.")),
            RegistryField("fine_percent", N_("Multa"), FieldKind.PERCENT, is_required=True),
            RegistryField(
                "interest_percent", N_("Juros ao mês"), FieldKind.PERCENT, is_required=True
            ),
            ACTIVE,
        ),
    ),
    Registry(
        "categorias-de-contato",
        N_("Categorias de contato"),
        N_("Para comentários e contatos com clientes."),
        ContactCategory,
        CodeAndName,
        (CODE, NAME, ACTIVE),
    ),
    Registry(
        "feriados",
        N_("Feriados e recessos"),
        N_("Dias da empresa ou do município; os nacionais e estaduais já são conhecidos."),
        Closure,
        ClosureAsked,
        (
            RegistryField("day", N_("Dia"), FieldKind.DAY, is_required=True),
            NAME,
            RegistryField("uf", N_("UF"), help=N_("Em branco, vale em todo lugar.")),
            ACTIVE,
        ),
        default_sort="-day",
    ),
)
BY_SLUG: Mapping[str, Registry] = {each.slug: each for each in REGISTRIES}

#: Pages of other processes that stand among the registries: path, title, note.
ELSEWHERE: tuple[tuple[str, str, str], ...] = (
    ("/mensagens/modelos", N_("Modelos de mensagem"), N_("Textos de e-mail, SMS e aplicativo.")),
    ("/cadastros/regua", N_("Régua"), N_("Os passos que seguem um vencimento.")),
    ("/cadastros/politicas", N_("Políticas"), N_("Prazos, limites e regras de acordo.")),
)
