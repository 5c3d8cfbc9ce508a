"""Bank return files as they are sent in: what is refused before a line is read, and why.

`read_return` reads the lines; this looks at the whole, so that a file that was cut, sent twice or
is none at all is refused beside the button that sent it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from rules import cnab_240, cnab_400
from rules.cnab import known_layout, lines_of
from rules.cnab_fields import Span
from rules.refusals import Refusal

MAX_MEGABYTES = 64
#: Who collects by a sample file (rules/cnab_samples.py): no bank has a company of this code.
SAMPLE_COMPANY = "ACERTO TREINAMENTO"
_BINARY = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff")
#: The company's code at the bank with branch and account, as it stands in the header.
_COMPANY = {cnab_240.COLUMNS: Span(33, 72), cnab_400.COLUMNS: Span(27, 46)}
_SEQUENCE_240 = Span(158, 163)
#: Where a bank's CNAB 400 header counts its files; the others are told apart by content alone.
SEQUENCES_400: Mapping[str, Span] = {
    "001": Span(101, 107),
    "041": Span(109, 113),
    "237": Span(109, 113),
    "341": Span(109, 113),
}


class ReturnMissing(Refusal):
    message = "Escolha o arquivo de retorno do banco."
    field = "file"


class ReturnEmpty(Refusal):
    message = "O arquivo %(file)s está vazio."
    field = "file"


class ReturnTooLarge(Refusal):
    message = "O arquivo %(file)s passa de %(megabytes)s MB. Peça ao banco arquivos menores."
    field = "file"


class ReturnNotText(Refusal):
    message = (
        "O arquivo não é texto de banco (planilha, compactado ou UTF-16). "
        "Envie o retorno como o banco o entregou."
    )
    field = "file"


class ReturnCut(Refusal):
    message = "O arquivo está cortado: falta o registro final (trailer). Baixe-o de novo do banco."
    field = "file"


class ReturnWithoutTitles(Refusal):
    message = "O arquivo só tem cabeçalho e trailer: o banco não informou título nenhum."
    field = "file"


class ReturnAlreadyRead(Refusal):
    message = "Este mesmo arquivo já foi enviado: é o retorno %(number)s, de %(when)s."
    field = "file"


class ReturnNumberAlreadyRead(Refusal):
    message = (
        "O banco já mandou o arquivo nº %(sequence)s desta conta: é o retorno %(number)s, de "
        "%(when)s, com outro conteúdo. Se o banco o corrigiu, marque a opção e envie de novo."
    )
    field = "file"


class SampleReturnRefused(Refusal):
    message = (
        "O arquivo é um retorno de treino, feito pelo próprio sistema: banco nenhum recebeu este "
        "dinheiro. Só um ambiente de treinamento o aceita."
    )
    field = "file"


@dataclass(frozen=True)
class ReturnHead:
    """What tells a return file from others: its bank, company and number there, and its digest.

    `sequence` is empty where the bank's header has no number that is known.
    """

    bank: str
    columns: int
    company: str
    sequence: str
    digest: str


def look_at_return(content: bytes, *, name: str) -> ReturnHead:
    """This will look at a file as a whole, before its lines are read.

    Refuses ReturnEmpty, ReturnTooLarge, ReturnNotText, ReturnCut, ReturnWithoutTitles, and what
    read_return refuses (NotABankFile, NotAReturnFile, BankNotKnown).
    """
    if not content.strip():
        raise ReturnEmpty(file=name)
    if len(content) > MAX_MEGABYTES << 20:
        raise ReturnTooLarge(file=name, megabytes=MAX_MEGABYTES)
    if content.startswith(_BINARY) or b"\x00" in content:
        raise ReturnNotText
    lines = lines_of(content)
    bank, columns = known_layout(lines[0] if lines else "")
    record = cnab_240.RECORD if columns == cnab_240.COLUMNS else cnab_400.RECORD
    if record.of(lines[-1]) != "9":
        raise ReturnCut
    if len(lines) <= (4 if columns == cnab_240.COLUMNS else 2):
        raise ReturnWithoutTitles
    return ReturnHead(
        bank=bank,
        columns=columns,
        company=" ".join(_COMPANY[columns].of(lines[0]).split()),
        sequence=_sequence(lines[0], bank, columns),
        digest=sha256(content).hexdigest(),
    )


def is_sample(company: str) -> bool:
    """Whether a file of this company is no bank's, but one that was made to train with."""
    return company == SAMPLE_COMPANY


def check_is_of_a_bank(head: ReturnHead) -> None:
    """This will refuse a file that was made to train with (SampleReturnRefused)."""
    if is_sample(head.company):
        raise SampleReturnRefused


def _sequence(header: str, bank: str, columns: int) -> str:
    span = _SEQUENCE_240 if columns == cnab_240.COLUMNS else SEQUENCES_400.get(bank)
    number = span.of(header) if span else ""
    return number.lstrip("0") if number.isdigit() else ""
