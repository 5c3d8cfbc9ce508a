"""Carriers' files, from the disk to findings: whole or not at all, once, and audited anew."""

from __future__ import annotations

import gzip
from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from activities import carrier_files
from activities.carrier_audits import key_of
from activities.carrier_files import lines_at, pack, read_file
from activities.carrier_requests import (
    CarrierFileGone,
    begin_audit,
    begin_carrier_import,
    stop_carrier_import,
)
from activities.carrier_retention import forget_old_calls
from activities.carriers import carry_out, import_carrier_file
from models.bulk import BulkError
from models.carrier_agreements import CarrierAgreementRule
from models.carrier_invoices import (
    CarrierFileAlreadyDone,
    CarrierInvoice,
    CarrierInvoiceItem,
    CarrierUnreadLine,
)
from models.carriers import Carrier, CarrierAccount
from models.database import Database
from models.findings import Finding, FindingRow
from rules.audit import Objection
from rules.audit_rules import Rule
from rules.carrier_charges import Label
from rules.carrier_errors import plant
from rules.carrier_layouts import LAYOUTS
from rules.carrier_records import ChargeKind
from rules.carrier_samples import file_of, make_sample
from rules.findings import FindingStatus
from rules.money import percent_of
from tests.builders import AT, stored
from tests.support.carriers import a_company, import_sample, on_disk

V3 = "febraban_v3r0"


def content(path: str) -> bytes:
    return Path(path).read_bytes()


def is_there(path: str) -> bool:
    return Path(path).exists()


async def all_of(database: Database, model):
    async with database.read() as session:
        return (await session.exec(select(model).order_by("id"))).all()


async def test_a_file_becomes_an_invoice_with_findings_and_their_evidence(
    database: Database, tmp_path: Path
):
    sample = make_sample()
    planted = plant(sample, Rule.RATE_DIFFERS)
    async with database.write() as session:
        account = await a_company(session, sample)

    file = on_disk(tmp_path, file_of(sample.bill, V3))
    run = await import_sample(database, file)

    [invoice] = await all_of(database, CarrierInvoice)
    [finding] = await all_of(database, Finding)
    [row] = await all_of(database, FindingRow)
    items = await all_of(database, CarrierInvoiceItem)
    assert (run.status, run.changed, run.errors) == ("done", 1, 0)
    assert (invoice.account_id, invoice.layout) == (account.id, V3)
    assert invoice.total == invoice.charged == Decimal(sample.bill.total) / 100
    assert (invoice.period_start, invoice.period_end) == (date(2026, 10, 21), date(2026, 11, 20))
    assert invoice.audited_at == AT
    assert sum(each.amount for each in items) == invoice.total
    assert sum(each.count for each in items) == len(sample.bill.charges) == invoice.charges
    assert (finding.rule, finding.number) == (planted.rule, planted.number)
    assert finding.difference == Decimal(planted.difference) / 100
    assert finding.status == FindingStatus.OPEN
    lines = file_of(sample.bill, V3).splitlines()
    assert row.fields["called"].encode() in lines[row.line - 1]
    assert row.charged - row.expected == finding.difference


def test_long_labels_that_differ_at_their_end_are_two_findings():
    labels = [Label(ChargeKind.SERVICE, ("x" * 60, "y" * 60), "d" * 159 + end) for end in "ab"]
    keys = {key_of(Objection(Rule.NOT_CONTRACTED, "1" * 25, e, 1, 100, 0, ())) for e in labels}

    assert len(keys) == 2
    assert all(len(each) <= 300 for each in keys)


async def test_the_file_is_kept_compressed(database: Database, tmp_path: Path):
    sample = make_sample()
    async with database.write() as session:
        await a_company(session, sample)
    raw = file_of(sample.bill, V3)
    file = on_disk(tmp_path, raw)

    await import_sample(database, file)

    [invoice] = await all_of(database, CarrierInvoice)
    assert not is_there(file.path)
    assert gzip.decompress(content(invoice.file_path)) == raw


