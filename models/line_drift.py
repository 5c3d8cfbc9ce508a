"""Inventory drift: lines that are billed and not in the inventory, and the reverse."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import Select, and_, func, literal, or_
from sqlmodel import col

from models.carrier_invoices import CarrierInvoice, CarrierInvoiceItem, counted
from models.carriers import Carrier, CarrierAccount
from models.client_services import without
from models.customers import Customer
from models.folding import any_holds
from models.lines import Line
from rules.lines import LineStatus
from rules.service_models import Area


class Drift(StrEnum):
    """How invoice and inventory differ."""

    UNKNOWN = "unknown"  #: billed, and not in the inventory
    CANCELLED = "cancelled"  #: billed, though the inventory says that it is off
    UNBILLED = "unbilled"  #: in the inventory, and on no newest invoice


def select_drift(*, search: str | None, drift: str | None) -> Select[Any]:
    """Every line in which the newest invoice of each account and the inventory differ.

    `id` is even for a billed line and odd for one of the inventory. Companies whose model of
    service leaves the inventory out are left out too.
    """
    both = sqlalchemy.union_all(_billed(), _unbilled()).subquery()
    statement = sqlalchemy.select(*both.c)
    if search:
        statement = statement.where(any_holds((both.c.number, both.c.company), search))
    return statement.where(both.c.drift == drift) if drift else statement


def _newest() -> Any:
    """The newest invoice of each account; a preview is none."""
    place = func.row_number().over(
        partition_by=col(CarrierInvoice.account_id),
        order_by=(col(CarrierInvoice.issue_date).desc(), col(CarrierInvoice.id).desc()),
    )
    ranked = (
        sqlalchemy.select(
            col(CarrierInvoice.id), col(CarrierInvoice.account_id),
            col(CarrierInvoice.issue_date), place.label("place"),
        )
        .where(*counted())
        .subquery()
    )  # fmt: skip
    return sqlalchemy.select(ranked).where(ranked.c.place == 1).subquery()


def _billed() -> Select[Any]:
    newest = _newest()
    item = CarrierInvoiceItem
    ended = and_(col(Line.active_until).is_not(None), col(Line.active_until) <= newest.c.issue_date)
    off = or_(ended, col(Line.status) == LineStatus.CANCELLED)
    drift = sqlalchemy.case(
        (col(Line.id).is_(None), literal(str(Drift.UNKNOWN))), else_=literal(Drift.CANCELLED)
    )
    return (
        sqlalchemy.select(
            (func.min(col(item.id)) * 2).label("id"), col(item.number).label("number"),
            func.max(drift).label("drift"), func.max(col(Customer.name)).label("company"),
            func.max(col(Carrier.name)).label("carrier"), func.max(newest.c.id).label("invoice_id"),
            func.max(col(Line.id)).label("line_id"), func.sum(col(item.amount)).label("amount"),
        )
        .select_from(newest)
        .join(item, col(item.invoice_id) == newest.c.id)
        .join(CarrierAccount, col(CarrierAccount.id) == newest.c.account_id)
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .join(Customer, col(Customer.id) == col(CarrierAccount.customer_id))
        .outerjoin(
            Line,
            and_(
                col(Line.customer_id) == col(CarrierAccount.customer_id),
                col(Line.number) == col(item.number),
            ),
        )
        .where(
            col(item.number) != "", or_(col(Line.id).is_(None), off),
            col(CarrierAccount.customer_id).not_in(without(Area.RESOURCES)),
        )
        .group_by(newest.c.id, col(item.number))
    )  # fmt: skip


def _unbilled() -> Any:
    newest = _newest()
    on_an_invoice = (
        sqlalchemy.select(col(CarrierInvoiceItem.id))
        .join(newest, newest.c.id == col(CarrierInvoiceItem.invoice_id))
        .join(CarrierAccount, col(CarrierAccount.id) == newest.c.account_id)
        .where(
            col(CarrierAccount.customer_id) == col(Line.customer_id),
            col(CarrierInvoiceItem.number) == col(Line.number),
        )
        .exists()
    )
    is_billed = (
        sqlalchemy.select(newest.c.id)
        .join(CarrierAccount, col(CarrierAccount.id) == newest.c.account_id)
        .where(col(CarrierAccount.customer_id) == col(Line.customer_id))
        .exists()
    )
    none = sqlalchemy.null()
    return (
        sqlalchemy.select(
            (col(Line.id) * 2 + 1).label("id"), col(Line.number).label("number"),
            literal(str(Drift.UNBILLED)).label("drift"), col(Customer.name).label("company"),
            literal("").label("carrier"),
            sqlalchemy.cast(none, sqlalchemy.Integer).label("invoice_id"),
            col(Line.id).label("line_id"),
            sqlalchemy.cast(none, sqlalchemy.BigInteger).label("amount"),
        )
        .join(Customer, col(Customer.id) == col(Line.customer_id))
        .where(
            col(Line.status) == LineStatus.ACTIVE, ~on_an_invoice, is_billed,
            col(Line.customer_id).not_in(without(Area.RESOURCES)),
        )
    )  # fmt: skip
