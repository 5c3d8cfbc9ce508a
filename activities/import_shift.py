"""One stretch of an import's work: its clock, what it remembers between pages, what it counts."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from activities.import_files import FileFacts, KeyIndex, Page, keys_of
from activities.import_pages import Outcome, PageContext
from models.bulk import BulkRun
from rules.import_columns import COLUMNS, ImportKind

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
    keys: dict[str, tuple[ImportKind, KeyIndex]] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """Now, as the activity sees it."""
        return self.began + timedelta(seconds=self.clock() - self.began_monotonic)

    @property
    def is_over(self) -> bool:
        """Whether the rest is left to the next activity."""
        return self.at >= self.began + SHIFT

    def uncollected(self, files: Sequence[FileFacts]) -> list[FileFacts]:
        """Those of these files whose codes this stretch does not know yet."""
        return [file for file in files if file.path not in self.keys]

    def collect(self, file: FileFacts, refused: Container[int]) -> None:
        """The codes of an earlier file: a dry run writes nothing that later files could find."""
        self.keys[file.path] = (file.header.kind, keys_of(file, refused))

    def is_pending(self, kind: ImportKind, code: str) -> bool:
        """Whether an earlier file of this dry run would bring the code."""
        return any(code in keys for of, keys in self.keys.values() if of is kind)


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


def context_of(run: BulkRun, file: FileFacts, shift: Shift) -> PageContext:
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
        titles={field: title for field, title in titles.items() if field},
        is_pending=shift.is_pending,
    )