async def test_the_same_file_twice_is_recognised_with_its_first_import(
    database: Database, tmp_path: Path
):
    sample = make_sample()
    async with database.write() as session:
        await a_company(session, sample)
    raw = file_of(sample.bill, V3)
    await import_sample(database, on_disk(tmp_path, raw, "primeira.txt"))

    with pytest.raises(CarrierFileAlreadyDone, match=r"primeira\.txt"):
        await import_sample(database, on_disk(tmp_path, raw, "segunda.txt"))


async def test_another_file_of_an_invoice_that_is_here_is_refused_its_preview_is_not(
    database: Database, tmp_path: Path
):
    sample = make_sample()
    async with database.write() as session:
        await a_company(session, sample)
    preview = on_disk(tmp_path, file_of(sample.bill, V3), "previa.txt")
    sample.bill.charges.pop()
    first = on_disk(tmp_path, file_of(sample.bill, V3), "primeira.txt")
    sample.bill.charges.pop()
    second = on_disk(tmp_path, file_of(sample.bill, V3), "segunda.txt")

    runs = [
        await import_sample(database, preview, is_preview=True),
        await import_sample(database, first),
        await import_sample(database, second),
    ]

    async with database.read() as session:
        [told] = (await session.exec(select(BulkError))).all()
        invoices = (await session.exec(select(CarrierInvoice))).all()
    assert [each.status for each in runs] == ["done", "done", "failed"]
    assert (told.code, told.places["file"]) == ("CarrierInvoiceIssuedTwice", "primeira.txt")
    assert len(invoices) == 2


async def test_of_one_file_sent_twice_at_once_one_is_imported(database: Database, tmp_path: Path):
    sample = make_sample()
    async with database.write() as session:
        await a_company(session, sample)
    raw = file_of(sample.bill, V3)
    async with database.write() as session:
        begun = [
            await begin_carrier_import(session, on_disk(tmp_path, raw), by="a", at=AT, starts=False)
            for _ in range(2)
        ]

    told = [await carry_out(database, run.number, at=AT) for run in begun]

    assert told == ["done", "failed"]
    assert len(await all_of(database, CarrierInvoice)) == 1
    assert [each.code for each in await all_of(database, BulkError)] == ["CarrierFileAlreadyDone"]


async def test_a_file_with_a_bad_line_writes_nothing_and_tells_where(
    database: Database, tmp_path: Path
):
    sample = make_sample()
    async with database.write() as session:
        await a_company(session, sample)
    lines = file_of(sample.bill, V3).split(b"\r\n")
    lines[7] = lines[7][:-3]
    file = on_disk(tmp_path, b"\r\n".join(lines))

    run = await import_sample(database, file)

    [error] = await all_of(database, BulkError)
    [kept] = await all_of(database, CarrierUnreadLine)
    assert run.status == "failed"
    assert (error.line, error.field, error.code) == (8, "348", "LineLengthWrong")
    assert (kept.line, kept.text) == (8, lines[7].decode())
    assert await all_of(database, CarrierInvoice) == []
    assert not is_there(file.path)


async def test_a_total_that_differs_is_told_and_found_but_does_not_keep_the_file_out(
    database: Database, tmp_path: Path
):
    sample = make_sample()
    planted = plant(sample, Rule.TOTAL_WRONG)
    async with database.write() as session:
        await a_company(session, sample)

    run = await import_sample(database, on_disk(tmp_path, file_of(sample.bill, V3)))

    [error] = await all_of(database, BulkError)
    [finding] = await all_of(database, Finding)
    assert (run.status, error.code, error.field) == ("done", "AmountDiffers", "77-89")
    assert (finding.rule, finding.difference) == (
        Rule.TOTAL_WRONG, Decimal(planted.difference) / 100,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "ImportEmpty"),
        (b"%PDF-1.7 nada", "CarrierFileIsPdf"),
        (b"PK\x03\x04xl/workbook", "CarrierFilePacked"),
        (b"\x1f\x8b\x08fatura", "CarrierFilePacked"),
        ("fatura".encode("utf-16"), "CarrierFileInUtf16"),
        (file_of(make_sample().bill, V3).replace(b"V3R0", b"V4R1"), "LayoutVersionUnknown"),
        (b"codigo;nome\n1;2\n", "LayoutNotRecognised"),
    ],
)
async def test_what_is_no_carriers_file_is_refused_with_the_reason(
    database: Database, tmp_path: Path, raw: bytes, code: str
):
    run = await import_sample(database, on_disk(tmp_path, raw))

    [error] = await all_of(database, BulkError)
    assert (run.status, error.code) == ("failed", code)


