"""Bank return files: what CNAB 240 and 400 say of boletos, each line reported.

Real files come right-trimmed, with either end of line, a byte-order mark, a Ctrl-Z at the end, in
Latin-1 or UTF-8. A bank that is not known is refused: reading it by another's columns settles the
wrong invoices.
"""

from __future__ import annotations

from hashlib import sha256

from rules import cnab_240, cnab_400
from rules.cnab_fields import Span
from rules.cnab_titles import LineProblem, ReturnFile, ReturnLine, not_read
from rules.refusals import Refusal

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CTRL_Z = "\x1a"
_BANK_240 = Span(1, 3)
_BANK_400 = Span(77, 79)


class NotABankFile(Refusal):
    message = "O arquivo não é um retorno CNAB 240 nem CNAB 400."
    field = "file"


class NotAReturnFile(Refusal):
    message = "O arquivo é uma remessa. Envie o arquivo de retorno do banco."
    field = "file"


class BankNotKnown(Refusal):
    message = "O retorno CNAB %(columns)s do banco %(bank)s ainda não é lido pelo sistema."
    field = "file"


def read_return(content: bytes) -> ReturnFile:
    """This will read a bank's return file and report every line of it that is not blank.

    Refuses what is no CNAB file (NotABankFile), what was meant for the bank (NotAReturnFile) and
    banks whose columns are not known (BankNotKnown). A line that cannot be read is reported and
    keeps none of the others from being read.
    """
    lines = lines_of(content)
    bank, columns = known_layout(lines[0] if lines else "")
    padded = [line.ljust(columns) for line in lines]
    if columns == cnab_240.COLUMNS:
        reports = cnab_240.read_lines(padded, layout=cnab_240.LAYOUTS[bank])
        problems = cnab_240.problems_of(padded)
    else:
        reports = cnab_400.read_lines(padded, layout=cnab_400.LAYOUTS[bank])
        problems = cnab_400.problems_of(padded)
    return ReturnFile(
        bank=bank,
        columns=columns,
        digest=sha256(content).hexdigest(),
        lines=tuple(_without_long_lines(reports, padded, columns)),
        problems=problems,
    )


def known_layout(header: str) -> tuple[str, int]:
    """This will give the bank and the columns of a file by its header. Refuses as read_return."""
    columns = _columns_of(header)
    is_240 = columns == cnab_240.COLUMNS
    bank = (_BANK_240 if is_240 else _BANK_400).of(header)
    if bank not in (cnab_240.LAYOUTS if is_240 else cnab_400.LAYOUTS):
        raise BankNotKnown(bank=bank or "?", columns=columns)
    return bank, columns


def tells_late_charges(bank: str, columns: int) -> bool:
    """Whether a bank's files say what of a payment is interest and fine."""
    return columns == cnab_240.COLUMNS or cnab_400.LAYOUTS[bank].interest is not None


def lines_of(content: bytes) -> list[str]:
    """This will give the lines that are not blank, whatever the file's encoding and line ends."""
    text = _decoded(content.removeprefix(_BYTE_ORDER_MARK))
    # Only the line feed ends a line: str.splitlines would also cut at bytes that Latin-1 allows.
    lines = (line.strip("\r" + _CTRL_Z).rstrip() for line in text.split("\n"))
    return [line for line in lines if line]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _columns_of(header: str) -> int:
    if header.startswith("02RETORNO"):
        return cnab_400.COLUMNS
    is_240 = header[3:8] == "00000" and header[:3].isdigit()
    if header.startswith("01REMESSA") or (is_240 and cnab_240.IS_RETURN.of(header) == "1"):
        raise NotAReturnFile
    if not is_240:
        raise NotABankFile
    return cnab_240.COLUMNS


def _without_long_lines(
    reports: list[ReturnLine], lines: list[str], columns: int
) -> list[ReturnLine]:
    return [
        not_read(report.number, LineProblem.TOO_LONG, str(len(line)))
        if len(line) > columns
        else report
        for report, line in zip(reports, lines, strict=True)
    ]
