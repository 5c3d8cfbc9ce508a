"""Diaries of imports: begun, stopped, resumed, taken over at a stage, and what journeys hear."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import col, delete, select
from temporalio.client import WorkflowUpdateFailedError

from activities.import_requests import begin_import, resume_import, stop_import
from models.agreements import Agreement, AgreementInvoice, Role
from models.bulk import BulkRun
from models.cases import Case, CaseEvent, case_of
from models.invoices import Invoice
from models.messages import Message
from models.tasks import Task
from rules.agreements import CancelAgreement, RestoreOriginals
from rules.business_days import local_date
from rules.cases import Process
from tests.builders import a_category, days
from tests.conftest import House
from tests.support.portfolio import (
    CUSTOMERS,
    a_payment,
    an_agreement,
    an_invoice,
    uploaded,
    write_csv,
)
from workflows.agreements import AgreementJourney


async def asked(house: House, *paths: Path) -> int:
    files = [uploaded(path) for path in paths]
    async with house.database.write() as session:
        run = await begin_import(session, files, is_dry_run=False, by="ana", at=house.clock.now)
        return run.id or 0


async def run_of(house: House, run_id: int) -> BulkRun:
    async with house.database.read() as session:
        run = await session.get(BulkRun, run_id)
    assert run is not None
    return run


async def the_case(house: House) -> Case:
    async with house.database.read() as session:
        statement = select(Case).where(Case.process == Process.COLLECTIONS)
        return (await session.exec(statement)).one()


async def test_an_import_is_stopped_and_goes_on_to_its_end(house: House, tmp_path: Path) -> None:
    run_id = await asked(house, write_csv(tmp_path / "c.csv", CUSTOMERS))
    async with house.database.write() as session:
        await stop_import(session, run_id)

    # Stopped before its first page
    await house.clock.settle()
    assert (await run_of(house, run_id)).status == "stopped"

    # Resumed: the rest is written
    async with house.database.write() as session:
        await resume_import(session, run_id, at=house.clock.now)
    await house.clock.settle()
    run = await run_of(house, run_id)
    assert (run.status, run.changed, run.done) == ("done", 2, 2)
    assert run.finished_at is not None


async def test_an_account_taken_over_gets_no_burst_of_old_messages(
    house: House, tmp_path: Path
) -> None:
    old = an_invoice(estagio="em negociação", desde="01/06/2026", vencimento="05/05/2026")
    customers = [CUSTOMERS[0] | {"email": "ana@example.com", "celular": "11987654321"}]

    # Imported half-way through a negotiation that began half a year ago
    await asked(
        house, write_csv(tmp_path / "c.csv", customers), write_csv(tmp_path / "f.csv", [old])
    )
    await house.clock.settle()
    await house.clock.settle()
    case = await the_case(house)
    assert (case.stage, case.closed_at) == ("negotiating", None)
    assert case.next_at is not None
    assert case.next_at > house.clock.now
    async with house.database.read() as session:
        assert (await session.exec(select(Message).order_by("id"))).all() == []
        assert (await session.exec(select(Task).order_by("id"))).all() == []
        kinds = list(await session.exec(select(CaseEvent.kind).order_by(col(CaseEvent.id))))
    assert kinds == ["opened", "adopted"]

    # A week on, its own clocks have begun
    await house.clock.forward(days=7)
    async with house.database.read() as session:
        assert (await session.exec(select(Message).order_by("id"))).all() != []


async def test_a_payment_by_file_ends_the_customers_collections(
    house: House, tmp_path: Path
) -> None:
    invoice = an_invoice(estagio="classificado", desde="")
    await asked(
        house, write_csv(tmp_path / "c.csv", CUSTOMERS), write_csv(tmp_path / "f.csv", [invoice])
    )
    await house.clock.settle()
    assert (await the_case(house)).stage == "classified"

    # Paid in full, by file
    today = f"{local_date(house.clock.now):%d/%m/%Y}"
    await asked(house, write_csv(tmp_path / "p.csv", [a_payment(pago_em=today)]))
    await house.clock.settle()

    case = await the_case(house)
    assert (case.stage, case.closed_at is not None) == ("closed", True)
    async with house.database.read() as session:
        paid = (await session.exec(select(Invoice))).one()
    assert (paid.status, paid.collection_stage) == ("settled", "recovered")


async def taken_over(house: House, folder: Path, first_due: int, *, situacao: str = "") -> int:
    """An agreement of two instalments of 450, a month apart, in place of an invoice of 1,000."""
    today = local_date(house.clock.now)
    due = [days(first_due, since=today), days(first_due + 30, since=today)]
    customers = [CUSTOMERS[0] | {"email": "ana@example.com"}]
    invoices = [
        an_invoice("F1", valor="1.000,00", situacao="suspensa"),
        *(
            an_invoice(f"P{n}", valor="450,00", situacao="aberta", vencimento=f"{day:%d/%m/%Y}")
            for n, day in enumerate(due, start=1)
        ),
    ]
    row = an_agreement(
        tolerancia=f"{days(5, since=due[-1]):%d/%m/%Y}", situacao=situacao, feito_em="01/06/2026"
    )
    async with house.database.write() as session:
        await a_category(session, code="A0")
    await asked(
        house, write_csv(folder / "c.csv", customers), write_csv(folder / "f.csv", invoices),
        write_csv(folder / "a.csv", [row]),
    )  # fmt: skip
    for _ in range(3):
        await house.clock.settle()
    async with house.database.read() as session:
        agreement = (await session.exec(select(Agreement))).one()
    return agreement.number


async def agreement_of(house: House, number: int) -> Agreement:
    async with house.database.read() as session:
        return await session.get_one(Agreement, number)


async def written(house: House) -> list[str]:
    async with house.database.read() as session:
        statement = select(Message.purpose).where(Message.channel == "email")
        return list(await session.exec(statement.order_by(col(Message.id))))


async def test_an_agreement_taken_over_is_reminded_of_from_then_on_and_broken_in_time(
    house: House, tmp_path: Path
) -> None:
    # Its first instalment was due ten days ago: nothing of that is said
    number = await taken_over(house, tmp_path, -10)
    agreement = await agreement_of(house, number)
    assert (agreement.status, await written(house)) == ("in_progress", [])
    async with house.database.read() as session:
        own = await case_of(session, process=Process.AGREEMENTS, subject_id=number)
    assert own is not None
    assert (own.next_kind, own.next_at is not None and own.next_at > house.clock.now) == (
        "remind", True,
    )  # fmt: skip

    # Three days before the second one: one reminder
    await house.clock.forward(days=18)
    assert await written(house) == ["agreement_reminder_before"]

    # Thirty-one days after the first one was due, it is broken, and somebody is asked
    await house.clock.forward(days=5)
    assert (await agreement_of(house, number)).status == "broken"
    async with house.database.read() as session:
        assert [task.kind for task in await session.exec(select(Task))] == ["break"]


async def test_an_agreement_taken_over_is_fulfilled_by_its_payments(
    house: House, tmp_path: Path
) -> None:
    number = await taken_over(house, tmp_path, -10)
    today = f"{local_date(house.clock.now):%d/%m/%Y}"
    paid = [a_payment(f"B{n}", fatura=f"P{n}", valor="450,00", pago_em=today) for n in (1, 2)]

    await asked(house, write_csv(tmp_path / "p.csv", paid))
    await house.clock.settle()
    await house.clock.settle()

    assert (await agreement_of(house, number)).status == "fulfilled"
    case = await the_case(house)
    assert (case.stage, case.closed_at is not None) == ("closed", True)


async def test_a_broken_agreement_taken_over_is_restored_or_negotiated_anew(
    house: House, tmp_path: Path
) -> None:
    number = await taken_over(house, tmp_path, -90, situacao="não cumprido")
    assert ((await agreement_of(house, number)).status, await written(house)) == ("broken", [])
    async with house.database.read() as session:
        own = await case_of(session, process=Process.AGREEMENTS, subject_id=number)
        assert list(await session.exec(select(Task))) == []
    assert own is not None

    handle = house.client.get_workflow_handle_for(AgreementJourney.run, own.workflow_id)
    await handle.execute_update(AgreementJourney.restore, RestoreOriginals(by="ana"))
    await house.clock.settle()

    async with house.database.read() as session:
        invoices = list(await session.exec(select(Invoice).order_by(col(Invoice.id))))
    assert [(i.code, i.status, i.collection_stage, i.open_amount) for i in invoices] == [
        ("F1", "open", "negotiating", Decimal(1000)),
        ("P1", "cancelled", "withdrawn", Decimal(0)),
        ("P2", "cancelled", "withdrawn", Decimal(0)),
    ]


async def test_without_its_originals_only_what_is_left_is_owed_again(
    house: House, tmp_path: Path
) -> None:
    number = await taken_over(house, tmp_path, -90, situacao="não cumprido")
    async with house.database.write() as session:
        await session.exec(
            delete(AgreementInvoice).where(col(AgreementInvoice.role) == Role.ORIGINAL)
        )
        own = await case_of(session, process=Process.AGREEMENTS, subject_id=number)
    assert own is not None
    handle = house.client.get_workflow_handle_for(AgreementJourney.run, own.workflow_id)

    # Nothing is known that could be restored
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update(AgreementJourney.restore, RestoreOriginals(by="ana"))
    assert "OriginalsNotHere" in str(refused.value.cause.__dict__)

    # Called off, its instalments are negotiated: the debt does not go with it
    await handle.execute_update(AgreementJourney.cancel, CancelAgreement(by="ana", reason="x"))
    await house.clock.settle()
    async with house.database.read() as session:
        rows = list(await session.exec(select(Invoice).where(col(Invoice.code).startswith("P"))))
    assert {(i.status, i.collection_stage, i.open_amount) for i in rows} == {
        ("open", "negotiating", Decimal(450))
    }
