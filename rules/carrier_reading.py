"""What was read of a carrier's file: header, charges, totals, and every fault by line and place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rules.carrier_charges import Charges, Column, Ledger, sum_by
from rules.carrier_records import ChargeKind, Field, Layout, Role
from rules.import_rows import RowError, refused
from rules.money import from_cents
from rules.refusals import Refusal, written_amount
from rules.sentences import N_

#: Faults of one kind that are listed one by one; beyond it they are only counted.
LISTED = 1_000
#: What a total is called that is of no type in particular.
ALL_RECORDS = "00-99"
#: What a line's own summary adds up, by kind.
SUMMARISED = {ChargeKind.CALL: N_("ligações"), ChargeKind.SERVICE: N_("serviços")}


class LineLengthWrong(Refusal):
    message = "A linha tem %(found)s caracteres, e o leiaute pede %(expected)s."


class LineNotDecoded(Refusal):
    message = "A linha não está na codificação do arquivo (%(encoding)s)."


class RecordUnknown(Refusal):
    message = "O tipo de registro %(record)s não existe no leiaute. A linha foi guardada à parte."


class FieldNotNumber(Refusal):
    message = "As posições %(place)s do registro %(record)s deveriam ter só algarismos."


class FieldNotDate(Refusal):
    message = "As posições %(place)s do registro %(record)s não são uma data."


class FieldMissing(Refusal):
    message = "As posições %(place)s do registro %(record)s estão vazias."


class CellCountWrong(Refusal):
    message = "A linha tem %(found)s campos, e o cabeçalho %(expected)s."


class UnitUnknown(Refusal):
    message = (
        "A unidade “%(unit)s” não é conhecida: o que vem nela não foi comparado com franquias."
    )


class HeaderMissing(Refusal):
    message = "O arquivo não tem o registro de cabeçalho."


class TrailerMissing(Refusal):
    message = "O arquivo não tem o registro de fechamento: pode estar cortado."


class RecordRepeated(Refusal):
    message = "O registro %(record)s aparece mais de uma vez: o arquivo junta várias faturas."


class CountDiffers(Refusal):
    message = (
        "O fechamento diz %(declared)s registros do tipo %(record)s, e o arquivo tem %(found)s."
    )


class AmountDiffers(Refusal):
    message = (
        "O fechamento diz R$ %(declared)s no tipo %(record)s, e os registros somam R$ %(found)s."
    )


class LineSummaryDiffers(Refusal):
    message = (
        "O resumo da linha %(number)s diz R$ %(declared)s no tipo %(record_word)s, "
        "e os registros somam R$ %(found)s."
    )


#: Faults that do not keep a file out: they are told, and what they are about is audited.
TOLERATED = frozenset(
    each.code
    for each in (RecordUnknown, UnitUnknown, CountDiffers, AmountDiffers, LineSummaryDiffers)
)


@dataclass(frozen=True)
class UnreadLine:
    """A line that nobody could read, kept as it came."""

    line: int
    record: str
    text: str


@dataclass(frozen=True)
class CheckedTotal:
    """A total that the file declares beside what its records come to; cents where an amount."""

    field: str
    record: str
    is_count: bool
    declared: int
    found: int
    line: int
    place: str

    @property
    def agrees(self) -> bool:
        """Whether the file keeps its word."""
        return self.declared == self.found


@dataclass(frozen=True)
class RecordCount:
    """How many lines of a type a file has, and the cents they add up to, if they add up at all."""

    code: str
    role: Role
    count: int
    amount: int | None


@dataclass(frozen=True)
class Summaries:
    """What the file says that each line comes to, in cents, and its last day; 0: it says none."""

    line: Column
    resource: Column
    calls: Column
    services: Column
    until: Column


@dataclass(frozen=True)
class Reading:
    """A file that was read to its end."""

    layout: Layout
    encoding: str
    lines: int
    header: Mapping[str, str]
    charges: Charges
    records: Sequence[RecordCount]
    totals: Sequence[CheckedTotal]
    summaries: Summaries | None
    faults: Faults

    @property
    def is_accepted(self) -> bool:
        """Whether nothing keeps the file out."""
        return not self.faults.blocking


@dataclass
class Faults:
    """Everything wrong with a file, as it is found; so many of a kind one by one."""

    listed: list[RowError] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def blocking(self) -> int:
        """How many of them keep the file out."""
        return sum(n for code, n in self.counts.items() if code not in TOLERATED)

    def add(self, line: int, refusal: Refusal, *, place: str = "", value: str = "") -> None:
        """This will note a fault of a line."""
        count = self.counts[refusal.code] = self.counts.get(refusal.code, 0) + 1
        if count <= LISTED:
            self.listed.append(refused(line, refusal, field=place, value=value))

    def keep(self, line: int, record: str, text: str) -> None:
        """This will keep a line that cannot be read."""
        if len(self.unread) < LISTED:
            self.unread.append(UnreadLine(line, record[:10], text))

    def in_order(self) -> list[RowError]:
        """The faults by line."""
        return sorted(self.listed, key=lambda each: each.line)


def place_of(field: Field) -> str:
    """Positions as an operator looks them up: 238-250."""
    return str(field.start) if field.start == field.end else f"{field.start}-{field.end}"


def note_differences(totals: Iterable[CheckedTotal], faults: Faults) -> None:
    """This will note each total that differs from what the records come to."""
    for each in totals:
        if not each.agrees:
            faults.add(each.line, _difference(each), place=each.place, value=str(each.declared))


def _difference(total: CheckedTotal) -> Refusal:
    record = total.record or ALL_RECORDS
    if total.is_count:
        return CountDiffers(record=record, declared=total.declared, found=total.found)
    return AmountDiffers(record=record, declared=_reais(total.declared), found=_reais(total.found))


def note_line_differences(charges: Charges, summaries: Summaries, faults: Faults) -> None:
    """This will note each line whose own summary differs from its calls or services."""
    told = ((ChargeKind.CALL, summaries.calls), (ChargeKind.SERVICE, summaries.services))
    for kind, declared in told:
        cents = charges.amount * charges.of_kind(kind)
        found = sum_by(charges.resource, cents, len(charges.resources))[summaries.resource]
        for at in np.flatnonzero(declared != found).tolist():
            refusal = LineSummaryDiffers(
                number=charges.resources[summaries.resource[at]], record_word=SUMMARISED[kind],
                declared=_reais(int(declared[at])), found=_reais(int(found[at])),
            )  # fmt: skip
            faults.add(int(summaries.line[at]), refusal, value=str(declared[at]))


def _reais(cents: int) -> str:
    return written_amount(from_cents(cents))


class FileReader:
    """What the readers of all layouts share; `feed` takes blocks that end where a line ends."""

    def __init__(self, layout: Any) -> None:
        self.layout = layout
        self.encoding = ""
        self.lines = 0
        self.ledger = Ledger()
        self.faults = Faults()
        self._strange_units: set[str] = set()

    def begin(self, opening: bytes) -> None:
        """This will look at the file's first lines, which tell some layouts what follows."""

    def feed(self, block: bytes) -> None:
        """This will read some whole lines."""
        raise NotImplementedError

    def finish(self) -> Reading:
        """This will check what can be checked only at the end, and give what was read."""
        raise NotImplementedError

    def describe(self, raw: bytes) -> dict[str, str]:
        """The fields of one line that are not blank, as texts: what evidence shows."""
        raise NotImplementedError

    def tell_unit(self, line: int, unit: str, *, place: str) -> None:
        """This will note a unit that nobody knows, on the first line that has it."""
        if unit not in self._strange_units:
            self._strange_units.add(unit)
            self.faults.add(line, UnitUnknown(unit=unit), place=place, value=unit)

    def settle_encoding(self, block: bytes) -> None:
        """This will decide the encoding by the first line that tells: UTF-8, else Windows-1252."""
        if self.encoding or block.isascii():
            return
        telling = next(line for line in block.split(b"\n") if not line.isascii())
        try:
            telling.decode("utf-8")
        except UnicodeDecodeError:
            self.encoding = "cp1252"
        else:
            self.encoding = "utf-8"
