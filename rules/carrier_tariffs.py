"""What a tariff must say to be of use: each kind has its own figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules.carrier_terms import TariffKind, TariffUnit
from rules.refusals import Refusal


class TariffPriceMissing(Refusal):
    message = "Informe o preço."
    field = "price"


class TariffUnitWrong(Refusal):
    message = "Informe se o preço da chamada é por minuto ou por chamada."
    field = "unit"


class TariffPercentMissing(Refusal):
    message = "Informe o percentual, de zero a cem."
    field = "percent"


class TariffQuantityMissing(Refusal):
    message = "Informe a quantidade: minutos da franquia, ou número de parcelas."
    field = "quantity"


class TariffBaseMissing(Refusal):
    message = "Informe sobre qual código de chamada a franquia vale."
    field = "base_code"


class TariffEndsBeforeItBegins(Refusal):
    message = "O fim da validade vem antes do seu início."
    field = "valid_until"


def check_tariff(  # noqa: PLR0913 - the figures that a tariff may have
    kind: TariffKind,
    *,
    price: Decimal,
    unit: TariffUnit,
    percent: Decimal,
    quantity: int,
    base_code: str,
    valid_from: date,
    valid_until: date | None,
) -> None:
    """Refuses a tariff that lacks the figure its kind is about."""
    if valid_until is not None and valid_until <= valid_from:
        raise TariffEndsBeforeItBegins
    if kind in (TariffKind.FEE, TariffKind.RATE) and price <= 0:
        raise TariffPriceMissing
    if kind is TariffKind.RATE and unit is TariffUnit.EACH:
        raise TariffUnitWrong
    is_relative = kind is TariffKind.TAX or (kind is TariffKind.DISCOUNT and price <= 0)
    if is_relative and not 0 < percent <= 100:
        raise TariffPercentMissing
    if kind in (TariffKind.ALLOWANCE, TariffKind.INSTALMENT) and quantity <= 0:
        raise TariffQuantityMissing
    if kind is TariffKind.ALLOWANCE and not base_code:
        raise TariffBaseMissing
