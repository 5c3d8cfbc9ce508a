"""When the ladder stands still: promised, contested, excepted, in an agreement, given more time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import AgreementInvoice
from models.boleto_instructions import InvoiceRenegotiation
from models.customer_marks import still_days
from models.invoices import OWED_AGAIN, InvoiceEvent
from models.ladders import LadderException, LadderPause
from models.rows import in_parts
from rules.business_days import local_date
from rules.collection_stages import CollectionStage
from rules.ladder import PauseReason
from rules.ladder_dates import Pause

#: In an agreement as it was, or replaced by its new invoices: undone, it was no less in it.
AGREED = (CollectionStage.IN_AGREEMENT, CollectionStage.REPLACED)
#: The lines of an invoice's history by which it enters an agreement or leaves it.
MOVES = ("stage", "made_by_agreement", OWED_AGAIN)

#: Every invoice is owed by its own contract alone.
ALONE: Mapping[int, Sequence[int]] = MappingProxyType({})


async def pauses_of(
    session: AsyncSession, rows: Sequence[Any], further: Mapping[int, Sequence[int]] = ALONE
) -> dict[int, tuple[Pause, ...]]:
    """Promises, contestations, agreements, exceptions, marks and new due dates that stop each.

    `further` are the contracts that owe some of an invoice beside its own: an exception of one of
    them stops the invoice too.
    """
    found: dict[int, list[Pause]] = defaultdict(list)
    columns = (
        col(LadderPause.invoice_id), col(LadderPause.since), col(LadderPause.until),
        col(LadderPause.reason),
    )  # fmt: skip
    ids = [row.id for row in rows]
    for kept in await in_parts(session, columns, col(LadderPause.invoice_id), ids):
        found[kept.invoice_id].append(Pause(kept.since, kept.until, kept.reason))
    booked = {row.contract_id for row in rows if row.contract_id}
    excepted = await _exceptions(session, booked.union(*further.values()))
    marked = await still_days(session, {row.customer_id for row in rows})
    for row in rows:
        found[row.id] += excepted.get(row.contract_id, [])
        for contract_id in further.get(row.id, ()):
            found[row.id] += excepted.get(contract_id, [])
        found[row.id] += marked.get(row.customer_id, ())
    for invoice_id, pauses in (await _agreed(session, rows)).items():
        found[invoice_id] += pauses
    for invoice_id, pauses in (await _renegotiated(session, ids)).items():
        found[invoice_id] += pauses
    return {invoice_id: tuple(pauses) for invoice_id, pauses in found.items() if pauses}


async def _exceptions(
    session: AsyncSession, contract_ids: Collection[int]
) -> Mapping[int, list[Pause]]:
    found: dict[int, list[Pause]] = defaultdict(list)
    columns = (
        col(LadderException.contract_id), col(LadderException.since), col(LadderException.until),
    )  # fmt: skip
    by = col(LadderException.contract_id)
    for row in await in_parts(session, columns, by, sorted(contract_ids)):
        found[row.contract_id].append(Pause(row.since, row.until, PauseReason.EXCEPTION))
    return found


async def _renegotiated(
    session: AsyncSession, invoice_ids: Sequence[int]
) -> Mapping[int, list[Pause]]:
    """From the day on which a late invoice was given another due date to that date: meanwhile it
    is not late, and what was begun goes on where it stood. In time still, nothing was begun."""
    found: dict[int, list[Pause]] = defaultdict(list)
    columns = (
        col(InvoiceRenegotiation.id), col(InvoiceRenegotiation.invoice_id),
        col(InvoiceRenegotiation.at), col(InvoiceRenegotiation.was_due_on),
        col(InvoiceRenegotiation.due_on),
    )  # fmt: skip
    rows = await in_parts(session, columns, col(InvoiceRenegotiation.invoice_id), invoice_ids)
    for row in sorted(rows, key=lambda each: int(each.id)):
        pauses, day = found[row.invoice_id], local_date(row.at)
        is_moved_again = bool(pauses) and pauses[-1].until == row.was_due_on
        if row.was_due_on < day or is_moved_again:
            pauses.append(Pause(day, row.due_on, PauseReason.RENEGOTIATION))
    return found


async def _agreed(session: AsyncSession, rows: Sequence[Any]) -> Mapping[int, list[Pause]]:
    """Each stay of an invoice in an agreement, from its own history."""
    ids = await _ever_agreed(session, [row.id for row in rows])
    found: dict[int, list[Pause]] = defaultdict(list)
    columns = (
        col(InvoiceEvent.id), col(InvoiceEvent.invoice_id), col(InvoiceEvent.at),
        col(InvoiceEvent.kind), col(InvoiceEvent.parameters),
    )  # fmt: skip
    moves = await in_parts(session, columns, col(InvoiceEvent.invoice_id), ids)
    for move in sorted(moves, key=lambda each: int(each.id)):
        if move.kind not in MOVES:
            continue
        _follow(found[move.invoice_id], move)
    return found


async def _ever_agreed(session: AsyncSession, invoice_ids: Sequence[int]) -> list[int]:
    """Those of these invoices that an agreement took in or made: owed again, they may be in no
    stage by now."""
    columns = (col(AgreementInvoice.invoice_id),)
    rows = await in_parts(session, columns, col(AgreementInvoice.invoice_id), invoice_ids)
    return sorted({row.invoice_id for row in rows})


def _follow(pauses: list[Pause], move: Any) -> None:
    is_in = move.parameters.get("now") in AGREED or move.kind == "made_by_agreement"
    day = local_date(move.at)
    is_open = bool(pauses) and pauses[-1].until is None
    if is_in and not is_open:
        pauses.append(Pause(day, None, PauseReason.AGREEMENT))
    elif not is_in and is_open:
        pauses[-1] = Pause(pauses[-1].since, day, PauseReason.AGREEMENT)
