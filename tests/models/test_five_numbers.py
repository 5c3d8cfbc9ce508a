"""The five numbers of contestations: whatever the rows, they add up."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice
from models.carriers import Carrier, CarrierAccount
from models.contestation_lists import five_numbers
from models.contestations import Contestation, ContestationItem
from models.customers import Customer
from models.database import Database
from models.findings import Finding
from rules.carrier_terms import Rule
from rules.contestation import FINAL, ContestationStage

pytestmark = pytest.mark.once

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONTHS = (date(2026, 10, 1), date(2026, 11, 1))
PARTS = ("contested", "recovered", "lost", "untouched")
AMOUNTS = st.integers(1, 50_000)


@st.composite
def cases(draw):
    """A finding, and what became of it: cents that were accepted, credited, avoided."""
    difference = draw(AMOUNTS)
    stage = draw(st.none() | st.sampled_from(ContestationStage))
    accepted = draw(st.integers(0, difference))
    return {
        "difference": difference, "stage": stage, "accepted": accepted,
        "credited": draw(st.integers(0, 2 * accepted)),
        "avoided": draw(st.integers(0, difference)), "is_preview": draw(st.booleans()),
        "month": draw(st.sampled_from(MONTHS)), "rule": draw(st.sampled_from(Rule)),
    }  # fmt: skip


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(found=st.lists(cases(), min_size=1, max_size=12))
def test_identified_is_the_sum_of_the_other_four(
    database_template: str, tmp_path: Path, found
) -> None:
    file = tmp_path / "numbers.db"
    shutil.copy(database_template, file)

    rows = asyncio.run(numbers(f"sqlite+aiosqlite:///{file}", found))

    for row in rows:
        assert row["identified"] == sum(row[name] for name in PARTS)
        assert all(row[name] >= 0 for name in PARTS)
    whole = sum(each["difference"] for each in found if not is_avoided(each))
    avoided = sum(each["avoided"] for each in found if is_avoided(each))
    assert sum(row["identified"] for row in rows) == Decimal(whole + avoided).scaleb(-2)


def is_avoided(case) -> bool:
    """Of a preview that is over, only what it avoided is identified."""
    return case["is_preview"] and case["stage"] in FINAL


async def numbers(url: str, found) -> list:
    database = Database(url)
    try:
        async with database.write() as session:
            await write(session, found)
        async with database.read() as session:
            return [dict(row) for row in await five_numbers(session)]
    finally:
        await database.dispose()


async def write(session, found) -> None:
    customer = Customer(code="C", name="Aurora", document="12345678000195", created_at=AT)
    carrier = Carrier(code="claro", name="Claro")
    run = BulkRun(key="run", kind="x", business_date=AT.date(), requested_by="ana", requested_at=AT)
    session.add_all([customer, carrier, run])
    await session.flush()
    account = CarrierAccount(carrier_id=carrier.id, customer_id=customer.id, number="1")
    session.add(account)
    await session.flush()
    invoices = {month: an_invoice(account, month) for month in MONTHS}
    session.add_all(invoices.values())
    await session.flush()
    for place, case in enumerate(found):
        await one(session, case, invoices[case["month"]], place)


def an_invoice(account: CarrierAccount, month: date) -> CarrierInvoice:
    return CarrierInvoice(
        account_id=account.id, run_id=1, month=month, issue_date=month, total=Decimal(1),
        charged=Decimal(1), file_name="f", sha256=f"{month}", size=1, layout="x", encoding="x",
        imported_at=AT, imported_by="ana",
    )  # fmt: skip


async def one(session, case, invoice: CarrierInvoice, place: int) -> None:
    cents = {name: Decimal(case[name]).scaleb(-2) for name in
             ("difference", "accepted", "credited", "avoided")}  # fmt: skip
    finding = Finding(
        invoice_id=invoice.id, rule=case["rule"], key=f"k{place}", charged=cents["difference"],
        expected=Decimal(0), difference=cents["difference"], count=1, status="open",
        status_since=AT, found_at=AT,
    )  # fmt: skip
    session.add(finding)
    await session.flush()
    if case["stage"] is None:
        return
    made = Contestation(
        stage=case["stage"], stage_on=AT.date(), customer_id=1, claimed=cents["difference"],
        is_preview=case["is_preview"], made_at=AT, made_by="ana",
        ended_at=AT if case["stage"] in FINAL else None,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    session.add(
        ContestationItem(
            contestation_id=made.id, finding_id=finding.id, claimed=cents["difference"],
            accepted=cents["accepted"], credited=cents["credited"], avoided=cents["avoided"],
        )
    )  # fmt: skip
