"""A bank's return file becomes payments once, and each of its lines is reported."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from activities import bank_returns
from activities.return_questions import answer_questions
from activities.return_requests import resume_return, stop_return
from models.bulk import BulkRun
from models.cases import open_case
from models.database import Database
from models.invoices import Invoice, InvoiceEvent
from models.outbox import OutboxEntry
from models.payments import Payment
from models.people import Deed
from models.tasks import Task
from rules.bank_returns import LineAlreadyDone, LineOutcome
from rules.cases import Process
from rules.return_files import ReturnAlreadyRead, ReturnNumberAlreadyRead
from tests.support.asked import counted
from tests.support.bank_returns import (
    AT,
    an_invoice,
    collect_by_boleto,
    lines_of,
    send_in,
    write_out,
)
from tests.support.cnab import (
    cents,
    file_240,
    file_400,
    liquidation_400,
    sent,
    t_segment,
    u_segment,
)

INTER = {71: "1" * 11, 90: "06", 119: "051026", 125: cents("100.00"), 173: "161126"}
BB = {"bank": "001", "branch": "1234", "account": "5678", "agreement": "1234567", "wallet": "17"}


def itau(*titles: dict[int, str], number: str = "00001") -> bytes:
    lines = file_400("341", *titles)
    lines[0] = lines[0][:108] + number + lines[0][113:]
    return sent(lines)


def paid_at_inter(code: str, amount: str, on: str) -> dict[int, str]:
    return INTER | {98: code, 92: on, 160: cents(amount)}


async def invoice_of(database: Database, code: str = "F1") -> Invoice:
    async with database.read() as session:
        return (await session.exec(select(Invoice).where(Invoice.code == code))).one()


async def payments(database: Database) -> list[Payment]:
    async with database.read() as session:
        return list(await session.exec(select(Payment).order_by(Payment.id)))  # type: ignore[arg-type]


async def test_each_way_of_paying_has_its_outcome(database: Database, tmp_path: Path):
    invoices = [an_invoice(f"F{n}") for n in range(1, 6)]
    invoices[4].status, invoices[4].open_amount = "cancelled", Decimal(0)
    await collect_by_boleto(database, *invoices)
    content = itau(
        liquidation_400("00000001", paid="100.00", fee="2.10"),
        liquidation_400("00000002", paid="40.00"),
        liquidation_400("00000003", paid="130.00"),
        liquidation_400("00000001", paid="100.00", occurred="141126"),
        liquidation_400("00000005", paid="100.00"),
        liquidation_400("00000004", paid="104.17", interest="4.17"),
        liquidation_400("00000099", paid="100.00"),
    )

    run = await write_out(database, await send_in(database, tmp_path, content))

    assert (run.status, run.total, run.done, run.changed, run.errors) == ("done", 7, 7, 6, 4)
    assert [line.outcome for line in await lines_of(database, run)] == [
        LineOutcome.SETTLED, LineOutcome.PARTIAL, LineOutcome.OVER, LineOutcome.DOUBLE,
        LineOutcome.NOT_OWED, LineOutcome.SETTLED, LineOutcome.UNKNOWN,
    ]  # fmt: skip
    money = [(str(p.applied), str(p.charges), str(p.excess)) for p in await payments(database)]
    assert money == [
        ("100.00", "0.00", "0.00"), ("40.00", "0.00", "0.00"), ("100.00", "0.00", "30.00"),
        ("0.00", "0.00", "100.00"), ("0.00", "0.00", "100.00"), ("100.00", "4.17", "0.00"),
    ]  # fmt: skip
    first = (await payments(database))[0]
    assert (first.amount, first.fee, first.source) == (Decimal("100.00"), Decimal("2.10"), "bank")
    assert (first.paid_on, first.credited_on) == (date(2026, 11, 13), date(2026, 11, 16))
    assert (await invoice_of(database)).settled_on == date(2026, 11, 13)
    assert (await invoice_of(database, "F5")).status == "cancelled"
    assert run.summary["fees"] == "2.10"
    assert run.summary["kinds"] == {"header": 1, "title": 7, "trailer": 1}
    kept = [name for name in os.listdir(tmp_path) if name.endswith(".ret")]
    assert kept == [], "the file is gone once it is written"


async def test_what_a_bank_does_not_tell_of_late_charges_is_reckoned_here(
    database: Database, tmp_path: Path
):
    """Inter has no columns of interest: what a late payer brings with it is owed all the same."""
    await collect_by_boleto(database, *(an_invoice(f"F{n}") for n in range(1, 5)))
    content = sent(
        file_400(
            "077",
            # Thirty-nine days late: a fine of 2.00 and interest of 1.30.
            paid_at_inter("F1", "103.30", "131126"),
            paid_at_inter("F2", "110.00", "131126"),
            paid_at_inter("F3", "60.00", "131126"),
            paid_at_inter("F4", "103.30", "051026"),
        )
    )

    run = await write_out(database, await send_in(database, tmp_path, content))

    assert [line.outcome for line in await lines_of(database, run)] == [
        LineOutcome.SETTLED, LineOutcome.OVER, LineOutcome.PARTIAL, LineOutcome.OVER,
    ]  # fmt: skip
    money = [(str(p.applied), str(p.charges), str(p.excess)) for p in await payments(database)]
    assert money == [
        ("100.00", "3.30", "0.00"), ("100.00", "3.30", "6.70"), ("60.00", "0.00", "0.00"),
        ("100.00", "0.00", "3.30"),
    ]  # fmt: skip


@pytest.mark.parametrize("page_size", [1, 5_000])
async def test_a_second_late_payment_brings_the_late_charges_of_what_the_first_left(
    database: Database, tmp_path: Path, page_size: int
):
    await collect_by_boleto(database, an_invoice("F1"), an_invoice("F2"))
    content = sent(
        file_400(
            "077",
            paid_at_inter("F1", "60.00", "131126"),
            # A fine of 2.00, 1.30 on 100.00 for thirty-nine days and 0.04 on 40.00 for three.
            paid_at_inter("F1", "43.34", "161126"),
            paid_at_inter("F2", "103.30", "131126"),
            paid_at_inter("F2", "103.30", "161126"),
        )
    )

    run = await write_out(database, await send_in(database, tmp_path, content), page_size=page_size)

    assert [line.outcome for line in await lines_of(database, run)] == [
        LineOutcome.PARTIAL, LineOutcome.SETTLED, LineOutcome.SETTLED, LineOutcome.DOUBLE,
    ]  # fmt: skip
    money = [(str(p.applied), str(p.charges), str(p.excess)) for p in await payments(database)]
    assert money == [
        ("60.00", "0.00", "0.00"), ("40.00", "3.34", "0.00"), ("100.00", "3.30", "0.00"),
        ("0.00", "0.00", "103.30"),
    ]  # fmt: skip


async def test_late_titles_are_reckoned_in_as_few_questions_however_many_they_are(
    database: Database, tmp_path: Path
):
    await collect_by_boleto(database, *(an_invoice(f"F{n}") for n in range(1, 42)))
    asked = []
    for numbers in (range(1, 2), range(2, 42)):
        titles = [paid_at_inter(f"F{n}", "103.30", "131126") for n in numbers]
        run = await send_in(database, tmp_path, sent(file_400("077", *titles)))
        with counted(database) as statements:
            await write_out(database, run)
        asked.append(len(statements))

    assert asked[1] <= asked[0] + 2, "what is counted anew comes once a file, or not at all"


async def test_what_wants_a_look_is_one_task(database: Database, tmp_path: Path):
    await collect_by_boleto(database, an_invoice())
    content = itau(liquidation_400("00000099"), liquidation_400("00000098"))

    run = await write_out(database, await send_in(database, tmp_path, content))

    async with database.read() as session:
        task = (await session.exec(select(Task))).one()
    assert task.places == {"number": str(run.number), "lines": "2"}
    assert task.description == f"/pagamentos/retornos/{run.number}?situacao=to_be_seen"


async def test_a_240_file_settles_too_and_tells_journeys(database: Database, tmp_path: Path):
    await collect_by_boleto(database, an_invoice(collection_stage="classified", stage_since=AT),
                            account=BB)  # fmt: skip
    async with database.write() as session:
        await open_case(
            session, process=Process.COLLECTIONS, subject_id=1, customer_id=1, stage="classified",
            by="system", at=AT,
        )  # fmt: skip
    told = {"our_number": "12345670000000001", "due": "05102026", "face": "100.00"}
    paid = {"paid": "102.17", "occurred": "13112026", "credit_date": "16112026"}
    content = sent(file_240("001", t_segment(**told), u_segment(**paid)))

    run = await write_out(database, await send_in(database, tmp_path, content))

    assert [line.outcome for line in await lines_of(database, run)] == [LineOutcome.SETTLED]
    payment = (await payments(database))[0]
    assert (payment.charges, payment.excess) == (Decimal("2.17"), Decimal("0.00"))
    assert payment.code == "cnab/001/12345670000000001/06/2026-11-13/000100001"
    async with database.read() as session:
        news = list(await session.exec(select(OutboxEntry.news_id)))
    assert f"bank_return/{run.number}/0" in news


async def test_what_the_bank_tells_besides_stands_in_the_history(
    database: Database, tmp_path: Path
):
    await collect_by_boleto(database, an_invoice("F1"), an_invoice("F2"), an_invoice("F3"))
    content = itau(
        liquidation_400("00000001", movement="02"),
        liquidation_400("00000002", movement="03"),
        liquidation_400("00000003", movement="09"),
        liquidation_400("00000003", movement="44"),
    )

    run = await write_out(database, await send_in(database, tmp_path, content))

    async with database.read() as session:
        events = [(e.invoice_id, e.kind) for e in await session.exec(select(InvoiceEvent))]
    assert events == [(1, "boleto_entered"), (2, "boleto_rejected"), (3, "boleto_written_off")]
    assert [line.outcome for line in await lines_of(database, run)] == [
        LineOutcome.ENTERED, LineOutcome.REJECTED, LineOutcome.WRITTEN_OFF, LineOutcome.OTHER,
    ]  # fmt: skip
    assert (run.changed, run.errors) == (0, 1)
    assert await payments(database) == []


async def told_again(
    database: Database, folder: Path, *, number: str = "00002", is_corrected: bool = False
) -> BulkRun:
    """A payment in one file, and in another among one more title."""
    await collect_by_boleto(database, an_invoice("F1"), an_invoice("F2"))
    first = itau(liquidation_400("00000001"))
    # The bank's next file has one more title, so the first stands on another line
    second = itau(liquidation_400("00000002"), liquidation_400("00000001"), number=number)

    await write_out(database, await send_in(database, folder, first))
    run = await send_in(database, folder, second, is_corrected=is_corrected)
    return await write_out(database, run)


async def test_the_same_payment_in_another_file_is_taken_once(database: Database, tmp_path: Path):
    run = await told_again(database, tmp_path)

    lines = await lines_of(database, run)
    assert [line.outcome for line in lines] == [LineOutcome.SETTLED, LineOutcome.QUESTION]
    assert (run.changed, run.errors, lines[1].places) == (1, 1, {"number": 1})
    assert [(p.invoice_id, str(p.excess)) for p in await payments(database)] == [
        (1, "0.00"), (2, "0.00"),
    ]  # fmt: skip


async def test_a_corrected_file_tells_nothing_anew(database: Database, tmp_path: Path):
    run = await told_again(database, tmp_path, number="00001", is_corrected=True)

    assert [line.outcome for line in await lines_of(database, run)] == [
        LineOutcome.SETTLED, LineOutcome.REPEATED,
    ]  # fmt: skip
    assert run.errors == 0


@pytest.mark.parametrize(
    ("is_second", "outcome", "paid", "left"),
    [(False, LineOutcome.REPEATED, 2, (1, 0)), (True, LineOutcome.DOUBLE, 3, (2, 1))],
)
async def test_somebody_says_whether_it_was_paid_twice(
    database: Database, tmp_path: Path, is_second: bool, outcome: str, paid: int, left
):
    run = await told_again(database, tmp_path)
    asking = (await lines_of(database, run))[1]

    async with database.write() as session:
        await answer_questions(
            session, run.number, [asking.id or 0], is_second=is_second, deed=Deed("ana", AT)
        )
    async with database.write() as session:
        with pytest.raises(LineAlreadyDone):
            await answer_questions(
                session, run.number, [asking.id or 0], is_second=is_second, deed=Deed("ana", AT)
            )

    found = await payments(database)
    assert ((await lines_of(database, run))[1].outcome, len(found)) == (outcome, paid)
    assert sum(p.excess for p in found) == (100 if is_second else 0)
    async with database.read() as session:
        kept = await session.get_one(BulkRun, run.number)
    assert (kept.changed, kept.errors) == left
    assert LineOutcome.QUESTION not in kept.summary["outcomes"]
    assert kept.summary["outcomes"][outcome]["lines"] == 1


async def test_a_file_sent_twice_is_recognised(database: Database, tmp_path: Path):
    await collect_by_boleto(database, an_invoice("F1"), an_invoice("F2"))
    run = await send_in(database, tmp_path, itau(liquidation_400("00000001")))
    corrected = itau(liquidation_400("00000002"))

    with pytest.raises(ReturnAlreadyRead, match=str(run.number)):
        await send_in(database, tmp_path, itau(liquidation_400("00000001")))
    with pytest.raises(ReturnNumberAlreadyRead):
        await send_in(database, tmp_path, corrected)

    again = await send_in(database, tmp_path, corrected, is_corrected=True)
    assert again.number != run.number


async def test_lines_with_faults_are_reported_and_the_others_written(
    database: Database, tmp_path: Path
):
    await collect_by_boleto(database, an_invoice("F1"), an_invoice("F2"))
    content = itau(
        {**liquidation_400("00000001"), 254: "00000000x9000"},
        liquidation_400("00000002"),
        liquidation_400("00000001", occurred="201126"),
        liquidation_400("00000001", occurred="000000"),
        liquidation_400("00000001", paid="0.00"),
    )

    run = await write_out(database, await send_in(database, tmp_path, content))

    told = [(line.line, line.outcome, bool(line.message)) for line in await lines_of(database, run)]
    assert told == [
        (2, LineOutcome.NOT_READ, True), (3, LineOutcome.SETTLED, False),
        (4, LineOutcome.REFUSED, True), (5, LineOutcome.REFUSED, True),
        (6, LineOutcome.REFUSED, True),
    ]  # fmt: skip
    assert [p.invoice_id for p in await payments(database)] == [2]


async def test_it_is_stopped_between_pages_and_goes_on_without_writing_twice(
    database: Database, tmp_path: Path
):
    await collect_by_boleto(database, *(an_invoice(f"F{n}") for n in range(1, 6)))
    titles = [liquidation_400(f"{n:08d}") for n in range(1, 6)]
    run = await send_in(database, tmp_path, itau(*titles))
    async with database.write() as session:
        await stop_return(session, run.number)

    stopped = await write_out(database, run, page_size=2)
    assert (stopped.status, stopped.done) == ("stopped", 0)

    async with database.write() as session:
        await resume_return(session, run.number, at=AT)
    ended = await write_out(database, run, page_size=2)
    again = await write_out(database, run, page_size=2)

    assert (ended.status, ended.done, ended.changed) == ("done", 5, 5)
    assert again.changed == 5
    assert len(await payments(database)) == 5


async def test_after_a_crash_it_goes_on_where_the_last_page_ended(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    await collect_by_boleto(database, *(an_invoice(f"F{n}") for n in range(1, 6)))
    run = await send_in(
        database, tmp_path, itau(*(liquidation_400(f"{n:08d}") for n in range(1, 6)))
    )
    written = bank_returns.write_lines

    async def dies_on_the_second_page(*given: object, **options: object) -> object:
        if options["page"].news_id.endswith("/2"):  # type: ignore[attr-defined]
            raise OSError("killed")
        return await written(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(bank_returns, "write_lines", dies_on_the_second_page)
    with pytest.raises(OSError, match="killed"):
        await write_out(database, run, page_size=2)
    monkeypatch.undo()
    assert len(await payments(database)) == 2

    ended = await write_out(database, run, page_size=2)

    assert (ended.status, ended.done, len(await payments(database))) == ("done", 5, 5)


async def test_a_file_that_was_lost_half_way_is_sent_in_again_and_goes_on(
    database: Database, tmp_path: Path
):
    await collect_by_boleto(database, *(an_invoice(f"F{n}") for n in range(1, 4)))
    content = itau(*(liquidation_400(f"{n:08d}") for n in range(1, 4)))
    run = await send_in(database, tmp_path, content)
    for name in [name for name in os.listdir(tmp_path) if name.endswith(".ret")]:
        os.unlink(tmp_path / name)

    lost = await write_out(database, run)
    again = await send_in(database, tmp_path, content)
    ended = await write_out(database, again)

    assert (lost.status, lost.summary["problems"]) == ("failed", ["gone"])
    assert again.number == run.number
    assert (ended.status, ended.changed, ended.summary["problems"]) == ("done", 3, [])


async def test_an_invoice_of_another_system_is_found_by_its_own_number(
    database: Database, tmp_path: Path
):
    await collect_by_boleto(database, an_invoice("F1", number="2026/77"), an_invoice("F2"))
    content = itau(liquidation_400("00000088", your_number="2026/77"))

    run = await write_out(database, await send_in(database, tmp_path, content))

    assert [(line.outcome, line.invoice_id) for line in await lines_of(database, run)] == [
        (LineOutcome.SETTLED, 1)
    ]


async def test_a_number_of_ours_on_a_title_that_is_not_is_left_alone(
    database: Database, tmp_path: Path
):
    await collect_by_boleto(database, an_invoice("F1"))
    stranger = liquidation_400("00000001", face="70.00", paid="70.00", due="011226")

    run = await write_out(database, await send_in(database, tmp_path, itau(stranger)))

    assert [line.outcome for line in await lines_of(database, run)] == [LineOutcome.UNKNOWN]
    assert (await invoice_of(database)).open_amount == Decimal("100.00")
