"""The registries that contracts are made from: what is sold, and on which days it falls due."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from api.forms import Amount
from api.inputs import Input
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
    money,
    number,
    reference,
)
from models import plan_checks
from models.ladder_tables import Ladder
from models.plans import (
    DueDayRule,
    Plan,
    PlanProduct,
    PriceIndex,
    Product,
    SlaTable,
)
from models.registries import (
    LedgerAccount,
    PaymentProfile,
)
from rules import contract_words as words
from rules.charges import ServiceKind
from rules.contracts import PaymentMethod, Periodicity, PlanType, TermMonths
from rules.fiscal_documents import FiscalKind


class PlanAsked(CodeAndName):
    """What is said of a sales plan."""

    plan_type: PlanType = PlanType.INTERNET
    telecom_service: bool = True
    periodicity_months: Periodicity = Periodicity.MONTH
    amount: Amount = Field(default=Decimal(0), ge=0)
    setup_fee: Amount = Field(default=Decimal(0), ge=0)
    setup_instalments: int = Field(default=1, ge=1, le=60)
    term_months: TermMonths = TermMonths.NONE
    minimum_term_months: TermMonths = TermMonths.NONE
    minimum_term_fee: Amount = Field(default=Decimal(0), ge=0)
    due_day_rule_id: int | None = None
    sla_table_id: int | None = None
    ladder_id: int | None = None
    ledger_account_id: int | None = None
    payment_method: PaymentMethod | Literal[""] = ""
    payment_profile_id: int | None = None
    price_index_id: int | None = None


class ProductAsked(CodeAndName):
    """What is said of a product."""

    kind: ServiceKind = ServiceKind.OTHER
    fiscal_kind: FiscalKind | Literal[""] = ""
    unit: str = Field(default="", max_length=20)
    amount: Amount = Field(default=Decimal(0), ge=0)
    ledger_account_id: int | None = None


class PlanProductAsked(Input):
    """A product that a plan is made of."""

    plan_id: int
    product_id: int
    amount: Amount = Field(ge=0)
    position: int = Field(default=1, ge=1, le=99)
    is_active: bool = True


class DueDayRuleAsked(CodeAndName):
    """What is said of a due-day rule."""

    due_day: int = Field(ge=1, le=31)
    days_before: int = Field(default=10, ge=0, le=60)
    for_telephony: bool = False
    is_default: bool = False


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "planos",
        N_("Planos de venda"),
        N_("O que se vende, por quanto e por quanto tempo."),
        Plan,
        PlanAsked,
        (
            CODE,
            NAME,
            choice("plan_type", N_("Tipo"), words.PLAN_TYPES),
            money(
                "amount",
                N_("Valor do período"),
                is_required=True,
                help=N_(
                    "Contratos em vigor ficam como estão: outro valor vale para contratos "
                    "novos, trocas de plano e renovações."
                ),
            ),
            choice("periodicity_months", N_("Periodicidade"), words.PERIODS),
            flag("telecom_service", N_("Serviço de telecomunicações"), is_extra=True),
            money("setup_fee", N_("Taxa de adesão"), is_extra=True),
            number("setup_instalments", N_("Parcelas da adesão"), is_extra=True),
            choice("term_months", N_("Prazo"), words.TERMS),
            choice("minimum_term_months", N_("Fidelidade"), words.MINIMUM_TERMS),
            money("minimum_term_fee", N_("Multa de fidelidade"), is_extra=True),
            reference("due_day_rule_id", N_("Regra de vencimento"), of=DueDayRule, is_extra=True),
            reference("sla_table_id", N_("Tabela de SLA"), of=SlaTable, is_extra=True),
            reference("ladder_id", N_("Régua"), of=Ladder, is_extra=True),
            reference("ledger_account_id", N_("Plano de contas"), of=LedgerAccount, is_extra=True),
            RegistryField(
                "payment_method",
                N_("Forma de pagamento"),
                FieldKind.CHOICE,
                is_extra=True,
                options=tuple(words.PAYMENT_METHODS.items()),
            ),
            reference(
                "payment_profile_id", N_("Profile de pagamento"), of=PaymentProfile, is_extra=True
            ),
            reference("price_index_id", N_("Índice de reajuste"), of=PriceIndex, is_extra=True),
            ACTIVE,
        ),
        check=plan_checks.check_plan,
    ),
    Registry(
        "produtos",
        N_("Produtos"),
        N_("De onde os serviços adicionais são preenchidos."),
        Product,
        ProductAsked,
        (
            CODE,
            NAME,
            choice("kind", N_("Tipo"), words.SERVICE_KINDS),
            RegistryField(
                "fiscal_kind",
                N_("Documento fiscal"),
                FieldKind.CHOICE,
                is_extra=True,
                options=tuple(words.SETUP_COMPOSITIONS.items()),
                help=N_("Em branco: o do contrato."),
            ),
            RegistryField("unit", N_("Unidade")),
            money("amount", N_("Valor"), is_required=True),
            reference("ledger_account_id", N_("Plano de contas"), of=LedgerAccount, is_extra=True),
            ACTIVE,
        ),
    ),
    Registry(
        "produtos-dos-planos",
        N_("Produtos dos planos"),
        N_("De que cada plano é feito: assim saem a fatura e os documentos fiscais."),
        PlanProduct,
        PlanProductAsked,
        (
            reference("plan_id", N_("Plano"), of=Plan, is_required=True),
            reference("product_id", N_("Produto"), of=Product, is_required=True),
            money("amount", N_("Valor"), is_required=True),
            number("position", N_("Ordem")),
            ACTIVE,
        ),
        default_sort="plan_id",
        check=plan_checks.check_plan_product,
    ),
    Registry(
        "regras-de-vencimento",
        N_("Regras de vencimento"),
        N_("O dia do vencimento, e quantos dias antes a fatura sai."),
        DueDayRule,
        DueDayRuleAsked,
        (
            CODE,
            NAME,
            number("due_day", N_("Dia do vencimento"), is_required=True),
            number(
                "days_before",
                N_("Dias entre emissão e vencimento"),
                is_required=True,
                help=N_("Ao menos 5, para que a conta chegue a tempo."),
            ),
            flag("for_telephony", N_("Só para telefonia")),
            flag("is_default", N_("Padrão"), help=N_("Vale quando plano e cliente não dizem.")),
            ACTIVE,
        ),
        check=plan_checks.check_due_day_rule,
    ),
)
