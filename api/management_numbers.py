"""The numbers of the managers' page, each with the list behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.language import N_, gettext
from api.table import Chip
from models.case_counts import StageCount
from models.case_filter import When
from rules import words

ICONS = {
    When.BREACHED: "flame",
    When.OVERDUE: "alarm",
    When.DUE_TODAY: "calendar-due",
    When.DUE_WEEK: "calendar-week",
    When.TODAY: "player-play",
    When.WEEK: "calendar-time",
}


#: The columns of what presses, as short as a table's head wants them.
HEADS = {
    When.BREACHED: N_("Prazo descumprido"),
    When.OVERDUE: N_("Em atraso"),
    When.DUE_TODAY: N_("Vencem hoje"),
    When.DUE_WEEK: N_("Vencem em 7 dias"),
    When.TODAY: N_("Andam hoje"),
    When.WEEK: N_("Andam em 7 dias"),
}


@dataclass(frozen=True)
class Number:
    """A number and the list behind it."""

    count: int
    href: str


@dataclass(frozen=True)
class StageRow:
    """A line of a process's table; the times are None for all stages together.

    `note` says what the stage's name does not.
    """

    label: str
    cases: Number
    pressing: tuple[Number, ...]
    count: StageCount | None = None
    note: str = ""


@dataclass(frozen=True)
class ProcessTable:
    """A process: all of its stages together, and each."""

    total: StageRow
    rows: tuple[StageRow, ...]


def chips_of(counts: Sequence[StageCount], where: Mapping[str, str]) -> list[Chip]:
    """The numbers of the whole house, one of each kind."""
    everything = _row("", where, counts)
    return [
        Chip(gettext(N_("Casos abertos")), everything.cases.count, everything.cases.href, "files"),
        *(
            Chip(gettext(HEADS[when]), number.count, number.href, ICONS[when])
            for when, number in zip(When, everything.pressing, strict=True)
        ),
    ]


def table_of(
    process: str, counts: Sequence[StageCount], narrowed: Mapping[str, str]
) -> ProcessTable:
    """A process's lines; every number opens its cases, narrowed as the page is."""
    own = [each for each in counts if each.process == process]
    where = {**narrowed, "processo": process}
    rows = tuple(
        _row(
            gettext(words.stage_label(process, each.stage)), {**where, "etapa": each.stage}, [each],
            count=each,
        )
        for each in own
    )  # fmt: skip
    return ProcessTable(_row(gettext(words.PROCESSES[process]), where, own), rows)


def _row(
    label: str,
    where: Mapping[str, str],
    counts: Sequence[StageCount],
    *,
    count: StageCount | None = None,
) -> StageRow:
    return StageRow(
        label=label,
        cases=_number(sum(each.cases for each in counts), where),
        pressing=tuple(
            _number(sum(each.pressing[when] for each in counts), where, when) for when in When
        ),
        count=count,
        note=_note(count),
    )


def _note(count: StageCount | None) -> str:
    told = words.STAGE_NOTES.get(count.process, {}).get(count.stage) if count else None
    return gettext(told) if told else ""


def _number(count: int, where: Mapping[str, str], when: When | None = None) -> Number:
    query = {**where, **({"prazo": when.value} if when else {})}
    return Number(count, f"/casos?{urlencode(query)}" if query else "/casos")
