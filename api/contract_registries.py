"""The registries that contracts are made from, declared like those of api/registry.py."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from pydantic import BaseModel, Field

from api.forms import Amount, Day, Number
from api.language import N_
from api.registry import ACTIVE, CODE, NAME, CodeAndName, FieldKind, Registry, RegistryField
from models import plan_checks
from models.contracts import Ladder
from models.plans import (
    BillingGroup,
    Consultant,
    DiscountTable,
    DueDayRule,
    Plan,
    PriceIndex,
    PriceIndexMonth,
    Product,
    SlaTable,
    SlaTarget,
)
from models.registries import LedgerAccount, PaymentProfile
from rules import contract_words as words
from rules.business_days import CalendarKind
from rules.contracts import MinimumTermMonths, Periodicity, PlanType
from rules.readjustment import Method
from rules.sla import SlaEvent, SlaUnit

_money = partial(RegistryField, kind=FieldKind.MONEY)
_number = partial(RegistryField, kind=FieldKind.NUMBER)
_flag = partial(RegistryField, kind=FieldKind.FLAG)
_reference = partial(RegistryField, kind=FieldKind.REFERENCE)


def _choice(name: str, label: str, options: Mapping[str, str]) -> RegistryField:
    kind, every = FieldKind.CHOICE, tuple(options.items())
    return RegistryField(name, label, kind, is_required=True, options=every)


class PlanAsked(CodeAndName):
    """What is said of a sales plan."""

    plan_type: PlanType = PlanType.INTERNET
    telecom_service: bool = True
    periodicity_months: Periodicity = Periodicity.MONTH
    amount: Amount = Field(default=Decimal(0), ge=0)
    setup_fee: Amount = Field(default=Decimal(0), ge=0)
    setup_instalments: int = Field(default=1, ge=1, le=60)
    minimum_term_months: MinimumTermMonths = MinimumTermMonths.NONE
    minimum_term_fee: Amount = Field(default=Decimal(0), ge=0)
    due_day_rule_id: int | None = None
    sla_table_id: int | None = None
    ladder_id: int | None = None
    ledger_account_id: int | None = None
    payment_profile_id: int | None = None
    price_index_id: int | None = None


class ProductAsked(CodeAndName):
    """What is said of a product."""

    unit: str = Field(default="", max_length=20)
    amount: Amount = Field(default=Decimal(0), ge=0)
    ledger_account_id: int | None = None


class DueDayRuleAsked(CodeAndName):
    """What is said of a due-day rule."""

    due_day: int = Field(ge=1, le=31)
    days_before: int = Field(default=10, ge=0, le=60)
    for_telephony: bool = False
    is_default: bool = False


class SlaTableAsked(CodeAndName):
    """What is said of an SLA table."""

    calendar: CalendarKind = CalendarKind.NATIONAL
    is_default: bool = False


class SlaTargetAsked(BaseModel):
    """What an SLA table promises of an event."""

    sla_table_id: int
    event: SlaEvent
    priority: int = Field(default=0, ge=0, le=3)
    amount: int = Field(ge=1, le=10000)
    unit: SlaUnit = SlaUnit.BUSINESS_HOURS
    is_active: bool = True


class BillingGroupAsked(CodeAndName):
    """What is said of a billing group."""

    customer_id: int
    due_day_rule_id: int | None = None


class DiscountTableAsked(CodeAndName):
    """What is said of a discount table."""

    pay_on_time: Amount = Field(default=Decimal(0), ge=0)
    on_invoice: Amount = Field(default=Decimal(0), ge=0)


class ConsultantAsked(CodeAndName):
    """What is said of a consultant."""

    email: str = Field(default="", max_length=200)


class PriceIndexAsked(CodeAndName):
    """What is said of an index."""

    series: int | None = Field(default=None, ge=1, le=99_999_999)


class IndexMonthAsked(BaseModel):
    """What an index was in a month."""

    price_index_id: int
    kind: Method = Method.MONTHLY_RATES
    month: Day
    value: Number = Field(max_digits=20, decimal_places=10)
    is_active: bool = True


CONTRACT_REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "planos",
        N_("Planos de venda"),
        N_("O que se vende, por quanto e por quanto tempo."),
        Plan,
        PlanAsked,
        (
            CODE,
            NAME,
            _choice("plan_type", N_("Tipo"), words.PLAN_TYPES),
            _money("amount", N_("Valor do período"), is_required=True),
            _choice("periodicity_months", N_("Periodicidade"), words.PERIODS),
            _flag("telecom_service", N_("Serviço de telecomunicações"), is_extra=True),
            _money("setup_fee", N_("Taxa de adesão"), is_extra=True),
            _number("setup_instalments", N_("Parcelas da adesão"), is_extra=True),
            _choice("minimum_term_months", N_("Fidelidade"), words.TERMS),
            _money("minimum_term_fee", N_("Multa de fidelidade"), is_extra=True),
            _reference("due_day_rule_id", N_("Regra de vencimento"), of=DueDayRule, is_extra=True),
            _reference("sla_table_id", N_("Tabela de SLA"), of=SlaTable, is_extra=True),
            _reference("ladder_id", N_("Régua"), of=Ladder, is_extra=True),
            _reference("ledger_account_id", N_("Plano de contas"), of=LedgerAccount, is_extra=True),
            _reference(
                "payment_profile_id", N_("Profile de pagamento"), of=PaymentProfile, is_extra=True
            ),
            _reference("price_index_id", N_("Índice de reajuste"), of=PriceIndex, is_extra=True),
            ACTIVE,
        ),
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
            RegistryField("unit", N_("Unidade")),
            _money("amount", N_("Valor"), is_required=True),
            _reference("ledger_account_id", N_("Plano de contas"), of=LedgerAccount, is_extra=True),
            ACTIVE,
        ),
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
            _number("due_day", N_("Dia do vencimento"), is_required=True),
            _number(
                "days_before",
                N_("Dias entre emissão e vencimento"),
                is_required=True,
                help=N_("Ao menos 5, para que a conta chegue a tempo."),
            ),
            _flag("for_telephony", N_("Só para telefonia")),
            _flag("is_default", N_("Padrão"), help=N_("Vale quando plano e cliente não dizem.")),
            ACTIVE,
        ),
        check=plan_checks.check_due_day_rule,
    ),
    Registry(
        "tabelas-de-sla",
        N_("Tabelas de SLA"),
        N_("O que se promete a quem tem contrato; os prazos estão nas metas."),
        SlaTable,
        SlaTableAsked,
        (
            CODE,
            NAME,
            _choice(
                "calendar",
                N_("Calendário"),
                {"national": N_("Feriados da lei"), "bank": N_("Feriados bancários")},
            ),
            _flag("is_default", N_("Padrão"), help=N_("Vale quando plano e cliente não dizem.")),
            ACTIVE,
        ),
        check=plan_checks.check_sla_table,
    ),
    Registry(
        "metas-de-sla",
        N_("Metas de SLA"),
        N_("O prazo de cada evento de uma tabela, por prioridade."),
        SlaTarget,
        SlaTargetAsked,
        (
            _reference("sla_table_id", N_("Tabela"), of=SlaTable, is_required=True),
            _choice("event", N_("Evento"), words.SLA_EVENTS),
            _choice("priority", N_("Prioridade"), words.SLA_PRIORITIES),
            _number("amount", N_("Prazo"), is_required=True),
            _choice("unit", N_("Contado em"), words.SLA_UNITS),
            ACTIVE,
        ),
        default_sort="sla_table_id",
    ),
    Registry(
        "agrupadores",
        N_("Agrupadores de cobranças"),
        N_("Contas de vários contratos de um cliente numa só fatura."),
        BillingGroup,
        BillingGroupAsked,
        (
            CODE,
            NAME,
            _number(
                "customer_id",
                N_("Cliente"),
                is_required=True,
                help=N_("O número no endereço da página do cliente."),
            ),
            _reference("due_day_rule_id", N_("Regra de vencimento"), of=DueDayRule),
            ACTIVE,
        ),
        check=plan_checks.check_billing_group,
    ),
    Registry(
        "tabelas-de-desconto",
        N_("Tabelas de descontos"),
        N_("Descontos de cada período: pagando em dia, direto na fatura, ou ambos."),
        DiscountTable,
        DiscountTableAsked,
        (
            CODE,
            NAME,
            _money("pay_on_time", N_("Pagando em dia")),
            _money("on_invoice", N_("Direto na fatura")),
            ACTIVE,
        ),
    ),
    Registry(
        "consultores",
        N_("Consultores de venda"),
        N_("Quem vendeu o contrato."),
        Consultant,
        ConsultantAsked,
        (CODE, NAME, RegistryField("email", N_("E-mail")), ACTIVE),
    ),
    Registry(
        "indices",
        N_("Índices de preços"),
        N_("Por onde os contratos são reajustados."),
        PriceIndex,
        PriceIndexAsked,
        (
            CODE,
            NAME,
            _number(
                "series",
                N_("Série do Banco Central"),
                help=N_("O número da série de variações mensais no SGS; IGP-DI é 190."),
            ),
            ACTIVE,
        ),
    ),
    Registry(
        "valores-de-indices",
        N_("Valores de índices"),
        N_("O que cada índice foi em cada mês."),
        PriceIndexMonth,
        IndexMonthAsked,
        (
            _reference("price_index_id", N_("Índice"), of=PriceIndex, is_required=True),
            _choice("kind", N_("Valor"), words.METHODS),
            RegistryField("month", N_("Mês"), FieldKind.DAY, is_required=True),
            RegistryField("value", N_("Valor"), is_required=True),
            ACTIVE,
        ),
        default_sort="-month",
        check=plan_checks.check_index_month,
    ),
)
