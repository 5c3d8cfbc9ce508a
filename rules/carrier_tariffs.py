"""What a tariff must say to be of use: each kind has its own figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from rules.carrier_terms import Sharing, TariffKind, TariffUnit
from rules.refusals import Refusal


class TariffPriceMissing(Refusal):
    message = "Informe o preço."
    field = "price"


class TariffUnitWrong(Refusal):
    message = "Informe se o preço da chamada é por minuto ou por chamada."
    field = "unit"


class AllowanceUnitWrong(Refusal):
    message = "Informe se a franquia é de minutos, de mensagens ou de megabytes."
    field = "unit"


class TariffOfLineWrong(Refusal):
    message = "Só uma assinatura, um serviço ou uma tarifa de chamada pode ser de uma linha só."
    field = "number"


class SharingWithoutAllowance(Refusal):
    message = "Só uma franquia pode ser dividida entre linhas."
    field = "sharing"


class TariffPercentMissing(Refusal):
    message = "Informe o percentual, de zero a cem."
    field = "percent"


class TariffQuantityMissing(Refusal):
    message = "Informe a quantidade: a da franquia, ou o número de parcelas."
    field = "quantity"


class TariffBaseMissing(Refusal):
    message = "Informe sobre qual código de uso a franquia vale."
    field = "base_code"


class TariffEndsBeforeItBegins(Refusal):
    message = "O fim da validade vem antes do seu início."
    field = "valid_until"


class TariffToldTwice(Refusal):
    message = (
        "O arquivo já diz outra coisa desta tarifa: mesmo tipo, código, base, linha e início da "
        "validade."
    )


class TariffIdentity(NamedTuple):
    """What tells a tariff from another: two alike in this cannot both hold."""

    kind: str
    code: str
    base_code: str
    number: str
    valid_from: date


_OF_ONE_LINE = (TariffKind.FEE, TariffKind.RATE)
_OF_ALLOWANCES = (TariffUnit.MINUTE, TariffUnit.MESSAGE, TariffUnit.MEGABYTE)


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
    number: str = "",
    sharing: Sharing = Sharing.LINE,
) -> None:
    """Refuses a tariff that lacks the figure its kind is about."""
    if valid_until is not None and valid_until <= valid_from:
        raise TariffEndsBeforeItBegins
    if kind in (TariffKind.FEE, TariffKind.RATE) and price <= 0:
        raise TariffPriceMissing
    if kind is TariffKind.RATE and unit not in (TariffUnit.MINUTE, TariffUnit.CALL):
        raise TariffUnitWrong
    is_relative = kind is TariffKind.TAX or (kind is TariffKind.DISCOUNT and price <= 0)
    if is_relative and not 0 < percent <= 100:
        raise TariffPercentMissing
    if kind in (TariffKind.ALLOWANCE, TariffKind.INSTALMENT) and quantity <= 0:
        raise TariffQuantityMissing
    _check_shared(kind, number=number, sharing=sharing)
    if kind is TariffKind.ALLOWANCE:
        _check_allowance(unit=unit, base_code=base_code)


def identity_of(values: Mapping[str, Any]) -> TariffIdentity:
    """What tells this tariff from another, however code and base are written."""
    return TariffIdentity(
        str(values["kind"]), _plain(values["code"]), _plain(values["base_code"]),
        values["number"], values["valid_from"],
    )  # fmt: skip


def check_told_once() -> Callable[[Mapping[str, Any]], None]:
    """A check of a file's rows: refuses one that says another thing of a tariff (TariffToldTwice).

    The same row twice says nothing new.
    """
    seen: dict[TariffIdentity, Mapping[str, Any]] = {}

    def check(row: Mapping[str, Any]) -> None:
        if seen.setdefault(identity_of(row), row) != row:
            raise TariffToldTwice

    return check


def _plain(code: str) -> str:
    return code.strip().casefold()


def _check_allowance(*, unit: TariffUnit, base_code: str) -> None:
    if unit not in _OF_ALLOWANCES:
        raise AllowanceUnitWrong
    if not base_code:
        raise TariffBaseMissing


def _check_shared(kind: TariffKind, *, number: str, sharing: Sharing) -> None:
    if number and kind not in _OF_ONE_LINE:
        raise TariffOfLineWrong
    if sharing is not Sharing.LINE and kind is not TariffKind.ALLOWANCE:
        raise SharingWithoutAllowance
