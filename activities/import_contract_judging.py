"""What imported contracts are judged by beside their own cells: whose the telephone lines are, and
until when one may join."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_pages import PageContext
from models.phone_terminals import terminals_taken
from models.policies import load_policy
from rules.contract_terms import ContractPolicy
from rules.import_columns import ImportKind
from rules.import_contracts import faults
from rules.import_rows import Row
from rules.refusals import Refusal

TERMINAL = "phone_terminal"


@dataclass(frozen=True)
class Judging:
    """What rows are judged by: whose the telephone lines are, and until when one may join."""

    taken: Mapping[str, str]
    adhesion_window_days: int
    today: date

    def faults(self, row: Row, told: Mapping[str, Any]) -> Iterator[Refusal]:
        """Everything that stands against a row, by what is told of its contract."""
        owner = self.taken.get(str(told.get(TERMINAL)))
        return faults(
            told, today=self.today, terminal_taken_by=owner if owner != row.key else None,
            adhesion_window_days=self.adhesion_window_days, unread=row.unread,
        )  # fmt: skip


async def judging(
    session: AsyncSession, rows: Sequence[Row], ending: frozenset[str], page: PageContext
) -> Judging:
    """A line is of the contract that has it, else of the first row that names it; what ends has
    none."""
    named = {
        str(line): row.key
        for row in reversed(rows)
        if (line := row.values.get(TERMINAL)) and row.key not in ending
    }
    taken = await terminals_taken(session, named) | _taken_earlier(named, page)
    stays = {
        line: code
        for line, code in taken.items()
        if code not in ending and not _ended_earlier(code, page)
    }
    policy = await load_policy(session, ContractPolicy())
    return Judging({**named, **stays}, policy.adhesion_window_days, page.today)


def _taken_earlier(lines: Iterable[str], page: PageContext) -> dict[str, str]:
    """The contracts that a dry run's earlier pages give these telephone lines to."""
    if not page.is_dry_run:
        return {}
    return {
        row.values[TERMINAL]: row.key
        for row in page.earlier.rows(ImportKind.CONTRACTS, TERMINAL, lines)
        if not row.values.get("terminated_on")
    }


def _ended_earlier(code: str, page: PageContext) -> bool:
    if not page.is_dry_run:
        return False
    brought = page.earlier.rows(ImportKind.CONTRACTS, "code", [code])
    return any(row.values.get("terminated_on") for row in brought)
