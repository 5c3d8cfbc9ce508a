"""Months of an index: read from a CSV or asked of the central bank, and kept once each."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.index_asking import months_informed
from models.people import Deed, record
from models.plans import PriceIndex, PriceIndexMonth
from models.registry_rows import RegistryRowUnknown
from rules.price_indices import Method
from rules.refusals import Refusal


class IndexLineNotRead(Refusal):
    message = "Linha %(line)s: “%(text)s” não é um mês e um valor, como 10/2026;0,45."
    field = "file"


class IndexFileEmpty(Refusal):
    message = "O arquivo não tem nenhum mês."
    field = "file"


class IndexWithoutSeries(Refusal):
    message = "Informe o número da série do Banco Central no cadastro do índice."


@dataclass(frozen=True)
class KeptMonths:
    """How many months were new, changed, and known already."""

    new: int
    changed: int
    unchanged: int


def read_months(content: bytes) -> dict[date, Decimal]:
    """This will read lines of month and value; a first line of words is a heading.

    Months are 10/2026 or 01/10/2026, decimals have a comma or a point. Refuses the first line that
    is neither (IndexLineNotRead), and a file without any (IndexFileEmpty).
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    found: dict[date, Decimal] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=";"), start=1):
        if not any(row) or (number == 1 and not any(ch.isdigit() for ch in "".join(row))):
            continue
        month, value = _line(number, row)
        found[month] = value
    if not found:
        raise IndexFileEmpty
    return found


async def keep_months(
    session: AsyncSession,
    index_id: int,
    months: Mapping[date, Decimal],
    *,
    kind: Method,
    source: str,
    deed: Deed,
) -> KeptMonths:
    """This will keep the months of an index, in place of what was known of them.

    Readjustments that wait find them the next morning. Refuses an unknown index.
    """
    if await session.get(PriceIndex, index_id) is None:
        raise RegistryRowUnknown
    statement = select(PriceIndexMonth).where(
        PriceIndexMonth.price_index_id == index_id, PriceIndexMonth.kind == kind
    )
    known = {row.month: row for row in await session.exec(statement.with_for_update())}
    changed = 0
    for month, value in months.items():
        row = known.get(month) or PriceIndexMonth(
            price_index_id=index_id, kind=kind, month=month, value=value
        )
        changed += month in known and (row.value != value or not row.is_active)
        row.value, row.source, row.is_active = value, source, True
        session.add(row)
    new = len(months.keys() - known.keys())
    kept = KeptMonths(new, changed, len(months) - new - changed)
    await months_informed(session, index_id, months.keys(), at=deed.at)
    record(
        session, deed, "price_index.import", subject=f"price_index/{index_id}", kind=kind,
        source=source, **vars(kept),
    )  # fmt: skip
    return kept


def _line(number: int, row: list[str]) -> tuple[date, Decimal]:
    try:
        month, value = (cell.strip() for cell in row)
        day = month if month.count("/") == 2 else f"01/{month}"
        first = datetime.strptime(day, "%d/%m/%Y").replace(tzinfo=UTC).date().replace(day=1)
        plain = value.replace(".", "").replace(",", ".") if "," in value else value
        found = Decimal(plain)
    except (ValueError, InvalidOperation):
        raise IndexLineNotRead(line=number, text=";".join(row)[:60]) from None
    if not found.is_finite():
        raise IndexLineNotRead(line=number, text=";".join(row)[:60])
    return first, found
