"""Months of an index: from a CSV, from the central bank, and its failures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import httpx2
import pytest

from activities.clients.central_bank import CentralBankNotReached, monthly_rates
from activities.price_indices import (
    IndexFileEmpty,
    IndexLineNotRead,
    KeptMonths,
    keep_months,
    read_months,
)
from models.database import Database
from models.people import Deed
from models.plans import PriceIndex
from rules.price_indices import Method
from tests.builders import AT, stored

OCTOBER, NOVEMBER = date(2025, 10, 1), date(2025, 11, 1)


def bank(status: int, body: object) -> httpx2.MockTransport:
    return httpx2.MockTransport(lambda _: httpx2.Response(status, json=body))


def test_a_csv_is_read_with_or_without_its_heading():
    expected = {OCTOBER: Decimal("1164.8590"), NOVEMBER: Decimal("0.01")}

    assert read_months("mês;valor\n10/2025;1.164,8590\n01/11/2025;0.01\n".encode()) == expected
    assert read_months(b"10/2025;1164,8590\n11/2025;0,01") == expected


@pytest.mark.parametrize("line", [b"10/2025", b"13/2025;1", b"10/2025;um", b"10/2025;NaN"])
def test_a_line_that_is_neither_is_refused(line):
    with pytest.raises(IndexLineNotRead):
        read_months(line)


def test_a_file_without_months_is_refused():
    with pytest.raises(IndexFileEmpty):
        read_months(b"mes;valor\n")


async def test_a_month_is_kept_once_and_corrected(database: Database):
    deed = Deed("ana", AT)
    async with database.write() as session:
        index = await stored(session, PriceIndex(code="IGP-DI", name="IGP-DI"))

        async def keep(months: dict[date, Decimal]) -> KeptMonths:
            kind = Method.MONTHLY_RATES
            return await keep_months(session, index.id, months, kind=kind, source="csv", deed=deed)

        first = await keep({OCTOBER: Decimal("0.45")})
        second = await keep({OCTOBER: Decimal("0.46"), NOVEMBER: Decimal("0.01")})
        third = await keep({OCTOBER: Decimal("0.46")})

    assert [first, second, third] == [KeptMonths(1, 0, 0), KeptMonths(1, 1, 0), KeptMonths(0, 0, 1)]


async def test_the_central_bank_tells_monthly_rates():
    transport = bank(200, [{"data": "01/10/2025", "valor": "-0.03"}])

    found = await monthly_rates(190, since=OCTOBER, until=NOVEMBER, transport=transport)

    assert found == {OCTOBER: Decimal("-0.03")}


@pytest.mark.parametrize(
    ("status", "body"), [(503, {}), (200, {"error": "x"}), (200, [{"data": "?", "valor": "1"}])]
)
async def test_what_the_central_bank_cannot_tell_is_a_refusal(status, body):
    with pytest.raises(CentralBankNotReached):
        await monthly_rates(190, since=OCTOBER, until=NOVEMBER, transport=bank(status, body))
