"""Carriers' files for tests: bills cut to what a layout can say, and files read in one go."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_requests import begin_carrier_import, carrier_run
from activities.carriers import carry_out
from activities.import_work import UploadedFile
from models.bulk import BulkRun
from models.carrier_agreements import CarrierAgreement, CarrierTariff
from models.carriers import Carrier, CarrierAccount, normalise_account
from models.database import Database
from models.lines import Line
from rules.audit import audit
from rules.audit_subject import Subject
from rules.carrier_bills import Bill
from rules.carrier_layouts import LAYOUTS
from rules.carrier_readers import reader_of
from rules.carrier_reading import Reading
from rules.carrier_records import Layout
from rules.carrier_samples import CLOSING_DAY, TERMS, Sample, cut_to, file_of, make_sample
from tests.builders import AT, a_customer, stored

V3 = LAYOUTS["febraban_v3r0"]


def bill_for(key: str, *, seed: int = 7, lines: int = 4, calls: int = 20) -> Bill:
    """A clean bill that the layout can hold."""
    return cut_to(make_sample(seed, lines=lines, calls=calls).bill, key)


def read(raw: bytes, layout: Layout = V3, *, block: int = 0) -> Reading:
    """What a reader makes of a file, fed whole or in blocks of so many lines."""
    reader = reader_of(layout)
    lines = raw.splitlines(keepends=True)
    step = block or len(lines)
    for start in range(0, len(lines), step):
        reader.feed(b"".join(lines[start : start + step]))
    return reader.finish()


def audited(sample: Sample, *, key: str = "febraban_v3r0", **known):
    """What an audit finds in a bill that was written and read again."""
    reading = read(file_of(sample.bill, key), LAYOUTS[key])
    assert reading.is_accepted
    told = {"terms": TERMS, "inventory": sample.inventory, "period": sample.bill.period, **known}
    return audit(Subject(reading, issue_date=sample.bill.issue_date, **told))


async def a_company(session: AsyncSession, sample: Sample, **values: Any) -> CarrierAccount:
    """A company with the sample's account, agreement and inventory."""
    customer = await a_customer(session, name="Indústria Aurora Ltda")
    carrier = await stored(session, Carrier(code="claro", name="Claro"))
    agreement = await stored(session, CarrierAgreement(code="K-1", name="Corporativo 2026"))
    session.add_all(
        CarrierTariff(agreement_id=agreement.id, **{**vars(each), "valid_from": date(2020, 1, 1)})
        for each in TERMS.tariffs
    )
    session.add_all(
        Line(customer_id=customer.id, number=each.number, active_from=each.active_from,
             active_until=each.active_until)
        for each in sample.inventory.values()
    )  # fmt: skip
    told = {
        "carrier_id": carrier.id, "customer_id": customer.id, "agreement_id": agreement.id,
        "number": normalise_account(sample.bill.account), "closing_day": CLOSING_DAY, **values,
    }  # fmt: skip
    account: CarrierAccount = await stored(session, CarrierAccount(**told))
    return account


def on_disk(folder: Path, raw: bytes, name: str = "fatura.txt") -> UploadedFile:
    """A file as if it had been uploaded."""
    path = folder / f"{uuid4().hex}.txt"
    path.write_bytes(raw)
    return UploadedFile(str(path), name, sha256(raw).hexdigest(), len(raw))


async def import_sample(
    database: Database, file: UploadedFile, *, at: datetime = AT, is_preview: bool = False
) -> BulkRun:
    """An import and audit of a file, without the engine."""
    async with database.write() as session:
        run = await begin_carrier_import(
            session, file, by="ana", at=at, starts=False, is_preview=is_preview
        )
    await carry_out(database, run.number, at=at)
    async with database.read() as session:
        return await carrier_run(session, run.number)
