"""Conflicts at the bureau by amount: of settled invoices what they were, of others what is owed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import Dialect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel.ext.asyncio.session import AsyncSession

from api.keyset import Cursor, SortKey, fetch, keyset
from models.database import Database
from models.panels import Wanted, select_panel
from rules.panels import Panel
from tests.builders import a_customer, an_uncounted_invoice

CONFLICTS = select_panel(Panel.BUREAU_CONFLICTS, Wanted(), sorted_by="amount")
#: Status, whole and open amount; the panel shows the whole one of what is settled.
INVOICES = [
    ("settled", "30.00", "0.00"),
    ("open", "90.00", "20.00"),
    ("settled", "20.00", "0.00"),
    ("open", "10.00", "10.00"),
    ("settled", "9.00", "0.00"),
    ("cancelled", "80.00", "0.00"),
    ("settled", "100.00", "0.00"),
]
SHOWN = ["0.00", "9.00", "10.00", "20.00", "20.00", "30.00", "100.00"]


@pytest.mark.parametrize("is_descending", [False, True])
async def test_conflicts_are_paged_by_what_they_show(
    database: Database, *, is_descending: bool
) -> None:
    sort = SortKey("amount", is_descending=is_descending)
    expected = [Decimal(each) for each in (reversed(SHOWN) if is_descending else SHOWN)]
    async with database.write() as session:
        await _conflicts(session)

        page = await fetch(session, CONFLICTS, sort=sort, cursor=None, limit=2)
        there = list(page.rows)
        while page.next:
            page = await fetch(session, CONFLICTS, sort=sort, cursor=page.next, limit=2)
            there += page.rows
        back = list(page.rows)
        while page.previous:
            page = await fetch(session, CONFLICTS, sort=sort, cursor=page.previous, limit=2)
            back[:0] = page.rows

    assert [row["amount"] for row in there] == expected
    assert len({row["id"] for row in there}) == len(SHOWN)
    assert back == there


@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize("cursor", [None, Cursor(Decimal("20.00"), (1,))])
async def test_a_page_of_conflicts_by_amount_is_read_from_an_index(
    database: Database, cursor: Cursor | None, *, is_descending: bool
) -> None:
    """Not chosen for want of rows here, but there to be chosen: nothing is left to be sorted."""
    sort = SortKey("amount", is_descending=is_descending)
    async with database.write() as session:
        await _conflicts(session)
        plan = await _plan(session, keyset(CONFLICTS, sort=sort, cursor=cursor, limit=51))

    assert "ix_invoices_conflict_amount" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])
def test_the_index_is_found_whatever_the_parameters(dialect: Dialect) -> None:
    """A statement planned once for all parameters must say itself what the index holds."""
    sent = str(CONFLICTS.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))

    assert "WHEN (invoices.status = 'settled') THEN" in sent
    assert "invoices.bureau_stage = 'conflict'" in sent


async def _conflicts(session: AsyncSession) -> None:
    customer = await a_customer(session)
    for status, amount, owed in INVOICES:
        await an_uncounted_invoice(
            session, customer, amount, open_amount=Decimal(owed), status=status,
            collection_stage="recovered", bureau_stage="conflict",
        )  # fmt: skip
    await an_uncounted_invoice(session, customer, bureau_stage="registered")


async def _plan(session: AsyncSession, statement) -> str:
    """How the database would read a statement, its values written out."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    dialect = sqlite.dialect() if is_sqlite else postgresql.dialect()
    written = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    if not is_sqlite:
        for way in ("seqscan", "bitmapscan", "sort"):
            await session.exec(text(f"SET LOCAL enable_{way} = off"))
    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    lines = await session.exec(text(f"{explain} {written}".replace(":", r"\:")))
    return "\n".join(str(line[-1]) for line in lines)
