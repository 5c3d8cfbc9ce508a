"""The central bank's time series (SGS): monthly rates of an index, as it publishes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx2

from rules.refusals import Refusal

#: https://dadosabertos.bcb.gov.br: JSON rows of {"data": "01/10/2025", "valor": "-0.03"}.
ADDRESS = "https://api.bcb.gov.br/dados/serie/bcdata.sgs.{series}/dados"
PATIENCE_SECONDS = 20


class CentralBankNotReached(Refusal):
    message = "O Banco Central não respondeu (%(reason)s). Tente mais tarde ou importe um CSV."


async def monthly_rates(
    series: int, *, since: date, until: date, transport: httpx2.AsyncBaseTransport | None = None
) -> dict[date, Decimal]:
    """This will ask for the rates of these months, by their first day.

    Refuses CentralBankNotReached, with what went wrong, when no answer came or it makes no sense.
    """
    asked = {
        "formato": "json", "dataInicial": f"{since:%d/%m/%Y}", "dataFinal": f"{until:%d/%m/%Y}",
    }  # fmt: skip
    try:
        async with httpx2.AsyncClient(transport=transport, timeout=PATIENCE_SECONDS) as client:
            answer = await client.get(ADDRESS.format(series=series), params=asked)
            answer.raise_for_status()
            return dict(_row(each) for each in answer.json())
    except (httpx2.HTTPError, ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise CentralBankNotReached(reason=type(error).__name__) from error


def _row(row: dict[str, Any]) -> tuple[date, Decimal]:
    day = datetime.strptime(row["data"], "%d/%m/%Y").replace(tzinfo=UTC).date()
    return day.replace(day=1), Decimal(row["valor"])
