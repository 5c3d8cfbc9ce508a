"""A tariff as evidence tells it, in the words of the letters to carriers."""

from __future__ import annotations

from decimal import Decimal

from rules.carrier_terms import Tariff, TariffKind, TariffUnit

_EACH = {
    TariffUnit.MINUTE: " por minuto", TariffUnit.CALL: " por chamada",
    TariffUnit.MEGABYTE: " por MB", TariffUnit.MESSAGE: " por mensagem",
}  # fmt: skip


def written_tariff(tariff: Tariff) -> str:
    """R$ 0,2950 por minuto, no mínimo 30 s e de 6 em 6 s; R$ 49,90; 25 %."""
    if tariff.kind is TariffKind.TAX:
        return f"{_figure(tariff.percent)} %"
    price = f"R$ {written_price(tariff.price)}{_EACH.get(tariff.unit, '')}"
    if tariff.kind is not TariffKind.RATE or tariff.unit is TariffUnit.CALL:
        return price
    step = tariff.step_seconds
    return f"{price}, no mínimo {tariff.minimum_seconds} s e de {step} em {step} s"


def written_price(price: Decimal) -> str:
    """Reais with two decimals, or as many as it takes: 49,90 and 0,295."""
    whole, _, decimals = f"{price:f}".partition(".")
    return f"{whole},{decimals.rstrip('0').ljust(2, '0')}"


def _figure(value: Decimal) -> str:
    bare = value.normalize()
    return f"{bare:f}".replace(".", ",")
