"""Rows inserted at once are kept as rows added one by one are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from models import imports
from models.base import NaiveInstantError, TooPreciseAmountError
from models.bulk import BulkError, BulkRun
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from rules.payments import PaymentSource

AT = datetime(2026, 11, 16, 9, tzinfo=timezone(-timedelta(hours=3)))


async def test_every_kind_of_value_comes_back(database: Database) -> None:
    rows = [
        _invoice("F1", amount=Decimal("0.10"), due_date=date(2026, 2, 28), stage_since=AT),
        _invoice("F2", amount=Decimal("99999.99"), due_date=date(2028, 2, 29), stage_since=None),
        _invoice("F3", amount=Decimal("0.10"), due_date=date(2026, 2, 28), stage_since=AT),
    ]

    await _insert(database, Invoice, rows)

    first, second, third = await _all(database, Invoice)
    assert (first.amount, second.amount, third.amount) == (
        Decimal("0.10"), Decimal("99999.99"), Decimal("0.10"),
    )  # fmt: skip
    assert (first.due_date, second.due_date) == (date(2026, 2, 28), date(2028, 2, 29))
    assert (first.stage_since, second.stage_since) == (AT.astimezone(UTC), None)
    assert [each.code for each in (first, second, third)] == ["F1", "F2", "F3"]


async def test_what_rows_lack_has_its_default(database: Database) -> None:
    await _insert(database, Invoice, [_invoice("F1"), _invoice("F2")])

    for each in await _all(database, Invoice):
        assert (each.status, each.number, each.remittance_generated) == ("open", "", False)
        assert (each.pay_on_time_discount, each.settled_on) == (Decimal(0), None)


async def test_facts_are_each_rows_own(database: Database) -> None:
    told = [{"source": PaymentSource.BANK, "left": "1.00"}, {}, {"name": "João"}]

    async with database.write() as session:
        await imports.insert_rows(session, Invoice, [_invoice("F1")])
        rows = [
            {"invoice_id": 1, "at": AT, "by": "ana", "kind": "payment", "parameters": each}
            for each in told
        ]
        await imports.insert_rows(session, InvoiceEvent, rows)

    assert [each.parameters for each in await _all(database, InvoiceEvent)] == told


async def test_facts_that_rows_lack_are_none_of_anothers(database: Database) -> None:
    run = BulkRun(
        key="k", kind="import", business_date=AT.date(), requested_by="ana", requested_at=AT
    )
    async with database.write() as session:
        session.add(run)
        await session.flush()
        rows = [{"run_id": run.number, "code": "X", "message": str(n)} for n in range(2)]
        await imports.insert_rows(session, BulkError, rows)

    assert [each.places for each in await _all(database, BulkError)] == [{}, {}]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"amount": Decimal("0.001")}, TooPreciseAmountError),
        ({"stage_since": AT.replace(tzinfo=None)}, NaiveInstantError),
    ],
)
async def test_what_no_column_may_keep_is_refused_and_nothing_kept(
    database: Database, values: dict[str, Any], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        await _insert(database, Invoice, [_invoice("F1"), _invoice("F2", **values)])

    assert await _all(database, Invoice) == []


def _invoice(code: str, **values: Any) -> dict[str, Any]:
    told = {"amount": Decimal(1), "due_date": date(2026, 10, 5), "stage_since": None, **values}
    return {"code": code, "customer_id": 1, "open_amount": told["amount"], **told}


async def _insert(database: Database, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    async with database.write() as session:
        await imports.insert_rows(session, model, rows)


async def _all(database: Database, model: type[Any]) -> list[Any]:
    async with database.read() as session:
        return list(await session.exec(select(model).order_by(model.id)))


@pytest.fixture(autouse=True)
async def a_customer(database: Database) -> None:
    row = {"code": "C1", "name": "Ana", "document": "52998224725", "created_at": AT}
    await _insert(database, Customer, [row])