async def test_a_file_of_an_account_nobody_registered_is_refused(
    database: Database, tmp_path: Path
):
    file = on_disk(tmp_path, file_of(make_sample().bill, V3))

    run = await import_sample(database, file)

    [error] = await all_of(database, BulkError)
    assert (run.status, error.code) == ("failed", "CarrierAccountNotRegistered")
    assert error.places == {"number": "0012345678"}


@pytest.mark.parametrize(
    ("is_own", "code"), [(True, "CarrierLayoutDiffers"), (False, "CarrierAccountNotRegistered")]
)
async def test_a_file_of_a_known_account_in_another_layout_says_so_to_its_own_alone(
    database: Database, tmp_path: Path, is_own: bool, code: str
):
    sample = make_sample()
    async with database.write() as session:
        account = await a_company(session, sample)
        carrier = await session.get_one(Carrier, account.carrier_id)
        carrier.layout = "tim_csv"
        file = on_disk(tmp_path, file_of(sample.bill, V3))
        run = await begin_carrier_import(
            session, file, by="ana", at=AT, starts=False,
            company_id=account.customer_id + (not is_own),
        )  # fmt: skip

    await carry_out(database, run.number, at=AT)

    [error] = await all_of(database, BulkError)
    assert error.code == code
    assert ("Claro" in str(error.places)) is is_own
    assert ({"TIM CSV", "FEBRABAN V3R0"} <= set(error.places.values())) is is_own


async def test_an_account_that_two_carriers_have_is_nobodys_guess(
    database: Database, tmp_path: Path
):
    sample = make_sample()
    async with database.write() as session:
        account = await a_company(session, sample)
        other = await stored(session, Carrier(code="tim", name="TIM"))
        known = account.model_dump(exclude={"id", "carrier_id"})
        await stored(session, CarrierAccount(**known, carrier_id=other.id))

    run = await import_sample(database, on_disk(tmp_path, file_of(sample.bill, V3)))

    [error] = await all_of(database, BulkError)
    assert (run.status, error.code) == ("failed", "CarrierAccountAmbiguous")
    assert await all_of(database, CarrierInvoice) == []


async def test_an_import_that_was_stopped_leaves_nothing(database: Database, tmp_path: Path):
    sample = make_sample()
    async with database.write() as session:
        await a_company(session, sample)
        file = on_disk(tmp_path, file_of(sample.bill, V3))
        run = await begin_carrier_import(session, file, by="ana", at=AT, starts=False)
        await stop_carrier_import(session, run.number)

    status = await carry_out(database, run.number, at=AT)

    assert status == "stopped"
    assert await all_of(database, CarrierInvoice) == []


async def test_repeating_a_runs_work_changes_nothing(database: Database, tmp_path: Path):
    sample = make_sample()
    plant(sample, Rule.DUPLICATE)
    async with database.write() as session:
        await a_company(session, sample)
    run = await import_sample(database, on_disk(tmp_path, file_of(sample.bill, V3)))

    assert await carry_out(database, run.number, at=AT) == "done"

    assert len(await all_of(database, CarrierInvoice)) == 1
    assert len(await all_of(database, Finding)) == 1


