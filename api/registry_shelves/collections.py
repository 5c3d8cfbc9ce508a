"""The registries of collections: what agreements, charges and contacts are filed under."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.forms import Percent
from api.language import N_
from api.registry import (
    ACTIVE,
    CODE,
    NAME,
    CodeAndName,
    FieldKind,
    Registry,
    RegistryField,
    choice,
    flag,
    number,
    reference,
)
from models.agreement_rules import AgreementLimit, AgreementOffer, check_role
from models.registries import (
    AgreementCategory,
    ContactCategory,
    ContactResult,
    LedgerAccount,
)
from rules.agreement_offers import check_offer
from rules.contact_results import STEPS, ResultStep

NONE = Decimal(0)


class LimitAsked(CodeAndName):
    """What is said of a limit of agreements."""

    role: str = Field(default="", max_length=40)
    from_days_late: int = Field(default=0, ge=0, le=3650)
    most_discount_percent: Percent = Field(default=NONE, ge=0, le=100, decimal_places=2)
    least_down_percent: Percent = Field(default=NONE, ge=0, le=100, decimal_places=2)
    most_instalments: int = Field(default=12, ge=1, le=120)
    most_reagreements: int = Field(default=3, ge=0, le=99)


class ResultAsked(CodeAndName):
    """What is said of a result of contacts."""

    step: ResultStep = ResultStep.NONE
    in_business_days: int = Field(default=1, ge=0, le=60)


class OfferAsked(CodeAndName):
    """What is said of an offer of agreement."""

    from_days_late: int = Field(default=0, ge=0, le=3650)
    instalments: int = Field(default=1, ge=1, le=120)
    first_due_days: int = Field(default=5, ge=0, le=60)
    discount_percent: Percent = Field(default=NONE, ge=0, lt=100, decimal_places=2)
    discount_account_id: int | None = None
    increase_percent: Percent = Field(default=NONE, ge=0, le=100, decimal_places=2)
    increase_account_id: int | None = None
    tolerance_days: int = Field(default=10, ge=0, le=365)
    category_id: int
    is_for_customers: bool = False


async def _check_offer(_session: AsyncSession, row: SQLModel) -> None:
    assert isinstance(row, AgreementOffer)  # noqa: S101 - the registry's own model
    for name in ("discount", "increase"):
        check_offer(
            percent=getattr(row, f"{name}_percent"), account_id=getattr(row, f"{name}_account_id"),
            field=f"{name}_account_id",
        )  # fmt: skip


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "limites-de-acordo",
        N_("Limites de acordo"),
        N_("Até onde se vai sozinho num acordo; além disso outra pessoa aprova."),
        AgreementLimit,
        LimitAsked,
        (
            CODE,
            NAME,
            RegistryField("role", N_("Perfil"), help=N_("Código; em branco, todos.")),
            number(
                "from_days_late",
                N_("A partir de (dias de atraso)"),
                help=N_("Da dívida mais nova entre as escolhidas."),
            ),
            RegistryField(
                "most_discount_percent",
                N_("Maior desconto"),
                FieldKind.PERCENT,
                help=N_("Do principal."),
            ),
            RegistryField(
                "least_down_percent",
                N_("Menor entrada"),
                FieldKind.PERCENT,
                help=N_("A primeira parcela, do total."),
            ),
            number("most_instalments", N_("Mais parcelas")),
            number(
                "most_reagreements",
                N_("Mais reacordos"),
                help=N_("Por quantos acordos a dívida já pode ter passado."),
            ),
            ACTIVE,
        ),
        check=check_role,
    ),
    Registry(
        "ofertas-de-acordo",
        N_("Ofertas de acordo"),
        N_("O que a casa oferece: lado a lado no simulador e, se quiser, no link do cliente."),
        AgreementOffer,
        OfferAsked,
        (
            CODE,
            NAME,
            number("from_days_late", N_("A partir de (dias de atraso)")),
            number("instalments", N_("Parcelas")),
            number("first_due_days", N_("Primeiro vencimento em (dias)")),
            RegistryField("discount_percent", N_("Desconto"), FieldKind.PERCENT),
            reference(
                "discount_account_id",
                N_("Plano de contas do desconto"),
                of=LedgerAccount,
                is_extra=True,
            ),
            RegistryField("increase_percent", N_("Acréscimo"), FieldKind.PERCENT),
            reference(
                "increase_account_id",
                N_("Plano de contas do acréscimo"),
                of=LedgerAccount,
                is_extra=True,
            ),
            number(
                "tolerance_days",
                N_("Tolerância (dias)"),
                is_extra=True,
                help=N_("Depois do último vencimento."),
            ),
            reference(
                "category_id",
                N_("Categoria do acordo"),
                of=AgreementCategory,
                is_required=True,
                is_extra=True,
            ),
            flag("is_for_customers", N_("No link do cliente")),
            ACTIVE,
        ),
        check=_check_offer,
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
        "categorias-de-contato",
        N_("Categorias de contato"),
        N_("Para comentários e contatos com clientes."),
        ContactCategory,
        CodeAndName,
        (CODE, NAME, ACTIVE),
    ),
    Registry(
        "resultados-de-contato",
        N_("Resultados de contato"),
        N_("O que deu a ligação, e o que vem depois dela."),
        ContactResult,
        ResultAsked,
        (
            CODE,
            NAME,
            choice("step", N_("O que vem depois"), STEPS),
            number(
                "in_business_days",
                N_("Em (dias úteis)"),
                help=N_("Prazo da tarefa que o resultado cria."),
            ),
            ACTIVE,
        ),
    ),
)
