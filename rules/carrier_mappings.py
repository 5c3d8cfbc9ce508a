"""Another carrier's CSV, told in words that an administrator types: which column is what."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rules.carrier_records import ChargeKind, Role
from rules.imports import normalise_title
from rules.refusals import Refusal
from rules.sentences import N_


class Separator(StrEnum):
    """What parts the cells."""

    SEMICOLON = "semicolon"
    COMMA = "comma"
    TAB = "tab"
    BAR = "bar"

    @property
    def sign(self) -> str:
        """As it stands in a file."""
        return {"semicolon": ";", "comma": ",", "tab": "\t"}.get(self.value, "|")


class Point(StrEnum):
    """What parts reais from centavos."""

    COMMA = "comma"
    POINT = "point"


class DayForm(StrEnum):
    """How days are written."""

    DAY_MONTH_YEAR = "dd/mm/aaaa"
    SHORT_YEAR = "dd/mm/aa"
    ISO = "aaaa-mm-dd"
    DIGITS = "aaaammdd"
    DIGITS_FROM_DAY = "ddmmaaaa"


class DurationForm(StrEnum):
    """How long a call took: 00:04:18 or 04:18, 258, 4,3 or 04m18s."""

    CLOCK = "hh:mm:ss"
    SECONDS = "seconds"
    MINUTES = "minutes"
    LETTERS = "00h00m00s"


class Target(StrEnum):
    """What a row is, by the word in its column of kinds."""

    CALL = "call"
    SERVICE = "service"
    PLAN = "plan"
    DISCOUNT = "discount"
    ADJUSTMENT = "adjustment"
    TOTAL = "total"
    IGNORED = "ignored"


KINDS: Mapping[Target, ChargeKind] = {
    Target.CALL: ChargeKind.CALL, Target.SERVICE: ChargeKind.SERVICE,
    Target.PLAN: ChargeKind.PLAN, Target.DISCOUNT: ChargeKind.DISCOUNT,
    Target.ADJUSTMENT: ChargeKind.ADJUSTMENT,
}  # fmt: skip
ROLES: Mapping[Target, Role] = {
    **{target: Role(target.value) for target in KINDS},
    Target.TOTAL: Role.TRAILER, Target.IGNORED: Role.NOTICE,
}  # fmt: skip
#: What an administrator writes for each.
TARGET_WORDS: Mapping[Target, str] = {
    Target.CALL: N_("chamada"), Target.SERVICE: N_("serviço"), Target.PLAN: N_("plano"),
    Target.DISCOUNT: N_("desconto"), Target.ADJUSTMENT: N_("ajuste"),
    Target.TOTAL: N_("total"), Target.IGNORED: N_("ignorar"),
}  # fmt: skip
_TARGETS = {normalise_title(word): target for target, word in TARGET_WORDS.items()}
#: The cells that a mapping may know, and what they are called; evidence tells them by these names.
CELLS: Mapping[str, str] = {
    "account": N_("Conta"), "invoice_number": N_("Número da fatura"),
    "month": N_("Mês da fatura"), "issue_date": N_("Emissão"), "due_date": N_("Vencimento"),
    "number": N_("Linha"), "row_kind": N_("Tipo da cobrança"), "category": N_("Código"),
    "description": N_("Descrição"), "plan_name": N_("Plano"), "date": N_("Data"),
    "until_date": N_("Até"), "time": N_("Hora"), "called": N_("Número chamado"),
    "duration": N_("Duração"), "quantity": N_("Quantidade"), "allowance": N_("Franquia"),
    "unit": N_("Unidade"),
    "amount": N_("Valor"), "net_amount": N_("Valor sem impostos"), "tax_rate": N_("Alíquota"),
}  # fmt: skip
_CODE_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
#: Parts a mapping's code from its version in a layout's name.
OF_VERSION = "@"
REST = "*"
#: A header stands among so many lines; above it carriers write titles, addresses, periods.
HEADER_WITHIN = 30


class MappingCodeWrong(Refusal):
    message = "O código leva só letras minúsculas sem acento, algarismos, traço e sublinhado."
    field = "code"


class MappingColumnMissing(Refusal):
    message = "Diga qual coluna traz: %(cell_word)s."


class MappingCellWrong(Refusal):
    message = "O campo %(cell)s não existe; há: %(cells)s."
    field = "columns"


class MappingColumnTwice(Refusal):
    message = "A coluna %(title)s está em dois campos."


class MappingWordWrong(Refusal):
    message = "Linha %(line)s: escreva “palavra = tipo”, com um destes tipos: %(kinds)s."
    field = "words"


class MappingWordTwice(Refusal):
    message = "A palavra “%(word)s” aparece duas vezes."
    field = "words"


class MappingKindMissing(Refusal):
    message = "Mapeie a coluna do tipo, ou diga o que é toda cobrança sem tipo."
    field = "otherwise"


class MappingAccountMissing(Refusal):
    message = "Mapeie a coluna da conta, ou informe a conta de todos os arquivos."
    field = "account"


@dataclass(frozen=True)
class CsvMapping:
    """A layout of rows: `columns` leads from our names of cells to the file's titles.

    `words` are what the column `row_kind` may say, one that ends in `*` standing for all that
    begin so; `otherwise` is what any other row is, None: a fault. `account` is that of every file
    where no column tells it.
    """

    code: str
    name: str
    columns: Mapping[str, str]
    words: Mapping[str, Target]
    version: int = 1
    separator: Separator = Separator.SEMICOLON
    point: Point = Point.COMMA
    day_form: DayForm = DayForm.DAY_MONTH_YEAR
    duration_form: DurationForm = DurationForm.CLOCK
    otherwise: Target | None = None
    account: str = ""

    @property
    def key(self) -> str:
        """How an invoice names it: a later version changes nothing about what was read by this."""
        return f"{self.code}{OF_VERSION}{self.version}"

    @property
    def precision(self) -> int:
        """How surely it is told: the more titles, the surer."""
        return len(self.columns)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Its cells by their titles, as titles are compared."""
        return {normalise_title(title): cell for cell, title in self.columns.items()}

    def recognises(self, opening: str) -> bool:
        """Whether a file that begins so is one of these: a line of it is the header."""
        return any(map(self.is_header, opening.split("\n")[:HEADER_WITHIN]))

    def is_header(self, line: str) -> bool:
        """Whether a line has every title, in any order."""
        told = split_cells(line.lstrip("\ufeff").rstrip("\r\n"), self.separator)
        return set(self.titles) <= {normalise_title(each) for each in told}

    def missing_in(self, opening: str) -> list[str]:
        """The titles that the header lacks, of the line that comes nearest to be one."""
        return min(map(self._missing_of, opening.split("\n")[:HEADER_WITHIN]), key=len)

    def _missing_of(self, line: str) -> list[str]:
        told = {normalise_title(e) for e in split_cells(line.strip(), self.separator)}
        return [title for title in self.columns.values() if normalise_title(title) not in told]

    def target_of(self, word: str) -> Target | None:
        """What a row is that says this word; None: nobody told."""
        bare = normalise_title(word)
        found = self._exact.get(bare)
        if found is None and bare:
            found = next((t for start, t in self._starts if bare.startswith(start)), None)
        return found or self.otherwise

    @cached_property
    def _exact(self) -> Mapping[str, Target]:
        return {
            normalise_title(word): target
            for word, target in self.words.items()
            if not word.endswith(REST)
        }

    @cached_property
    def _starts(self) -> Sequence[tuple[str, Target]]:
        """The longest beginnings first."""
        told = (
            (normalise_title(word.removesuffix(REST)), target)
            for word, target in self.words.items()
            if word.endswith(REST)
        )
        return sorted(told, key=lambda each: -len(each[0]))