async def test_an_audit_anew_follows_the_agreement_and_leaves_what_was_acted_on(
    database: Database, tmp_path: Path
):
    sample = make_sample()
    plant(sample, Rule.FEE_DIFFERS)
    plant(sample, Rule.DUPLICATE)
    async with database.write() as session:
        account = await a_company(session, sample)
    await import_sample(database, on_disk(tmp_path, file_of(sample.bill, V3)))
    async with database.write() as session:
        [invoice] = await session.exec(select(CarrierInvoice))
        [fee] = await session.exec(select(Finding).where(Finding.rule == Rule.FEE_DIFFERS))
        fee.status = FindingStatus.PICKED
        off = {"agreement_id": account.agreement_id, "is_on": False}
        session.add_all([fee, *(CarrierAgreementRule(rule=r, **off) for r in Rule)])
        run = await begin_audit(session, invoice, by="ana", at=AT, starts=False)

    status = await carry_out(database, run.number, at=AT)

    left = await all_of(database, Finding)
    assert (status, [each.rule for each in left]) == ("done", [Rule.FEE_DIFFERS])
    assert len(await all_of(database, FindingRow)) == 1


async def test_what_was_charged_too_low_is_only_recorded(database: Database, tmp_path: Path):
    sample = make_sample()
    call = max(sample.bill.charges, key=lambda each: each.amount if each.initials == "VC3" else 0)
    call.amount -= 7
    call.net = call.amount * 75
    async with database.write() as session:
        await a_company(session, sample)

    await import_sample(database, on_disk(tmp_path, file_of(sample.bill, V3)))

    [finding] = await all_of(database, Finding)
    assert (finding.difference, finding.status) == (Decimal("-0.07"), FindingStatus.RECORDED)


@pytest.mark.once
def test_blocks_lines_and_compression_make_no_difference(tmp_path: Path, monkeypatch):
    raw = file_of(make_sample().bill, V3)
    path = tmp_path / "f.txt"
    path.write_bytes(b"\xef\xbb\xbf" + raw)
    whole = read_file(path, name="f.txt")

    monkeypatch.setattr(carrier_files, "BLOCK", 1_000)
    small = read_file(path, name="f.txt")
    told = lines_at(path, [1, 30, whole.lines], layout=LAYOUTS[V3])
    packed = pack(path)

    assert small.lines == whole.lines == raw.count(b"\n")
    assert small.charges.amount.tolist() == whole.charges.amount.tolist()
    assert pack(packed) == pack(path) == packed
    assert read_file(path, name="f.txt").lines == whole.lines
    assert lines_at(packed, [whole.lines, 30, 1], layout=LAYOUTS[V3]) == told
    assert told[1]["version"] == "V3R0"
    assert told[whole.lines]["type"] == "99"


async def test_the_command_line_imports_in_one_call(database: Database, tmp_path: Path):
    sample = make_sample()
    plant(sample, Rule.DUPLICATE)
    async with database.write() as session:
        await a_company(session, sample)
    path = tmp_path / "fatura.txt"
    path.write_bytes(file_of(sample.bill, V3))

    told = await import_carrier_file(database, path, at=AT)

    assert told.startswith("fatura.txt: done, 1 findings")
    assert path.exists()


@pytest.mark.parametrize(
    ("paid_on", "found"),  # due on a Saturday; Monday is the first day on which a bank works
    [
        (date(2026, 11, 14), [Rule.FINE_NOT_DUE]),
        (date(2026, 11, 16), [Rule.FINE_NOT_DUE]),
        (date(2026, 11, 17), []),
    ],
)
async def test_a_fine_is_judged_by_the_payment_of_the_invoice_before(
    database: Database, tmp_path: Path, paid_on: date, found: list[Rule]
):
    before, sample = make_sample(1, issue_date=date(2026, 10, 22)), make_sample()
    async with database.write() as session:
        await a_company(
            session, replace(sample, inventory={**before.inventory, **sample.inventory})
        )
    await import_sample(database, on_disk(tmp_path, file_of(before.bill, V3)))
    async with database.write() as session:
        [paid] = await session.exec(select(CarrierInvoice))
        paid.due_date, paid.paid_on = date(2026, 11, 14), paid_on

    await import_sample(database, on_disk(tmp_path, file_of(sample.bill, V3)))

    findings = await all_of(database, Finding)
    assert [each.rule for each in findings] == found
    assert all(each.expected == 0 for each in findings)


