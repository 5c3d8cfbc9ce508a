"""What the search over everything finds in the invoice management."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from api.contestations import STAGES, TITLES
from api.dependencies import Principal
from api.language import N_, day, gettext
from models import carrier_search

KINDS = {
    "contestation": N_("Contestações"),
    "carrier_invoice": N_("Faturas de operadoras"),
    "line": N_("Linhas"),
}


@dataclass(frozen=True)
class Found:
    """Something of the invoice management, and the page that shows it."""

    kind: str
    id: int
    title: str
    note: str
    href: str


async def find_for_carriers(session: AsyncSession, text: str, *, by: Principal) -> list[Found]:
    """This will look among contestations, carriers' invoices and lines, as far as one may see."""
    found: list[Found] = []
    if by.may("contestations:see"):
        found += _contestations(await carrier_search.find_contestations(session, text))
    if by.may("carriers:see"):
        found += _invoices(await carrier_search.find_carrier_invoices(session, text))
        found += _lines(await carrier_search.find_lines(session, text))
    return found


def _contestations(rows: Sequence[Any]) -> Iterator[Found]:
    for row in rows:
        title = gettext(TITLES[row["direction"], row["is_preview"]]) % {"n": row["id"]}
        who = " · ".join(each for each in (row["carrier"], row["company"]) if each)
        note = f"{who} · {gettext(STAGES[row['stage']])}"
        yield Found("contestation", row["id"], title, note, f"/contestacoes/{row['id']}")


def _invoices(rows: Sequence[Any]) -> Iterator[Found]:
    for row in rows:
        title = row["number"] or f"{row['issue_date']:%m/%Y}"
        note = f"{row['carrier']} · {row['company']} · {row['account']} · {day(row['issue_date'])}"
        yield Found("carrier_invoice", row["id"], title, note, f"/operadoras/faturas/{row['id']}")


def _lines(rows: Sequence[Any]) -> Iterator[Found]:
    for row in rows:
        note = " · ".join(each for each in (row["owner"], row["company"]) if each)
        yield Found("line", row["id"], row["number"], note, f"/operadoras/linhas/{row['id']}")
