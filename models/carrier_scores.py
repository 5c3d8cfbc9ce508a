"""What carriers' score cards are made of: a statement each, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy
from sqlalchemy import func
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_invoices import CarrierInvoice, counted
from models.carrier_scope import of_customer
from models.carriers import Carrier, CarrierAccount
from models.contestation_numbers import EVERYTHING, NumbersFilter, in_months
from models.contestations import Contestation, Correction
from models.findings import Finding
from models.rows import read_rows
from rules.carrier_scores import Answered, CarrierScore
from rules.contestation import Direction
from rules.money import ZERO


async def score_cards(
    session: AsyncSession, wanted: NumbersFilter = EVERYTHING
) -> list[CarrierScore]:
    """The score card of every carrier, by name, or of the one that is wanted.

    Of some months or companies: what was billed in or to them, and what became of the contestations
    of those invoices.
    """
    of_account = col(CarrierAccount.customer_id)
    billed = await _by_carrier(session, _billed(), wanted, of_account)
    wrong = await _by_carrier(session, _identified(), wanted, of_account)
    owed = await _by_carrier(session, _owed(), wanted, col(Contestation.customer_id))
    back = await _by_carrier(session, _repeats(), wanted, of_account)
    answers = await _answers(session, wanted)
    return [
        CarrierScore(
            carrier=each.name, code=each.code,
            invoices=billed[each.id].invoices if each.id in billed else 0,
            billed=billed[each.id].billed if each.id in billed else ZERO,
            identified=wrong[each.id].identified if each.id in wrong else ZERO,
            answers=tuple(answers.get(each.id, ())),
            granted=_granted(owed[each.id]) if each.id in owed else ZERO,
            credited=owed[each.id].credited if each.id in owed else ZERO,
            repeats=back[each.id].repeats if each.id in back else 0,
        )
        for each in await _carriers(session, wanted.carrier)
    ]  # fmt: skip


async def _carriers(session: AsyncSession, code: str | None) -> Sequence[Any]:
    statement = sqlalchemy.select(col(Carrier.id), col(Carrier.code), col(Carrier.name))
    if code:
        statement = statement.where(col(Carrier.code) == code)
    return await read_rows(session, statement.order_by(col(Carrier.name)))


def _granted(row: Any) -> Decimal:
    return Decimal(row.accepted + row.extra + row.correction + row.interest)


async def _by_carrier(
    session: AsyncSession, statement: Any, wanted: NumbersFilter, customer: Any
) -> dict[int, Any]:
    chosen = statement.where(*in_months(wanted), *of_customer(wanted.scope, customer))
    return {row.carrier_id: row for row in await read_rows(session, chosen)}


def _billed() -> Any:
    return (
        sqlalchemy.select(
            col(CarrierAccount.carrier_id), func.count().label("invoices"),
            func.sum(col(CarrierInvoice.total)).label("billed"),
        )
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .where(*counted(), col(CarrierInvoice.audited_at).is_not(None))
        .group_by(col(CarrierAccount.carrier_id))
    )  # fmt: skip


def _identified() -> Any:
    return (
        sqlalchemy.select(
            col(CarrierAccount.carrier_id), func.sum(col(Finding.difference)).label("identified")
        )
        .join(CarrierInvoice, col(CarrierInvoice.id) == col(Finding.invoice_id))
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .where(col(Finding.difference) > 0, *counted())
        .group_by(col(CarrierAccount.carrier_id))
    )


def _owed() -> Any:
    """Granted in contestations that came to an end, or whose credit came."""
    due = col(Contestation.ended_at).is_not(None) | (col(Contestation.credited) > 0)
    return (
        sqlalchemy.select(
            col(Contestation.carrier_id),
            func.sum(col(Contestation.accepted)).label("accepted"),
            # Apart: a sum of sums would forget that they are centavos.
            func.sum(col(Contestation.extra)).label("extra"),
            func.sum(col(Contestation.correction)).label("correction"),
            func.sum(col(Contestation.interest)).label("interest"),
            func.sum(col(Contestation.credited)).label("credited"),
        )
        .join(CarrierInvoice, col(CarrierInvoice.id) == col(Contestation.invoice_id))
        .where(due, col(Contestation.direction) == Direction.MADE)
        .group_by(col(Contestation.carrier_id))
    )


def _repeats() -> Any:
    return (
        sqlalchemy.select(
            col(CarrierAccount.carrier_id), func.sum(col(Correction.repeats)).label("repeats")
        )
        .join(CarrierAccount, col(CarrierAccount.id) == col(Correction.account_id))
        .join(Contestation, col(Contestation.id) == col(Correction.contestation_id))
        .join(CarrierInvoice, col(CarrierInvoice.id) == col(Contestation.invoice_id))
        .group_by(col(CarrierAccount.carrier_id))
    )


async def _answers(
    session: AsyncSession, wanted: NumbersFilter
) -> Mapping[int, Sequence[Answered]]:
    statement = (
        sqlalchemy.select(
            col(Contestation.carrier_id), col(Contestation.filed_on),
            col(Contestation.answered_on), func.count().label("count"),
        )
        .join(CarrierInvoice, col(CarrierInvoice.id) == col(Contestation.invoice_id))
        .where(
            col(Contestation.filed_on).is_not(None),
            col(Contestation.direction) == Direction.MADE, *in_months(wanted),
            *of_customer(wanted.scope, col(Contestation.customer_id)),
        )
        .group_by(
            col(Contestation.carrier_id), col(Contestation.filed_on), col(Contestation.answered_on)
        )
    )  # fmt: skip
    found: dict[int, list[Answered]] = defaultdict(list)
    for row in await read_rows(session, statement):
        found[row.carrier_id].append(Answered(row.filed_on, row.answered_on, row[3]))
    return found
