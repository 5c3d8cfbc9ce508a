"""The registries of price indices and their months."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.index_asking import months_informed
from api.forms import Day, Number
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
    number,
    reference,
)
from models import plan_checks
from models.plans import (
    PriceIndex,
    PriceIndexMonth,
)
from rules import contract_words as words
from rules.price_indices import Method


class PriceIndexAsked(CodeAndName):
    """What is said of an index."""

    series: int | None = Field(default=None, ge=1, le=99_999_999)
    successor_id: int | None = None


class IndexMonthAsked(Input):
    """What an index was in a month."""

    price_index_id: int
    kind: Method = Method.MONTHLY_RATES
    month: Day
    value: Number = Field(max_digits=20, decimal_places=10)
    is_active: bool = True


async def _informed(
    session: AsyncSession, row: PriceIndexMonth, /, *, at: datetime, **_told: Any
) -> None:
    """A month that is typed by itself ends what was waiting for it, as one of a file does."""
    if row.is_active:
        await months_informed(session, row.price_index_id, [row.month], at=at)


REGISTRIES: tuple[Registry, ...] = (
    Registry(
        "indices",
        N_("Índices de preços"),
        N_("Por onde os contratos são reajustados."),
        PriceIndex,
        PriceIndexAsked,
        (
            CODE,
            NAME,
            number(
                "series",
                N_("Série do Banco Central"),
                help=N_("O número da série de variações mensais no SGS; IGP-DI é 190."),
            ),
            reference("successor_id", N_("Substituído por"), of=PriceIndex, is_extra=True),
            ACTIVE,
        ),
        check=plan_checks.check_price_index,
    ),
    Registry(
        "valores-de-indices",
        N_("Valores de índices"),
        N_("O que cada índice foi em cada mês."),
        PriceIndexMonth,
        IndexMonthAsked,
        (
            reference("price_index_id", N_("Índice"), of=PriceIndex, is_required=True),
            choice("kind", N_("Valor"), words.METHODS),
            RegistryField("month", N_("Mês"), FieldKind.DAY, is_required=True),
            RegistryField("value", N_("Valor"), is_required=True),
            ACTIVE,
        ),
        default_sort="-month",
        check=plan_checks.check_index_month,
        follow=_informed,
    ),
)
