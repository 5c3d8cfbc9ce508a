"""The contracts that owe some of the ladder's invoices beside the ones these are booked to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contract_ends import ended_on
from models.contracts import Contract
from models.invoice_contracts import further_contracts
from models.ladder_tables import Ladder, LadderStep
from models.ladders import LadderReach
from models.rows import in_parts, read_rows
from rules.ladder_debtors import ON_CONTRACTS, Debtor
from rules.ladder_steps import SUSPENSIONS


@dataclass(frozen=True)
class Owing:
    """The further contracts of an invoice: what steps do to them, and what the law says of them.

    `is_bound` when the law binds for one of them; `ends` are when those ended, None: it runs.
    """

    debtors: tuple[Debtor, ...] = ()
    is_bound: bool = False
    ends: tuple[date | None, ...] = ()


NOBODY = Owing()


@dataclass(frozen=True)
class _Own:
    """What a contract's own ladder does to contracts, and whether it holds in spite of the law."""

    actions: frozenset[str] = frozenset()
    is_overridden: bool = False


async def owing(
    session: AsyncSession, invoice_ids: Collection[int], drafts: Mapping[int, frozenset[str]]
) -> dict[int, Owing]:
    """The further contracts of these invoices, of those that have any.

    `drafts` are what ladders do that are looked at as they would be, not as they are kept.
    """
    shared = await further_contracts(session, invoice_ids)
    if not shared:
        return {}
    contracts = await _contracts(session, {each for own in shared.values() for each in own})
    ladders = await _ladders(session, drafts)
    suspended = await _suspended(session, sorted(shared))
    return {
        invoice_id: _owing([contracts[each] for each in own], ladders, suspended[invoice_id])
        for invoice_id, own in shared.items()
    }


def _owing(
    contracts: Sequence[Any], ladders: Mapping[int | None, _Own], suspended: Collection[int]
) -> Owing:
    telecom = [each for each in contracts if each.telecom_service]
    bound = [each for each in telecom if not _own(each, ladders).is_overridden]
    return Owing(
        tuple(
            Debtor(each.id, each.stage, _own(each, ladders).actions, each.telecom_service,
                   each.id in suspended)
            for each in contracts
        ),
        bool(bound), tuple(each.ended_on for each in bound),
    )  # fmt: skip


def _own(contract: Any, ladders: Mapping[int | None, _Own]) -> _Own:
    return ladders.get(contract.ladder_id, _Own())


async def _contracts(session: AsyncSession, ids: Collection[int]) -> dict[int, Any]:
    columns = (
        col(Contract.id), col(Contract.stage), col(Contract.ladder_id),
        col(Contract.telecom_service), ended_on().label("ended_on"),
    )  # fmt: skip
    found = await in_parts(session, columns, col(Contract.id), sorted(ids))
    return {row.id: row for row in found}


async def _ladders(
    session: AsyncSession, drafts: Mapping[int, frozenset[str]]
) -> dict[int | None, _Own]:
    """By ladder; None: what contracts without one follow."""
    steps = sqlalchemy.select(col(LadderStep.ladder_id), col(LadderStep.action)).where(
        col(LadderStep.is_active), col(LadderStep.action).in_(ON_CONTRACTS)
    )
    actions: dict[int, set[str]] = defaultdict(set)
    for row in await read_rows(session, steps):
        actions[row.ladder_id].add(row.action)
    every = sqlalchemy.select(
        col(Ladder.id), col(Ladder.is_default), col(Ladder.override_reason)
    ).order_by(col(Ladder.id))
    found: dict[int | None, _Own] = {}
    for row in await read_rows(session, every):
        own = drafts.get(row.id, frozenset(actions[row.id]))
        found[row.id] = _Own(own, bool(row.override_reason))
        if row.is_default:
            found[None] = found[row.id]
    return found


async def _suspended(session: AsyncSession, invoice_ids: Sequence[int]) -> dict[int, set[int]]:
    columns = (
        col(LadderReach.invoice_id), col(LadderReach.contract_id), col(LadderReach.action),
    )  # fmt: skip
    found: dict[int, set[int]] = defaultdict(set)
    for row in await in_parts(session, columns, columns[0], invoice_ids):
        if row.action in SUSPENSIONS:
            found[row.invoice_id].add(row.contract_id)
    return found
