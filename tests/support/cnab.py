"""Return files made for tests: each field is written where the banks' manuals print its column."""

from __future__ import annotations

from decimal import Decimal

Fields = dict[int, str]


def record(columns: int, fields: Fields) -> str:
    """A line with each text beginning at its column, counted from 1."""
    line = " " * columns
    for column, text in fields.items():
        line = line[: column - 1] + text + line[column - 1 + len(text) :]
    assert len(line) == columns, "a field stands past the end"
    return line


def cents(amount: str, digits: int = 13) -> str:
    """An amount as banks write it: 12.34 is 0000000001234."""
    return amount.replace(".", "").zfill(digits)


def file_400(bank: str, *details: Fields, record_type: str = "1") -> list[str]:
    """The lines of a CNAB 400 file: a header, a line for each title, a trailer."""
    lines = [{1: "02RETORNO01COBRANCA", 77: bank}, *({1: record_type, **d} for d in details)]
    lines.append({1: "9201" + bank})
    return [record(400, {**line, 395: f"{n:06d}"}) for n, line in enumerate(lines, start=1)]


def file_240(bank: str, *segments: Fields) -> list[str]:
    """The lines of a CNAB 240 file: a header, one batch of the segments given, trailers."""
    batch = [
        {4: "0001", 8: "3", 9: f"{n:05d}", **segment} for n, segment in enumerate(segments, start=1)
    ]
    head, tail = {4: "00000", 143: "2"}, {4: "99999", 24: f"{len(batch) + 4:06d}"}
    lines = [head, {4: "00011T01"}, *batch, {4: "00015"}, tail]
    return [record(240, {1: bank, **line}) for line in lines]


def t_segment(movement: str = "06", *, shift: int = 0, **told: str) -> Fields:
    """Segment T; `shift` moves what stands after the number to the left, as Santander has it."""
    return {
        14: "T",
        16: movement,
        (41 if shift else 38): told.get("our_number", "1234567890"),
        59 - shift: told.get("your_number", "FAT-1"),
        74 - shift: told.get("due", "10032026"),
        82 - shift: cents(told.get("face", "100.00"), 15),
        (194 if shift else 199): cents(told.get("fee", "1.50"), 15),
    }


def u_segment(movement: str = "06", **told: str) -> Fields:
    """Segment U."""
    return {
        14: "U",
        16: movement,
        18: cents(told.get("interest", "2.17"), 15),
        33: cents(told.get("discount", "0.00"), 15),
        48: cents(told.get("rebate", "0.00"), 15),
        78: cents(told.get("paid", "102.17"), 15),
        93: cents(told.get("credited", "100.67"), 15),
        138: told.get("occurred", "16032026"),
        146: told.get("credit_date", "17032026"),
    }


def sent(lines: list[str], *, end: str = "\r\n", encoding: str = "latin-1") -> bytes:
    """The file as banks send it."""
    return "".join(line + end for line in lines).encode(encoding)


def liquidation_400(our_number: str, **told: str) -> Fields:
    """A title of Itaú that was paid; the bank writes as paid what is left after its fee."""
    fee, paid = told.get("fee", "0.00"), told.get("paid", "100.00")
    credited = str(Decimal(paid) - Decimal(fee))
    return {
        63: our_number,
        109: told.get("movement", "06"),
        111: told.get("occurred", "131126"),
        117: told.get("your_number", ""),
        147: told.get("due", "051026"),
        153: cents(told.get("face", "100.00")),
        176: cents(fee),
        254: cents(credited),
        267: cents(told.get("interest", "0.00")),
        296: told.get("credit_date", "161126"),
    }
