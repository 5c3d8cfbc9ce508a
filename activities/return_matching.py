"""Which invoice each title of a return file is about: by its number at the bank, else by ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from models import bank_returns
from rules.bank_returns import Candidate, is_about
from rules.cnab_titles import Title
from rules.return_numbers import sequence_in


@dataclass(frozen=True)
class Matching:
    """The invoices that the titles of a page may be about; more than one is none."""

    bank: str
    columns: int
    by_sequence: Mapping[int, Sequence[Candidate]]
    by_label: Mapping[str, Sequence[Candidate]]

    def numbered(self, title: Title) -> int | None:
        """The invoice that the number of a boleto of ours leads to, where more confirms it."""
        sequence = sequence_in(title.our_number, bank=self.bank, columns=self.columns)
        found = self.by_sequence.get(sequence, ()) if sequence else ()
        return _only([each for each in found if is_about(title, each)])

    def labelled(self, title: Title) -> int | None:
        """The invoice with the code or number that a boleto of another system names it by."""
        for label in labels_of(title):
            found = self.by_label.get(label, ())
            confirmed = [
                each for each in found if each.amount == title.face_amount or len(found) == 1
            ]
            if confirmed:
                return _only(confirmed)
        return None


def labels_of(title: Title) -> list[str]:
    """What of a title may be the code or number of an invoice: ours first, then the bank's."""
    told = (title.your_number, title.our_number, title.our_number.lstrip("0"))
    return [label for label in dict.fromkeys(told) if label.strip("0")]


async def match(
    session: AsyncSession, titles: Sequence[Title], *, bank: str, columns: int
) -> list[int | None]:
    """This will give the invoice that each title is about, in as few questions as there are ways.

    Only titles whose number led nowhere are looked for by label.
    """
    sequences = {sequence_in(t.our_number, bank=bank, columns=columns) for t in titles} - {None}
    by_sequence: dict[int, list[Candidate]] = defaultdict(list)
    for sequence, candidate in await bank_returns.numbered(
        session, bank=bank, sequences=[each for each in sequences if each is not None]
    ):
        by_sequence[sequence].append(candidate)
    matching = Matching(bank, columns, by_sequence, {})
    found = [matching.numbered(title) for title in titles]
    left = [title for title, known in zip(titles, found, strict=True) if known is None]
    if not left:
        return found
    labels = {label for title in left for label in labels_of(title)}
    by_label: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in await bank_returns.labelled(session, labels):
        for label in candidate.labels & labels:
            by_label[label].append(candidate)
    matching = Matching(bank, columns, by_sequence, by_label)
    return [
        matching.labelled(title) if known is None else known
        for title, known in zip(titles, found, strict=True)
    ]


def _only(found: Sequence[Candidate]) -> int | None:
    return found[0].invoice_id if len(found) == 1 else None
