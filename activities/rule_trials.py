"""Audit rules tried on past invoices: what they would have found, and nothing is written."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from activities.carrier_audits import subject_of
from activities.carrier_files import read_file
from models.carrier_agreements import settings_of
from models.carrier_invoices import CarrierInvoice, counted
from models.carrier_mappings import layout_of
from models.carriers import CarrierAccount, account_of
from models.database import Database
from rules.audit import Objection, audit
from rules.audit_rules import Rule
from rules.carrier_terms import RuleSetting
from rules.money import ZERO, from_cents

#: The newest whose files are kept; more would keep who asks waiting.
MOST = 3
Settings = Mapping[Rule, RuleSetting]


@dataclass(frozen=True)
class Found:
    """How many findings of overcharges, and what they come to."""

    count: int = 0
    amount: Decimal = ZERO


@dataclass(frozen=True)
class RuleTrial:
    """What a rule finds by the settings in force, and by those that are tried."""

    rule: Rule
    now: Found
    then: Found


@dataclass(frozen=True)
class Trial:
    """The invoices that were looked at, and the rules that find anything either way."""

    invoices: tuple[CarrierInvoice, ...]
    rules: tuple[RuleTrial, ...]


async def try_rules(database: Database, agreement_id: int, settings: Settings) -> Trial:
    """This will audit an agreement's newest invoices by other settings, beside those in force."""
    async with database.read() as session:
        in_force = await settings_of(session, agreement_id)
        invoices = (await session.exec(_newest(agreement_id))).all()
    now: list[Objection] = []
    then: list[Objection] = []
    for invoice in invoices:
        now += await _audited(database, invoice, in_force)
        then += await _audited(database, invoice, settings)
    was, would_be = _by_rule(now), _by_rule(then)
    return Trial(
        tuple(invoices),
        tuple(
            RuleTrial(rule, was.get(rule, Found()), would_be.get(rule, Found()))
            for rule in Rule
            if rule in was or rule in would_be
        ),
    )


def _newest(agreement_id: int) -> Any:
    return (
        select(CarrierInvoice)
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .where(
            CarrierAccount.agreement_id == agreement_id,
            col(CarrierInvoice.file_path).is_not(None),
            *counted(),
        )
        .order_by(col(CarrierInvoice.issue_date).desc(), col(CarrierInvoice.id).desc())
        .limit(MOST)
    )


async def _audited(
    database: Database, invoice: CarrierInvoice, settings: Settings
) -> Sequence[Objection]:
    path = Path(invoice.file_path or "")
    async with database.read() as session:
        layout = await layout_of(session, invoice.layout)
    read = partial(read_file, path, name=invoice.file_name, layout=layout)
    reading = await asyncio.to_thread(read)
    async with database.read() as session:
        account = await account_of(session, invoice.account_id)
        subject = await subject_of(session, invoice, account, reading, settings=settings)
    return await asyncio.to_thread(audit, subject)


def _by_rule(found: Iterable[Objection]) -> dict[Rule, Found]:
    cents: dict[Rule, list[int]] = defaultdict(list)
    for each in found:
        if each.difference > 0:
            cents[each.rule].append(each.difference)
    return {rule: Found(len(all_), from_cents(sum(all_))) for rule, all_ in cents.items()}
