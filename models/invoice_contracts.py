"""Invoices that hold the charges of several contracts, as those of a billing group do.

An invoice is booked to one contract. The others that owe some of it stand here, so that what comes
of not paying reaches them all; an invoice of one contract has no row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy
from sqlalchemy import UniqueConstraint, bindparam, delete, insert, or_, update
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, reference
from models.invoices import Invoice
from models.rows import in_parts, read_rows
from rules.panels import InvoiceStatus


class InvoiceContract(SQLModel, table=True):
    """A contract that owes some of an invoice that is booked to another."""

    __tablename__ = "invoice_contracts"
    __table_args__ = (UniqueConstraint("invoice_id", "contract_id"),)

    id: int | None = identity()
    invoice_id: int = reference("invoices.id", index=False)
    contract_id: int = reference("contracts.id")


_MADE: Any = select(Invoice.id).where(col(Invoice.code) == bindparam("invoice")).scalar_subquery()
_SHARING = insert(InvoiceContract).values(invoice_id=_MADE, contract_id=bindparam("contract"))


async def write_shares(session: AsyncSession, shares: Iterable[tuple[str, int]]) -> None:
    """This will have new invoices, by their codes, be owed by contracts beside their own."""
    rows = [{"invoice": code, "contract": contract_id} for code, contract_id in shares]
    if rows:
        await (await session.connection()).execute(_SHARING, rows)


def shared_by(contract_ids: Any) -> Any:
    """The invoices that are booked to others and of which these contracts owe some; a subquery."""
    return select(InvoiceContract.invoice_id).where(
        col(InvoiceContract.contract_id).in_(contract_ids)
    )


def owed_by(contract_ids: Any) -> Any:
    """The condition that one of these contracts owes an invoice of the statement, or some of it."""
    return or_(
        col(Invoice.contract_id).in_(contract_ids), col(Invoice.id).in_(shared_by(contract_ids))
    )


async def any_shared(session: AsyncSession) -> bool:
    """Whether there is any such invoice: most houses have none, and are asked no more."""
    return (await session.exec(select(InvoiceContract.id).limit(1))).first() is not None


async def further_contracts(
    session: AsyncSession, invoice_ids: Collection[int]
) -> dict[int, list[int]]:
    """The contracts beside the booked one that owe some of each invoice, in order."""
    found: dict[int, list[int]] = defaultdict(list)
    if invoice_ids and await any_shared(session):
        columns = (col(InvoiceContract.invoice_id), col(InvoiceContract.contract_id))
        for row in await in_parts(session, columns, columns[0], sorted(invoice_ids)):
            found[row.invoice_id].append(row.contract_id)
    return {invoice_id: sorted(contracts) for invoice_id, contracts in found.items()}


async def contracts_of(session: AsyncSession, invoice: Invoice) -> list[int]:
    """Every contract that owes some of an invoice, the one it is booked to first."""
    further = await further_contracts(session, [invoice.key])
    booked = [] if invoice.contract_id is None else [invoice.contract_id]
    return [*booked, *further.get(invoice.key, ())]


async def sharing(session: AsyncSession, contract_id: int) -> list[int]:
    """The contract, and those that owe some of its open invoices with it, in order."""
    invoices = sqlalchemy.select(col(Invoice.id), col(Invoice.contract_id)).where(
        col(Invoice.status) == InvoiceStatus.OPEN, owed_by([contract_id])
    )
    rows = await read_rows(session, invoices)
    further = await further_contracts(session, [row.id for row in rows])
    booked = {row.contract_id for row in rows if row.contract_id is not None}
    return sorted({contract_id, *booked}.union(*further.values()))


async def share_alike(session: AsyncSession, made: Invoice, *, whole: Invoice) -> None:
    """This will have an invoice that was split off be owed by those who owe the whole one."""
    further = await further_contracts(session, [whole.key])
    session.add_all(
        InvoiceContract(invoice_id=made.key, contract_id=contract_id)
        for contract_id in further.get(whole.key, ())
    )


async def hand_on(session: AsyncSession, *, old: int, new: int) -> list[int]:
    """This will put a contract in the place of the one before it on the invoices of others that are
    neither settled nor cancelled; gives these invoices.

    Where the new one owes some already, as charges of both may stand on one invoice, it owes once.
    """
    not_over = select(Invoice.id).where(
        col(Invoice.status).not_in((InvoiceStatus.SETTLED, InvoiceStatus.CANCELLED)),
        col(Invoice.id).in_(shared_by([old])),
    )
    ids = [each for each in await session.exec(not_over) if each is not None]
    invoice, contract = col(InvoiceContract.invoice_id), col(InvoiceContract.contract_id)
    booked = select(Invoice.id).where(Invoice.contract_id == new)
    of_old = contract == old, invoice.in_(ids)
    changes: tuple[Any, ...] = (
        delete(InvoiceContract).where(contract == new, invoice.in_(booked)),
        delete(InvoiceContract).where(
            *of_old, or_(invoice.in_(shared_by([new])), invoice.in_(booked))
        ),
        update(InvoiceContract).where(*of_old).values(contract_id=new),
    )
    for statement in changes:
        await session.exec(statement.execution_options(synchronize_session=False))
    return ids
