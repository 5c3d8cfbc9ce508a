"""The cells that only files of contracts have: words of the wizard, and small numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from rules.contracts import RenewalForm, RenewalPrice
from rules.import_cells import Decimals, Reader
from rules.price_indices import Method, NegativePolicy
from rules.refusals import Refusal

#: What a cell may say, the words that are told to who said another first.
RENEWAL_FORMS = {"prorrogar": RenewalForm.EXTENSION, "sucessor": RenewalForm.SUCCESSOR}
RENEWAL_PRICES = {"plano": RenewalPrice.BY_PLAN, "sugerido": RenewalPrice.SUGGESTED}
METHODS = {"número-índice": Method.NUMBER_INDICES, "variação mensal": Method.MONTHLY_RATES}
NEGATIVES = {
    "perguntar": NegativePolicy.ASK,
    "manter": NegativePolicy.KEEP,
    "reduzir": NegativePolicy.REDUCE,
}
COMPOSITIONS = {"NFCom": "nfcom", "NFS-e": "nfse", "nota de débito": "debit_note"}


class WordNotKnown(Refusal):
    message = "“%(word)s” não existe: use %(words)s."


class NumberNotPossible(Refusal):
    message = "Escreva um número de %(least)s a %(most)s, em vez de “%(number)s”."


def one_of(words: Mapping[str, str]) -> Reader:
    """This will make a reader of a few words, or of the values that programs know them by."""
    known = {_bare(word): value for word, value in words.items()}
    known |= {_bare(value): value for value in words.values()}

    def read_word(cell: str, _decimals: Decimals) -> str:
        value = known.get(_bare(cell))
        if value is None:
            raise WordNotKnown(word=cell[:40], words=", ".join(words))
        return value

    return read_word


def number(least: int, most: int) -> Reader:
    """This will make a reader of whole numbers between two, both included."""

    def read_number(cell: str, _decimals: Decimals) -> int:
        is_number = cell.isascii() and cell.isdecimal() and len(cell) < 5
        if not is_number or not least <= int(cell) <= most:
            raise NumberNotPossible(number=cell[:20], least=least, most=most)
        return int(cell)

    return read_number


def _bare(word: str) -> str:
    """Without accents, signs and capitals: "Número-índice" is numeroindice."""
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return "".join(each for each in plain.casefold() if each.isalnum())
