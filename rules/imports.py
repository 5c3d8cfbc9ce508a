"""Portfolio files: how a header is understood, and what a file as a whole is refused for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rules.import_columns import COLUMNS, Column, ImportKind
from rules.refusals import Refusal
from rules.sentences import N_

MAX_BYTES = 512 * 1024 * 1024
#: More keys than this stand twice: the column is no key, and the file is not what it seems.
MAX_DUPLICATES = 1_000


KIND_WORDS = {
    ImportKind.CUSTOMERS: N_("clientes"),
    ImportKind.CONTRACTS: N_("contratos"),
    ImportKind.INVOICES: N_("faturas"),
    ImportKind.AGREEMENTS: N_("acordos"),
    ImportKind.PAYMENTS: N_("pagamentos"),
}


class ImportEmpty(Refusal):
    message = "O arquivo %(file)s está vazio ou só tem o cabeçalho."


class ImportTooLarge(Refusal):
    message = "O arquivo %(file)s passa de %(megabytes)s MB. Divida-o em partes."


class ImportNotText(Refusal):
    message = "O arquivo %(file)s não é CSV (planilha ou binário). Exporte-o como CSV."


class EncodingNotAccepted(Refusal):
    message = (
        "A codificação do arquivo não é UTF-8 nem Windows-1252 (linha %(line)s). "
        "Salve-o como CSV UTF-8."
    )


class EncodingMixed(Refusal):
    message = "A linha %(line)s está em outra codificação que o resto. Salve tudo como CSV UTF-8."


class LineEndsNotAccepted(Refusal):
    message = (
        "As linhas do arquivo %(file)s terminam como em Macs antigos, e ele parece ter uma só. "
        "Salve-o como CSV UTF-8."
    )


class SeparatorNotAccepted(Refusal):
    message = "O separador das colunas não é ; nem vírgula. Exporte o arquivo com um dos dois."


class HeaderNotRecognised(Refusal):
    message = "A primeira linha não é um cabeçalho conhecido: %(header)s. Veja os modelos."


class ColumnMissing(Refusal):
    message = "Para um arquivo de %(kind_word)s faltam as colunas: %(columns)s. Veja o modelo."


class ColumnRepeated(Refusal):
    message = "A coluna %(column)s aparece duas vezes no cabeçalho."


class ColumnsAlike(Refusal):
    message = "As colunas %(first)s e %(other)s dizem a mesma coisa. Deixe só uma delas no arquivo."


class DecimalsMixed(Refusal):
    message = (
        "O arquivo mistura vírgula decimal (linha %(comma)s) e ponto decimal (linha %(point)s). "
        "Use um só formato."
    )


class QuoteNotClosed(Refusal):
    message = "As aspas abertas na linha %(line)s não fecham. Corrija a linha."


class KeysRepeatTooOften(Refusal):
    message = (
        "A coluna %(column)s repete-se em mais de %(count)s códigos: não identifica as linhas."
    )


class HeaderRepeated(Refusal):
    message = "O cabeçalho repete-se no meio do arquivo."


class FieldCountWrong(Refusal):
    message = "A linha tem %(found)s campos e o cabeçalho, %(expected)s."


class KeyDuplicated(Refusal):
    message = "O código “%(key)s” aparece também na linha %(other)s: nenhuma das duas entra."


class ReferenceUnknown(Refusal):
    message = (
        "O código “%(code)s” não está cadastrado. Cadastre-o ou importe-o antes, ou corrija a "
        "linha."
    )


class ReferenceRefused(Refusal):
    message = (
        "Depende da linha %(line)s de %(file)s, que traz o código “%(code)s” e foi recusada nesta "
        "mesma importação. Corrija-a e envie as duas de novo."
    )


class RegistryCodeUnknown(Refusal):
    message = (
        "O código “%(code)s” não está nos cadastros. Cadastre-o antes, ou corrija a linha: "
        "arquivos não o trazem."
    )


class MakerUnknown(Refusal):
    message = (
        "Ninguém tem aqui o login “%(login)s”. Cadastre a pessoa antes, corrija a linha ou deixe "
        "em branco: conta então quem importa."
    )
    field = "made_by"


#: A header that says what a file is: looked for in this order.
_DETECTED = (
    ImportKind.INVOICES,
    ImportKind.PAYMENTS,
    ImportKind.CUSTOMERS,
    ImportKind.AGREEMENTS,
    ImportKind.CONTRACTS,
)
_SEPARATORS = (";", ",")
_OTHER_SEPARATORS = ("\t", "|")
#: "Data de vencimento" is data_vencimento.
_PARTICLES = re.compile(r"(?<=_)d(?:e|o|a|os|as)_")


@dataclass(frozen=True)
class Header:
    """A header as understood: which column stands where; None where a column is not ours."""

    kind: ImportKind
    separator: str
    titles: tuple[str, ...]
    fields: tuple[str | None, ...]

    @property
    def ignored(self) -> list[str]:
        """The titles of columns that are not read."""
        return [t for t, f in zip(self.titles, self.fields, strict=True) if f is None and t]


def normalise_title(title: str) -> str:
    """This will write a header's title as the columns are known: "Código " is codigo."""
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", bare.lower()).strip("_")


