"""Accounts whose invoice of a month has not come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy
from sqlalchemy import and_, func, or_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_invoices import CarrierInvoice, counted
from models.carriers import Carrier, CarrierAccount
from models.rows import read_rows


async def accounts_without(session: AsyncSession, month: date) -> Sequence[Any]:
    """The active accounts that had an invoice before a month and have none of it, in order.

    An account that never had one is new: it is billed from the month on that somebody told, if any.
    """
    account = col(CarrierAccount.id)
    final = and_(col(CarrierInvoice.account_id) == account, *counted())
    first = sqlalchemy.select(func.min(col(CarrierInvoice.month))).where(final).scalar_subquery()
    has_come = (
        sqlalchemy.select(col(CarrierInvoice.id))
        .where(final, col(CarrierInvoice.month) == month)
        .exists()
    )
    statement: Any = (
        sqlalchemy.select(
            account.label("id"), col(CarrierAccount.number), col(CarrierAccount.customer_id),
            col(CarrierAccount.expected_day), col(Carrier.name).label("carrier"),
        )
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .where(
            col(CarrierAccount.is_active),
            or_(first < month, col(CarrierAccount.expected_since) <= month), ~has_come,
        )
        .order_by(account)
    )  # fmt: skip
    return await read_rows(session, statement)
