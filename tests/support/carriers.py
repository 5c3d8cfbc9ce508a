"""Carriers' files for tests: bills cut to what a layout can say, and files read in one go."""

from __future__ import annotations

from rules.audit import audit
from rules.audit_subject import Subject
from rules.carrier_bills import Bill
from rules.carrier_layouts import LAYOUTS
from rules.carrier_readers import reader_of
from rules.carrier_reading import Reading
from rules.carrier_records import ChargeKind, Layout
from rules.carrier_samples import TERMS, Sample, file_of, make_sample

V3 = LAYOUTS["febraban_v3r0"]
#: What a layout has no room for.
LACKS = {
    "febraban_v2": (ChargeKind.ADJUSTMENT,),
    "tim_csv": (ChargeKind.ADJUSTMENT, ChargeKind.DISCOUNT),
}


def bill_for(key: str, *, seed: int = 7, lines: int = 4, calls: int = 20) -> Bill:
    """A clean bill that the layout can hold."""
    bill = make_sample(seed, lines=lines, calls=calls).bill
    bill.charges = [each for each in bill.charges if each.kind not in LACKS.get(key, ())]
    return bill


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
