"""One stretch of an import's work: its clock, what it remembers between pages, what it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from activities.import_earlier import EarlierLines
from activities.import_files import FileFacts, Page
from activities.import_pages import Outcome, PageContext
from models.bulk import BulkRun
from rules.import_columns import COLUMNS

#: An activity ends after this and the workflow asks for the next; far below its time-out.
SHIFT = timedelta(minutes=4)


@dataclass
class Shift:
    """One stretch of work of one activity: its clock, and what it remembers between pages.

    `clock` counts the seconds that pass.
    """

    began: datetime
    began_monotonic: float
    clock: Callable[[], float] = monotonic

    @property
    def at(self) -> datetime:
        """Now, as the activity sees it."""
        return self.began + timedelta(seconds=self.clock() - self.began_monotonic)

    @property
    def is_over(self) -> bool:
        """Whether the rest is left to the next activity."""
        return self.at >= self.began + SHIFT


@dataclass
class ImportShift(Shift):
    """A stretch of an import, with what its earlier lines told."""

    earlier: EarlierLines = field(kw_only=True)


@dataclass
class Counts:
    """What became of a file's rows so far."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


def count(run: BulkRun, place: int, page: Page, outcome: Outcome) -> None:
    """This will add a page to the counts of its file and of the run."""
    counts = [dict(each) for each in run.summary["counts"]]
    refused_lines = len({error.line for error in outcome.errors})
    counted = Counts(page.count, outcome.new, outcome.changed, outcome.unchanged, refused_lines)
    counts[place] = {name: counts[place][name] + more for name, more in asdict(counted).items()}
    run.summary = {**run.summary, "counts": counts}
    run.done += page.count
    run.changed += outcome.new + outcome.changed
    run.unchanged += outcome.unchanged
    run.errors += refused_lines


def context_of(run: BulkRun, file: FileFacts, shift: ImportShift) -> PageContext:
    """Under what the run's next page is written."""
    ours: dict[str | None, str] = {
        column.field: column.names[0] for column in COLUMNS[file.header.kind]
    }
    titles = {**ours, **dict(zip(file.header.fields, file.header.titles, strict=True))}
    return PageContext(
        news_id=f"import/{run.id}/{run.position['file']}/{run.position['line']}",
        by=run.requested_by,
        at=shift.at,
        today=run.business_date,
        is_dry_run=run.is_dry_run,
        titles={told: title for told, title in titles.items() if told},
        places={told: at for at, told in enumerate(file.header.fields) if told},
        earlier=shift.earlier,
    )
