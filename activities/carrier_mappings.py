"""Mappings of carriers' CSVs: kept version by version, and tried on a sample before that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_mappings import CarrierMapping, check_code_free, newest_of, told_of
from models.people import Deed, record
from rules.carrier_charges import Charges
from rules.carrier_mapped import MappedReader
from rules.carrier_mappings import CsvMapping, check_mapping
from rules.carrier_reading import Reading
from rules.carrier_records import ChargeKind
from rules.import_rows import RowError
from rules.money import from_cents
from rules.refusals import Refusal, written_amount

#: Bytes of a sample, and its rows that are shown.
LARGEST_SAMPLE, SHOWN = 200_000, 10


class SampleMissing(Refusal):
    message = "Cole as primeiras linhas de um arquivo, ou escolha um."
    field = "sample"


class SampleTooLarge(Refusal):
    message = "O exemplo passa de %(most)s KB: cole só as primeiras linhas."
    field = "sample"


class SampleHeaderDiffers(Refusal):
    message = "O cabeçalho do exemplo não tem: %(titles)s."
    field = "sample"


@dataclass(frozen=True)
class SampleKind:
    """How many rows of a sample are of a kind, and what they come to."""

    kind: str
    count: int
    amount: str


@dataclass(frozen=True)
class Tried:
    """What a mapping makes of a sample: nothing of it is kept."""

    lines: int
    header: Mapping[str, str]
    kinds: Sequence[SampleKind]
    rows: Sequence[Mapping[str, str]]
    problems: Sequence[RowError]


async def make_mapping(
    session: AsyncSession, mapping: CsvMapping, *, is_active: bool, deed: Deed
) -> CarrierMapping:
    """This will keep a new mapping. Refuses one that reads nothing, and a code that is taken."""
    check_mapping(mapping)
    await check_code_free(session, mapping.code)
    return await _keep(session, mapping, version=1, is_active=is_active, deed=deed)


async def change_mapping(
    session: AsyncSession, mapping: CsvMapping, *, is_active: bool, deed: Deed
) -> CarrierMapping:
    """This will keep a mapping as it is from now on; what was read before keeps its version.

    Refuses one that reads nothing, and one that is not there (CarrierMappingNotFound).
    """
    check_mapping(mapping)
    before = await newest_of(session, mapping.code)
    if (before.name, before.is_active, before.told) == (mapping.name, is_active, told_of(mapping)):
        return before
    return await _keep(session, mapping, version=before.version + 1, is_active=is_active, deed=deed)


async def _keep(
    session: AsyncSession, mapping: CsvMapping, *, version: int, is_active: bool, deed: Deed
) -> CarrierMapping:
    row = CarrierMapping(
        code=mapping.code, version=version, name=mapping.name, told=told_of(mapping),
        is_active=is_active, made_at=deed.at, made_by=deed.by,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    subject = f"carrier_mappings/{mapping.code}"
    record(session, deed, "carrier_mapping.save", subject=subject, version=version)
    return row


def try_mapping(mapping: CsvMapping, sample: bytes) -> Tried:
    """This will read a sample as an import would, and tell what it found and what is wrong.

    Refuses a sample that is not there, too large, or of another header.
    """
    check_mapping(mapping)
    raw = sample.removeprefix(b"\xef\xbb\xbf").strip(b"\r\n")
    if not raw.strip():
        raise SampleMissing
    if len(raw) > LARGEST_SAMPLE:
        raise SampleTooLarge(most=LARGEST_SAMPLE // 1000)
    reader = MappedReader(mapping)
    first = _after_header(mapping, raw)
    reader.feed(raw + b"\n")
    reading = reader.finish()
    shown = raw.split(b"\n")[first : first + SHOWN]
    return Tried(
        reading.lines, reading.header, list(_kinds(reading.charges)),
        [reader.describe(line) for line in shown], _problems(reading),
    )  # fmt: skip


def _after_header(mapping: CsvMapping, raw: bytes) -> int:
    """How many lines stand up to the header's. Refuses SampleHeaderDiffers."""
    try:
        opening = raw.decode("utf-8")
    except UnicodeDecodeError:
        opening = raw.decode("latin-1")
    if not mapping.recognises(opening):
        raise SampleHeaderDiffers(titles=", ".join(mapping.missing_in(opening)))
    return 1 + next(n for n, line in enumerate(opening.split("\n")) if mapping.is_header(line))


def _kinds(charges: Charges) -> list[SampleKind]:
    found = []
    for kind in ChargeKind:
        mask = charges.of_kind(kind)
        if mask.any():
            amount = from_cents(int(charges.amount[mask].sum()))
            found.append(SampleKind(kind.word, int(mask.sum()), written_amount(amount)))
    return found


def _problems(reading: Reading) -> list[RowError]:
    return reading.faults.in_order()
