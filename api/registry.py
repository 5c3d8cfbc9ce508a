"""What a registry is: one declaration gives its list, its form and its JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, Field
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.forms import Day, Percent
from api.language import N_
from api.listing import Column, Filter, Listing
from api.table import FilterKind, Kind
from models.calendars import Closure
from models.carriers import Carrier
from models.payment_profiles import check_profile
from models.registries import (
    AgreementCategory,
    ContactCategory,
    LedgerAccount,
    PaymentProfile,
)
from rules.carrier_layouts import LAYOUTS


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
    registry.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = False
    help: str = ""
    is_extra: bool = False
    options: tuple[tuple[str, str], ...] = ()
    of: type[SQLModel] | None = None


async def _is_fine(_session: AsyncSession, _row: SQLModel) -> None:
    """Most registries ask nothing of a row beyond its fields."""


@dataclass(frozen=True)
class Registry:
    """A registry: `model` is its table, `asked` what a form or a program may say of a row.

    `check` refuses a row whose fields are each right, and do not go together.
    """

    slug: str
    title: str
    note: str
    model: type[SQLModel]
    asked: type[BaseModel]
    fields: tuple[RegistryField, ...]
    default_sort: str = "name"
    check: Callable[[AsyncSession, SQLModel], Awaitable[None]] = _is_fine

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


class CodeAndName(BaseModel):
    """What most registries say of a row."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    is_active: bool = True


class ProfileAsked(CodeAndName):
    """What is said of a payment profile."""

    bank: str = Field(default="", max_length=3, pattern=r"^(\d{3})?$")
    branch: str = Field(default="", max_length=6)
    account: str = Field(default="", max_length=12)
    agreement: str = Field(default="", max_length=10)
    wallet: str = Field(default="", max_length=3)
    unit: str = Field(default="", max_length=2)
    first_number: int = Field(default=1, ge=1, lt=10**15)
    pix_key: str = Field(default="", max_length=77)
    fine_percent: Percent = Field(default=Decimal(2), ge=0, le=10)
    interest_percent: Percent = Field(default=Decimal(1), ge=0, le=10)
    is_default: bool = False


class ClosureAsked(BaseModel):
    """What is said of a day on which the house does not work."""

    day: Day
    name: str = Field(min_length=1, max_length=120)
    uf: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    calendar: str = Field(default="", max_length=12)
    is_active: bool = True


#: Where boletos and Pix of a profile are credited.
PROFILE_BANK = (
    RegistryField("bank", N_("Banco"), help=N_("Três algarismos, como 001 ou 341.")),
    RegistryField(
        "branch",
        N_("Agência"),
        help=N_("Sem dígito. Em branco, o profile não emite boletos."),
        is_extra=True,
    ),
    RegistryField("account", N_("Conta"), help=N_("Sem dígito."), is_extra=True),
    RegistryField(
        "agreement",
        N_("Código do beneficiário"),
        help=N_("O convênio ou código que o banco deu à empresa, sem dígito."),
        is_extra=True,
    ),
    RegistryField("wallet", N_("Carteira"), is_extra=True),
    RegistryField("unit", N_("Modalidade"), help=N_("Só no Sicoob."), is_extra=True),
    RegistryField(
        "first_number",
        N_("Primeiro número de boleto"),
        FieldKind.NUMBER,
        help=N_("O início da faixa que este sistema usa: um número nunca se repete."),
        is_extra=True,
    ),
    RegistryField(
        "pix_key",
        N_("Chave Pix"),
        help=N_("CPF ou CNPJ sem pontos, e-mail, telefone com +55 ou chave aleatória."),
        is_extra=True,
    ),
)


class CarrierAsked(CodeAndName):
    """What is said of a carrier."""

    cnpj: str = Field(default="", max_length=14, pattern=r"^([0-9A-Z]{12}\d{2})?$")
    layout: str = Field(default="", pattern=rf"^({'|'.join(LAYOUTS)})?$")


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "operadoras",
        N_("Operadoras"),
        N_("Quem cobra as linhas das empresas, e o leiaute dos seus arquivos."),
        Carrier,
        CarrierAsked,
        (
            CODE,
            NAME,
            RegistryField("cnpj", N_("CNPJ"), help=N_("Quatorze caracteres, sem pontuação.")),
            RegistryField(
                "layout",
                N_("Leiaute"),
                help=N_("febraban_v3r0, febraban_v2 ou tim_csv; em branco, qualquer um."),
            ),
            ACTIVE,
        ),
    ),
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
        "profiles-de-pagamento",
        N_("Profiles de pagamento"),
        N_("Como uma fatura é cobrada, e suas condições de atraso."),
        PaymentProfile,
        ProfileAsked,
        (
            CODE,
            NAME,
            *PROFILE_BANK,
            RegistryField("fine_percent", N_("Multa"), FieldKind.PERCENT, is_required=True),
            RegistryField(
                "interest_percent", N_("Juros ao mês"), FieldKind.PERCENT, is_required=True
            ),
            RegistryField(
                "is_default",
                N_("Padrão"),
                FieldKind.FLAG,
                help=N_("Vale para as faturas que não indicam um profile."),
            ),
            ACTIVE,
        ),
        check=check_profile,
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
            RegistryField(
                "calendar",
                N_("Calendário"),
                help=N_("Código de um calendário, como o do município; em branco, em todos."),
            ),
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
    ("/cadastros/calendarios", N_("Calendários"), N_("Horários em que os prazos contam.")),
    ("/cadastros/politicas", N_("Políticas"), N_("Prazos, limites e regras de acordo.")),
)