def read_header(line: str, *, kind: ImportKind | None) -> Header:
    """This will understand a file's first line; kind None: the header says what the file is.

    Refuses SeparatorNotAccepted, HeaderNotRecognised, ColumnRepeated, ColumnsAlike and
    ColumnMissing.
    """
    separator = max(_SEPARATORS, key=lambda each: _known(_titles(line, each), kind))
    titles = _titles(line, separator)
    if not _known(titles, kind):
        if any(_known(_titles(line, other), kind) for other in _OTHER_SEPARATORS):
            raise SeparatorNotAccepted
        raise HeaderNotRecognised(header=line.strip()[:120])
    kind = kind or detect_kind(titles) or _closest(titles)
    if kind is None:
        raise HeaderNotRecognised(header=line.strip()[:120])
    return Header(kind, separator, titles, _fields(titles, kind))


def detect_kind(titles: Sequence[str]) -> ImportKind | None:
    """What a file holds by its header; None when it has not all columns of any kind."""
    return next((kind for kind in _DETECTED if not _missing(titles, kind)), None)


def _closest(titles: Sequence[str]) -> ImportKind | None:
    """The kind that a header comes near, so that what it lacks can be named; by two at least."""
    found = max(_DETECTED, key=lambda kind: _known(titles, kind))
    return found if _known(titles, found) > 1 else None


def sample_titles(kind: ImportKind) -> list[str]:
    """The header of a file of this kind as we would write it."""
    return [column.names[0] for column in COLUMNS[kind]]


def _titles(line: str, separator: str) -> tuple[str, ...]:
    titles = [normalise_title(title.strip().strip('"')) for title in line.split(separator)]
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


def _known(titles: Sequence[str], kind: ImportKind | None) -> int:
    kinds = [kind] if kind else list(ImportKind)
    return max(sum(_column_of(title, each) is not None for title in titles) for each in kinds)


def _column_of(title: str, kind: ImportKind) -> Column | None:
    named = (title, _PARTICLES.sub("", title))
    return next((each for each in COLUMNS[kind] if not set(named).isdisjoint(each.names)), None)


def _missing(titles: Sequence[str], kind: ImportKind) -> list[str]:
    there = [_column_of(title, kind) for title in titles]
    wanted = [column for column in COLUMNS[kind] if column.is_required]
    return [column.names[0] for column in wanted if column not in there]


def _fields(titles: Sequence[str], kind: ImportKind) -> tuple[str | None, ...]:
    missing = _missing(titles, kind)
    if missing:
        raise ColumnMissing(columns=", ".join(missing), kind_word=KIND_WORDS[kind])
    columns = [_column_of(title, kind) for title in titles]
    seen: dict[str, str] = {}
    for title, column in zip(titles, columns, strict=True):
        if column is None:
            continue
        first = seen.get(column.field)
        if first == title:
            raise ColumnRepeated(column=title)
        if first is not None:
            raise ColumnsAlike(first=first, other=title)
        seen[column.field] = title
    return tuple(column.field if column else None for column in columns)
