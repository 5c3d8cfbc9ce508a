"""The five numbers of contestations: whatever the rows, they add up."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from models.bulk import BulkRun
from models.carrier_invoices import CarrierInvoice
from models.carriers import Carrier, CarrierAccount
from models.contestation_numbers import ages, findings_of, five_numbers
from models.contestations import Contestation, ContestationItem
from models.customers import Customer
from models.database import Database
from models.findings import Finding
from models.lines import Line, LineHolder
from models.rows import rows_of
from rules.audit_rules import Rule
from rules.contestation import FINAL, ContestationStage
from rules.contestation_numbers import Age, By, Detail, Part, success_percent

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

    rows, by_centre, listed = asyncio.run(numbers(f"sqlite+aiosqlite:///{file}", found))

    for row in (*rows, *by_centre):
        assert row["identified"] == sum(row[name] for name in PARTS)
        assert all(row[name] >= 0 for name in (*PARTS, *Detail))
        assert row["recovered"] == row["credited"] + row["avoided"]
    for name in PARTS:
        told = sum(row[name] for row in rows)
        assert told == sum(row[name] for row in by_centre)
        assert bool(told) is bool(listed[name])  # what a figure opens is what it is made of
    whole = sum(each["difference"] for each in found if not is_avoided(each))
    avoided = sum(each["avoided"] for each in found if is_avoided(each) or is_mended(each))
    assert sum(row["identified"] for row in rows) == Decimal(whole + avoided).scaleb(-2)


def is_avoided(case) -> bool:
    """Of a preview that is over, only what it avoided is identified."""
    return case["is_preview"] and case["stage"] in FINAL


def is_mended(case) -> bool:
    """What an invoice that was issued anew charges no more is identified beside what it does."""
    return case["stage"] is not None and not case["is_preview"]


async def numbers(url: str, found) -> tuple:
    database = Database(url)
    try:
        async with database.write() as session:
            await write(session, found)
        async with database.read() as session:
            rows = [dict(row) for row in await five_numbers(session)]
            by_centre = [dict(row) for row in await five_numbers(session, by=By.COST_CENTRE)]
            listed = {part: await rows_of(session, findings_of(part)) for part in Part}
            return rows, by_centre, listed
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


async def test_whoever_held_the_line_on_the_invoices_day_bears_it(database: Database) -> None:
    case = {"difference": 500, "stage": None, "accepted": 0, "credited": 0, "avoided": 0,
            "is_preview": False, "month": MONTHS[0], "rule": Rule.RATE_DIFFERS}  # fmt: skip
    async with database.write() as session:
        await write(session, [case])
        [finding] = (await session.exec(select(Finding).order_by("id"))).all()
        finding.number = "11987654321"
        line = Line(customer_id=1, number=finding.number)
        session.add_all([finding, line])
        await session.flush()
        moved = MONTHS[0]  # the day itself: from then on it is the other's
        session.add_all(
            [
                LineHolder(line_id=line.id, cost_centre="ANTES", since=date(2020, 1, 1),
                           until=moved),
                LineHolder(line_id=line.id, cost_centre="VENDAS", since=moved),
            ]
        )  # fmt: skip

    async with database.read() as session:
        [row] = await five_numbers(session, by=By.COST_CENTRE)

    assert (row["cost_centre"], row["untouched"], row["oldest"]) == (
        "VENDAS",
        Decimal("5.00"),
        MONTHS[0],
    )


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (0, Age.NEW), (30, Age.NEW), (31, Age.SECOND_MONTH), (60, Age.SECOND_MONTH),
        (61, Age.THIRD_MONTH), (90, Age.THIRD_MONTH), (91, Age.OLDER), (400, Age.OLDER),
    ],
)  # fmt: skip
async def test_what_is_open_has_the_age_of_its_filing(database: Database, days, age) -> None:
    async with database.write() as session:
        session.add(Customer(code="C", name="Aurora", document="12345678000195", created_at=AT))
        await session.flush()
        filed = AT.date() - timedelta(days=days)
        told = {"customer_id": 1, "claimed": Decimal(7), "made_at": AT, "made_by": "ana",
                "stage_on": filed, "filed_on": filed, "stage": "awaiting_answer"}  # fmt: skip
        session.add_all(
            [
                Contestation(**told), Contestation(**{**told, "filed_on": None}),
                Contestation(**told, ended_at=AT), Contestation(**told, direction="received"),
            ]
        )  # fmt: skip

    async with database.read() as session:
        found = await ages(session, today=AT.date())

    assert {each: number for each, (number, _) in found.items() if number} == {age: 1}
    assert found[age] == (1, Decimal(7))


def test_success_is_told_once_something_came_to_an_end():
    assert success_percent(recovered=Decimal(0), lost=Decimal(0)) is None
    assert success_percent(recovered=Decimal(2), lost=Decimal(1)) == Decimal("66.7")
    assert success_percent(recovered=Decimal(0), lost=Decimal(1)) == 0
