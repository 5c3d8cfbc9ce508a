"""Invoices get their fiscal documents once, numbered without gaps, by what their charges are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import col, select

from activities.fiscal_documents import (
    authorise,
    batch_told,
    cancel,
    hand_out,
    issue_all,
    issue_one,
)
from models.charges import Charge
from models.contracts import Contract
from models.database import Database
from models.fiscal_documents import FiscalDocument, FiscalSeries, check_series
from models.invoices import Invoice
from models.people import Deed
from rules.fiscal_documents import (
    AccessKeyNotValid,
    FiscalCancelReason,
    FiscalDocumentsKnown,
    FiscalKind,
    FiscalNotWaiting,
    NotFiscal,
    NothingToExport,
    SeriesNumberUsed,
    SeriesTaken,
)
from tests import builders
from tests.builders import AT

DEED = Deed("ana", AT)
KEY = f"352611{'12ABC34501DE'}35{'3' * 24}"


async def a_series(session, kind: str, **values) -> FiscalSeries:
    defaults = {"code": kind, "name": kind, "kind": kind, "since": date(2026, 11, 1)}
    return await builders.stored(session, FiscalSeries(**{**defaults, **values}))


async def billed(session, *charges: tuple[str, str], **contract) -> Invoice:
    """An invoice of November of these kinds and amounts."""
    customer = await builders.a_customer(session)
    made = await builders.a_contract(session, customer, fiscal_note="Obra 7", **contract)
    total = str(sum(Decimal(amount) for _, amount in charges))
    invoice = await builders.an_invoice(
        session, customer, total, issue_date=date(2026, 11, 10), collection_stage=None,
        stage_since=None,
    )  # fmt: skip
    for place, (kind, amount) in enumerate(charges):
        charge = Charge(
            key=f"{invoice.code}/{place}", contract_id=made.id, customer_id=customer.id, kind=kind,
            description=f"{kind} {place}", issue_date=date(2026, 11, 10),
            due_date=date(2026, 11, 20), amount=Decimal(amount), status="invoiced",
            invoice_id=invoice.id, created_at=AT, created_by="ana",
        )  # fmt: skip
        session.add(charge)
    await session.flush()
    return invoice


async def documents(database: Database) -> list[FiscalDocument]:
    async with database.read() as session:
        return list(await session.exec(select(FiscalDocument).order_by(col(FiscalDocument.id))))


async def test_each_kind_of_an_invoice_is_numbered_once_and_without_gaps(
    database: Database,
) -> None:
    async with database.write() as session:
        for kind in FiscalKind:
            await a_series(session, kind, next_number=7)
        await billed(session, ("monthly", "100.00"), ("fee", "30.00"), ("credit", "-10.00"))
        await billed(session, ("monthly", "50.00"), telecom_service=False)
        await billed(session, ("monthly", "80.00"), fiscal_document=False)
        await billed(session, ("setup", "20.00"), setup_composition="nfcom")
        await billed(session, ("credit", "-5.00"))

    counts = [await issue_all(database, deed=DEED) for _ in range(2)]

    found = await documents(database)
    assert counts == [4, 0]
    assert [(each.kind, each.number, str(each.amount)) for each in found] == [
        ("debit_note", 7, "30.00"), ("nfcom", 7, "90.00"), ("nfse", 7, "50.00"),
        ("nfcom", 8, "20.00"),
    ]  # fmt: skip
    assert [line["amount"] for line in found[1].lines["lines"]] == ["100.00", "-10.00"]
    assert found[1].note == "Obra 7"


@pytest.mark.parametrize(
    ("since", "count"), [(date(2026, 11, 10), 1), (date(2026, 11, 11), 0), (None, 0)]
)
async def test_an_invoice_of_before_its_series_gets_no_number(
    database: Database, since: date | None, count: int
) -> None:
    async with database.write() as session:
        await a_series(session, "nfse")
        if since:
            await a_series(session, "nfcom", since=since)
        await billed(session, ("monthly", "100.00"))

    assert await issue_all(database, deed=DEED) == count


async def test_a_document_is_handed_out_once_and_authorised_with_its_key(
    database: Database,
) -> None:
    async with database.write() as session:
        await a_series(session, "nfcom")
        await billed(session, ("monthly", "100.00"))
    await issue_all(database, deed=DEED)

    async with database.write() as session:
        batch = await hand_out(session, deed=DEED)
        [told] = await batch_told(session, batch)
        with pytest.raises(NothingToExport):
            await hand_out(session, deed=DEED)
        with pytest.raises(AccessKeyNotValid):
            await authorise(session, 1, access_key="3" * 43, deed=DEED)
        for _ in range(2):
            await authorise(session, 1, access_key=KEY, deed=DEED)
        with pytest.raises(FiscalNotWaiting):
            await authorise(session, 1, access_key="4" * 44, deed=DEED)
        with pytest.raises(FiscalCancelReason):
            await cancel(session, 1, reason=" ", deed=DEED)

    assert (told["number"], told["amount"], told["taker"]["document"]) == (
        1, "100.00", "52998224725",
    )  # fmt: skip
    assert told["issuer"]["name"] == "Acerto Telecom"
    async with database.read() as session:
        assert (await session.exec(select(Invoice))).one().fiscal_document_issued
    async with database.write() as session:
        await cancel(session, 1, reason="valor errado", deed=DEED)
    assert await issue_all(database, deed=DEED) == 0
    async with database.read() as session:
        assert not (await session.exec(select(Invoice))).one().fiscal_document_issued


async def test_with_one_of_two_cancelled_an_invoice_still_has_a_document(
    database: Database,
) -> None:
    async with database.write() as session:
        await a_series(session, "nfcom")
        await a_series(session, "debit_note")
        await billed(session, ("monthly", "100.00"), ("setup", "50.00"))
    assert await issue_all(database, deed=DEED) == 2

    async with database.write() as session:
        for document in (await session.exec(select(FiscalDocument).order_by("id"))).all():
            key = KEY if document.kind == FiscalKind.NFCOM else ""
            await authorise(session, document.id or 0, access_key=key, deed=DEED)
        await cancel(session, 1, reason="valor errado", deed=DEED)

    async with database.read() as session:
        assert (await session.exec(select(Invoice))).one().fiscal_document_issued


async def test_one_invoice_is_numbered_by_hand(database: Database) -> None:
    async with database.write() as session:
        await a_series(session, "nfcom")
        invoice = await billed(session, ("monthly", "100.00"), fiscal_document=False)
        customer = await builders.a_customer(session)
        loose = await builders.an_invoice(session, customer, issue_date=date(2026, 11, 10))

    async with database.write() as session:
        assert await issue_one(session, invoice.code, deed=DEED) == 1
        with pytest.raises(FiscalDocumentsKnown):
            await issue_one(session, invoice.code, deed=DEED)
        with pytest.raises(NotFiscal):
            await issue_one(session, loose.code, deed=DEED)


async def test_a_void_document_gives_way_to_another_with_another_number(
    database: Database,
) -> None:
    async with database.write() as session:
        await a_series(session, "nfcom")
        await a_series(session, "debit_note")
        invoice = await billed(session, ("monthly", "100.00"), ("setup", "50.00"))
    await issue_all(database, deed=DEED)
    async with database.write() as session:
        await cancel(session, 2, reason="valor errado", deed=DEED)

    by_itself = await issue_all(database, deed=DEED)
    async with database.write() as session:
        by_hand = await issue_one(session, invoice.code, deed=DEED)
        with pytest.raises(FiscalDocumentsKnown):
            await issue_one(session, invoice.code, deed=DEED)

    assert (by_itself, by_hand) == (0, 1)
    assert [(each.kind, each.number, each.status) for each in await documents(database)] == [
        ("debit_note", 1, "issued"), ("nfcom", 1, "cancelled"), ("nfcom", 2, "issued"),
    ]  # fmt: skip


async def test_a_series_gives_no_number_twice(database: Database) -> None:
    async with database.write() as session:
        series = await a_series(session, "nfcom")
        await billed(session, ("monthly", "100.00"))
    await issue_all(database, deed=DEED)

    async with database.write() as session:
        kept = await session.get_one(FiscalSeries, series.id)
        assert kept.next_number == 2
        kept.next_number = 1
        with pytest.raises(SeriesNumberUsed):
            await check_series(session, kept)
        kept.next_number = 2
        other = FiscalSeries(code="x", name="x", kind="nfcom", since=date(2026, 1, 1))
        with pytest.raises(SeriesTaken):
            await check_series(session, other)
    async with database.read() as session:
        assert (await session.exec(select(Contract))).one().fiscal_document