def split_cells(line: str, separator: Separator) -> list[str]:
    """The cells of a line, quotes taken off; none where its quotes make no sense."""
    try:
        row = next(csv.reader([line], delimiter=separator.sign), [])
    except csv.Error:
        return []
    return [each.strip() for each in row]


def family_of(key: str) -> str:
    """A layout's name without its version: what a carrier's files are said to be of."""
    return key.partition(OF_VERSION)[0]


def read_words(text: str) -> dict[str, Target]:
    """This will read lines of “palavra = tipo”. Refuses MappingWordWrong and MappingWordTwice."""
    words: dict[str, Target] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        word, sign, kind = (each.strip() for each in line.rpartition("="))
        target = _TARGETS.get(normalise_title(kind))
        if not sign or not normalise_title(word) or target is None:
            raise MappingWordWrong(line=number, kinds=", ".join(TARGET_WORDS.values()))
        if any(normalise_title(word) == normalise_title(each) for each in words):
            raise MappingWordTwice(word=word)
        words[word] = target
    return words


def written_words(words: Mapping[str, Target]) -> str:
    """The words as they are typed."""
    return "\n".join(f"{word} = {TARGET_WORDS[target]}" for word, target in words.items())


def check_mapping(mapping: CsvMapping) -> None:
    """This will refuse what could read no file: no amount, no account, no kind, a column twice."""
    if not mapping.code or not set(mapping.code) <= _CODE_ALLOWED:
        raise MappingCodeWrong
    _check_columns(mapping)
    if "account" not in mapping.columns and not mapping.account.strip():
        raise MappingAccountMissing
    if "row_kind" not in mapping.columns and mapping.otherwise is None:
        raise MappingKindMissing


def _check_columns(mapping: CsvMapping) -> None:
    seen: set[str] = set()
    for cell, title in mapping.columns.items():
        if cell not in CELLS:
            raise MappingCellWrong(cell=cell, cells=", ".join(CELLS))
        if normalise_title(title) in seen:
            raise MappingColumnTwice(title=title, field=f"c_{cell}")
        seen.add(normalise_title(title))
    for cell in ("number", "amount"):
        if cell not in mapping.columns:
            raise MappingColumnMissing(cell_word=CELLS[cell], field=f"c_{cell}")
