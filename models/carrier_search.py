"""The search over the invoice management: contestations, carriers' invoices, and lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_invoices import CarrierInvoice
from models.carriers import Carrier, CarrierAccount
from models.contestation_lists import with_protocol
from models.contestations import Contestation
from models.customers import Customer
from models.folding import holds
from models.lines import Line, LineHolder
from models.received_contestations import ReceivedContestation
from models.rows import rows_of

#: So many of each kind are shown.
LIMIT = 20
LARGEST_NUMBER = 18


async def find_contestations(session: AsyncSession, text: str) -> Sequence[Any]:
    """Contestations of this number, or one of whose protocols begins with the text."""
    received = select_columns(col(ReceivedContestation.contestation_id)).where(
        col(ReceivedContestation.protocol).startswith(text, autoescape=True)
    )
    ways: list[Any] = [
        col(Contestation.id).in_(with_protocol(text)),
        col(Contestation.id).in_(received),
    ]
    if text.isdecimal() and len(text) <= LARGEST_NUMBER:
        ways.append(col(Contestation.id) == int(text))
    statement: Any = (
        select_columns(
            col(Contestation.id).label("id"), col(Contestation.stage).label("stage"),
            col(Contestation.direction).label("direction"),
            col(Contestation.is_preview).label("is_preview"),
            col(Customer.name).label("company"), col(Carrier.name).label("carrier"),
        )
        .join(Customer, col(Customer.id) == col(Contestation.customer_id))
        .outerjoin(Carrier, col(Carrier.id) == col(Contestation.carrier_id))
        .where(or_(*ways))
        .order_by(col(Contestation.id).desc())
    )  # fmt: skip
    return await rows_of(session, statement.limit(LIMIT))


async def find_carrier_invoices(session: AsyncSession, text: str) -> Sequence[Any]:
    """Carriers' invoices whose number, or whose account's, begins with the text; newest first.

    A replaced one is found by the page of the one in its place, which has the same number.
    """
    places = (col(CarrierInvoice.number), col(CarrierAccount.number))
    told = (text, text.lstrip("0") or text)
    statement: Any = (
        select_columns(
            col(CarrierInvoice.id).label("id"), col(CarrierInvoice.number).label("number"),
            col(CarrierInvoice.issue_date).label("issue_date"),
            col(CarrierAccount.number).label("account"), col(Carrier.name).label("carrier"),
            col(Customer.name).label("company"),
        )
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .join(Customer, col(Customer.id) == col(CarrierAccount.customer_id))
        .where(or_(*(p.startswith(t, autoescape=True) for p, t in zip(places, told, strict=True))))
        .where(col(CarrierInvoice.replaced_by_id).is_(None))
        .order_by(col(CarrierInvoice.issue_date).desc(), col(CarrierInvoice.id).desc())
    )  # fmt: skip
    return await rows_of(session, statement.limit(LIMIT))


async def find_lines(session: AsyncSession, text: str) -> Sequence[Any]:
    """Lines whose number begins with the digits, or whose present holder has the text as a name."""
    digits = "".join(each for each in text if each.isdecimal())
    is_number = bool(digits) and not any(each.isalpha() for each in text)
    if is_number:
        return await _lines(session, col(Line.number).startswith(digits))
    return await _lines(session, holds(LineHolder.owner, text)) if len(text) > 1 else ()


async def _lines(session: AsyncSession, condition: Any) -> Sequence[Any]:
    present = and_(col(LineHolder.line_id) == col(Line.id), col(LineHolder.until).is_(None))
    statement: Any = (
        select_columns(
            col(Line.id).label("id"), col(Line.number).label("number"),
            col(Customer.name).label("company"), col(LineHolder.owner).label("owner"),
        )
        .join(Customer, col(Customer.id) == col(Line.customer_id))
        .outerjoin(LineHolder, present)
        .where(condition)
        .order_by(col(Line.number), col(Line.id))
    )  # fmt: skip
    return await rows_of(session, statement.limit(LIMIT))
