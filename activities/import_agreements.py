"""Imported agreements: judged beside the invoices that they name, then taken over as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_adoption import adopt_agreements, change_agreements
from activities.import_pages import (
    Outcome,
    PageContext,
    Reference,
    judge,
    resolve,
    titled,
    unknown,
)
from activities.import_told import KEPT as KEPT_OF_INVOICE
from activities.import_told import TAKEN, as_refused, as_told
from activities.import_told_agreements import NAMING, REFERENCES, agreements_as_told
from models import imports
from models.agreement_lists import codes_of_invoices
from models.agreements import Agreement, Role
from models.contested import contested
from models.invoices import Invoice
from models.people import User
from models.policies import load_policy
from rules.agreement_terms import AgreementKind
from rules.agreements import AgreementPolicy
from rules.business_days import local_date
from rules.import_agreement_faults import faults
from rules.import_agreements import Brought, changed_agreement
from rules.import_columns import ImportKind
from rules.import_faults import check, faults_of
from rules.import_rows import Row
from rules.imports import MakerUnknown
from rules.refusals import Refusal

KEPT = (
    "customer_id", "kind", "status", "category_id", "tolerance_date", "total", "description",
    "made_at", "made_by",
)  # fmt: skip


@dataclass
class _Desk:
    """What a page's rows are judged by, and what they come to."""

    page: PageContext
    policy: AgreementPolicy
    invoices: dict[str, dict[str, Any]]
    contested: frozenset[int]
    kept: Mapping[str, dict[str, Any]]
    new: list[tuple[str, Brought]] = field(default_factory=list)
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)

    def brought(self, row: Row) -> Brought:
        """A row beside its invoices."""
        named = {name: row.values.get(name) or () for name in NAMING}
        known = {
            name: tuple(_of(row, self.invoices[code]) for code in codes if code in self.invoices)
            for name, codes in named.items()
        }
        is_whole = all(len(known[name]) == len(named[name]) for name in NAMING)
        return Brought(row.values, known["invoices"], known["originals"], self.contested, is_whole)

    def faults(self, row: Row) -> Iterator[Refusal]:
        """Everything that stands against a row whose cells could be read."""
        today, kept = self.page.today, self.kept.get(row.key)
        if kept is None:
            return faults(self.brought(row), today=today, policy=self.policy, unread=row.unread)
        if row.unread:
            return iter(())
        return faults_of([check("code", partial(self._changed, kept, row))], unread=row.unread)

    def plan(self, row: Row) -> None:
        """This will take a right row in: what it names belongs to it from then on."""
        kept = self.kept.get(row.key)
        if kept is None:
            brought = self.brought(row)
            for invoice in (*brought.kept_by, *brought.originals):
                self.invoices[invoice["code"]]["agreement_id"] = TAKEN
            self.new.append((row.key, brought))
            self.outcome.new += 1
        elif changed := self._changed(kept, row):
            self.changes[kept["id"]] = changed
            self.outcome.changed += 1
        else:
            self.outcome.unchanged += 1

    def _changed(self, kept: Mapping[str, Any], row: Row) -> dict[str, Any]:
        return changed_agreement(kept, self.brought(row), today=self.page.today, policy=self.policy)


async def write_agreements(
    session: AsyncSession, rows: Sequence[Row], page: PageContext
) -> Outcome:
    """This will write a page of agreements; a row that may not be written changes nothing.

    New ones are taken over with their invoices; of known ones only what may change is changed.
    """
    known = await resolve(session, rows, REFERENCES, page)
    known = await _with_makers(session, known, page)
    codes = {code for row in known for name in NAMING for code in row.values.get(name) or ()}
    stored = await imports.lock_named(session, Invoice, codes, *KEPT_OF_INVOICE)
    invoices = await as_told(session, stored, codes, page)
    refused = await as_refused(session, codes - invoices.keys(), page)
    known = [_with_invoices(row, invoices, refused, page) for row in known]
    keys, policy = [row.key for row in known], await load_policy(session, AgreementPolicy())
    told = await agreements_as_told(session, keys, policy, page)
    desk = _Desk(
        page, policy, {**invoices, **refused},
        await _contested(session, [each["id"] for each in invoices.values()]),
        {**told, **await _kept(session, keys)},
    )  # fmt: skip
    for row in known:  # one after the other: what an earlier row takes, no later one may
        right, errors = judge([row], desk.faults, page)
        desk.outcome.errors += errors
        for each in right:
            desk.plan(each)
    if not page.is_dry_run:
        await adopt_agreements(session, desk.new, desk.policy, page)
        await change_agreements(session, desk.changes, page)
    return desk.outcome


def _of(row: Row, invoice: dict[str, Any]) -> dict[str, Any]:
    """Whose an invoice is that was refused for its customer, nobody knows."""
    if invoice["customer_id"] is not None:
        return invoice
    return {**invoice, "customer_id": row.values.get("customer_id")}


def _with_invoices(
    row: Row, invoices: Mapping[str, Any], refused: Mapping[str, Any], page: PageContext
) -> Row:
    """Codes in one order; each that nobody knows is one of the row's errors. What this import
    refused of them still tells what else is wrong with the row."""
    errors, unread = list(row.errors), set(row.unread)
    for name in NAMING:
        row.values[name] = tuple(sorted(row.values.get(name) or ()))
        for code in row.values[name]:
            if code not in invoices:
                named = Reference(name, name, Invoice, ImportKind.INVOICES)
                errors.append(titled(row, unknown(named, code, page), page))
            if code not in invoices and code not in refused:
                unread.add(name)
    return replace(row, errors=tuple(errors), unread=frozenset(unread))


async def _with_makers(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> list[Row]:
    """Who made an agreement is somebody known here: the charts count by them."""
    told = {row.values["made_by"] for row in rows if row.values.get("made_by")}
    known = set(await session.exec(select(User.login).where(col(User.login).in_(told))))
    return [_with_maker(row, known, page) for row in rows]


def _with_maker(row: Row, known: set[str], page: PageContext) -> Row:
    login = row.values.get("made_by")
    if not login or login in known:
        return row
    error = titled(row, MakerUnknown(login=login), page)
    return replace(row, errors=(*row.errors, error), unread=row.unread | {"made_by"})


async def _contested(session: AsyncSession, ids: Sequence[int]) -> frozenset[int]:
    found: set[int] = set()
    for start in range(0, len(ids), imports.AT_ONCE):
        found |= await contested(session, ids[start : start + imports.AT_ONCE])
    return frozenset(found)


async def _kept(session: AsyncSession, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The agreements that have these codes, each with the codes of its invoices."""
    kept = await imports.existing(session, Agreement, codes, *KEPT)
    linked = await codes_of_invoices(session, [each["id"] for each in kept.values()])
    return {code: _with_codes(each, linked.get(each["id"], {})) for code, each in kept.items()}


def _with_codes(kept: Mapping[str, Any], linked: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    originals, instalments = (
        tuple(sorted(linked.get(role, ()))) for role in (Role.ORIGINAL, Role.INSTALMENT)
    )
    is_unchanged = kept["kind"] == AgreementKind.UNCHANGED
    return {
        **kept,
        "made_on": local_date(kept["made_at"]),
        "invoices": originals if is_unchanged else instalments,
        "originals": () if is_unchanged else originals,
    }
