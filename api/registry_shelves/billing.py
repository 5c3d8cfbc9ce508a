"""The registries of billing: groups, discounts, and who sold the contract."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from api.forms import Amount
from api.language import N_
from api.registry import (
    ACTIVE,
    CODE,
    NAME,
    CodeAndName,
    Registry,
    RegistryField,
    money,
    number,
    reference,
)
from models import plan_checks
from models.plans import (
    BillingGroup,
    Consultant,
    DiscountTable,
    DueDayRule,
)


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


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "agrupadores",
        N_("Agrupadores de cobranças"),
        N_("Contas de vários contratos de um cliente numa só fatura."),
        BillingGroup,
        BillingGroupAsked,
        (
            CODE,
            NAME,
            number(
                "customer_id",
                N_("Cliente"),
                is_required=True,
                help=N_("O número no endereço da página do cliente."),
            ),
            reference("due_day_rule_id", N_("Regra de vencimento"), of=DueDayRule),
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
            money("pay_on_time", N_("Pagando em dia")),
            money("on_invoice", N_("Direto na fatura")),
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
)