async def test_interest_is_judged_by_the_days_that_the_invoice_before_was_late(
    database: Database, tmp_path: Path
):
    before, sample = make_sample(1, issue_date=date(2026, 10, 22)), make_sample()
    interest = copy(next(each for each in sample.bill.charges if each.initials == "MUL"))
    interest.category, interest.initials, interest.base = "501", "JUR", 0
    sample.bill.charges.append(interest)  # ten reais
    async with database.write() as session:
        await a_company(
            session, replace(sample, inventory={**before.inventory, **sample.inventory})
        )
    await import_sample(database, on_disk(tmp_path, file_of(before.bill, V3)))
    await import_sample(database, on_disk(tmp_path, file_of(sample.bill, V3)))

    unknown = await all_of(database, Finding)
    async with database.write() as session:
        [paid, audited] = await session.exec(select(CarrierInvoice).order_by(CarrierInvoice.id))
        paid.due_date, paid.paid_on = date(2026, 11, 14), date(2026, 11, 20)
        run = await begin_audit(session, audited, by="ana", at=AT)
    await carry_out(database, run.number, at=AT)

    [finding] = await all_of(database, Finding)
    [_, again] = await all_of(database, CarrierInvoice)
    late = {"fine_not_due": {"cents": 2000, "invoices": [paid.key]}}
    assert (unknown, audited.unjudged, again.unjudged) == ([], late, {})
    assert finding.code == "501"
    assert finding.expected == percent_of(paid.total, percent=Decimal("0.2"))  # 1 % / 30 x 6


@pytest.mark.parametrize(
    ("paid_on", "found"),
    [
        (date(2026, 11, 19), [Rule.FINE_NOT_DUE]),  # before the next one was closed: charged by it
        (date(2026, 11, 20), []),
        (None, []),
    ],
)
async def test_an_older_invoice_that_was_paid_late_may_still_be_charged(
    database: Database, tmp_path: Path, paid_on: date | None, found: list[Rule]
):
    months = [date(2026, month, 22) for month in (10, 11, 12)]
    samples = [make_sample(place, issue_date=day) for place, day in enumerate(months)]
    lines = {number: line for each in samples for number, line in each.inventory.items()}
    async with database.write() as session:
        await a_company(session, replace(samples[0], inventory=lines))
    for each in samples[:2]:
        await import_sample(database, on_disk(tmp_path, file_of(each.bill, V3)))
    async with database.write() as session:
        [oldest, before] = await session.exec(select(CarrierInvoice).order_by(CarrierInvoice.id))
        oldest.paid_on, before.paid_on = paid_on, before.due_date

    await import_sample(database, on_disk(tmp_path, file_of(samples[2].bill, V3)))

    assert [each.rule for each in await all_of(database, Finding)] == found


async def test_old_files_and_called_numbers_are_forgotten_and_sums_stay(
    database: Database, tmp_path: Path
):
    sample = make_sample()
    plant(sample, Rule.RATE_DIFFERS)
    async with database.write() as session:
        await a_company(session, sample)
    await import_sample(database, on_disk(tmp_path, file_of(sample.bill, V3)))
    [kept] = await all_of(database, CarrierInvoice)

    early = await forget_old_calls(database, today=date(2029, 11, 30))
    late = await forget_old_calls(database, today=date(2029, 12, 1))
    again = await forget_old_calls(database, today=date(2029, 12, 1))

    [invoice] = await all_of(database, CarrierInvoice)
    [row] = await all_of(database, FindingRow)
    assert (early, late, again) == (0, 1, 0)
    assert not is_there(kept.file_path)
    assert invoice.file_path is None
    assert "called" not in row.fields
    assert row.fields["number"]
    assert len(await all_of(database, Finding)) == 1
    async with database.write() as session:
        with pytest.raises(CarrierFileGone):
            await begin_audit(session, invoice, by="ana", at=AT)
