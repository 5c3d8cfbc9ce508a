"""What the tools of the panels are used on: picked rows, a customer's invoices, live records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import case_of
from models.customers import Customer, read_customer
from models.invoices import Invoice, label_of
from models.panels import Wanted, id_of, select_panel
from rules.cases import Process
from rules.collection_stages import CollectionStage
from rules.panels import Panel
from rules.refusals import Refusal

#: As many as one page's request may carry out; more is the work of a run.
MOST_PICKED = 200


class TooManyPicked(Refusal):
    message = "Escolha até %(most)s linhas de cada vez, ou estreite o filtro."


class NothingPicked(Refusal):
    message = "Marque ao menos uma linha."


class InvoiceNotFound(Refusal):
    message = "Esta fatura não existe."


async def picked_rows(
    session: AsyncSession, panel: Panel, *, ids: Collection[int], whole: Wanted | None = None
) -> list[dict[str, Any]]:
    """These rows of a panel as it is now, or all of a filter; those that left it are left out.

    Refuses none (NothingPicked) and more than one request can carry out (TooManyPicked).
    """
    statement = select_panel(panel, whole or Wanted())
    if whole is None:
        statement = statement.where(id_of(panel).in_(ids))
    found = await session.exec(statement.order_by(id_of(panel)).limit(MOST_PICKED + 1))
    rows = [dict(row) for row in found.mappings()]
    if not rows:
        raise NothingPicked
    if len(rows) > MOST_PICKED:
        raise TooManyPicked(most=MOST_PICKED)
    return rows


async def rows_after(
    session: AsyncSession, panel: Panel, wanted: Wanted, *, after: int, most: int
) -> list[dict[str, Any]]:
    """The next rows of a filter in the order of their ids, as the panel is now."""
    key = id_of(panel)
    statement = select_panel(panel, wanted).where(key > after).order_by(key).limit(most)
    return [dict(row) for row in (await session.exec(statement)).mappings()]


async def invoices_in(
    session: AsyncSession, customer_id: int, *, stage: CollectionStage
) -> Sequence[Invoice]:
    """The customer's invoices in a stage, the oldest first. Raises CustomerNotFound."""
    await read_customer(session, customer_id)
    statement = select(Invoice).where(
        Invoice.customer_id == customer_id, Invoice.collection_stage == stage
    )
    return (await session.exec(statement.order_by(col(Invoice.due_date), col(Invoice.id)))).all()


async def version_of(session: AsyncSession, customer_id: int) -> int:
    """The version of the customer's collections; 0 when there never were any."""
    case = await case_of(session, process=Process.COLLECTIONS, subject_id=customer_id)
    return case.version if case else 0


async def get_invoice(session: AsyncSession, invoice_id: int) -> Invoice:
    """This will read an invoice. Raises InvoiceNotFound."""
    invoice = await session.get(Invoice, invoice_id)
    if invoice is None:
        raise InvoiceNotFound
    return invoice


async def names_of(session: AsyncSession, panel: Panel, ids: Collection[int]) -> dict[int, str]:
    """What people call these rows, also those that left the panel; unknown ones are left out."""
    if panel.lists_customers:
        named = select(Customer.id, Customer.name).where(col(Customer.id).in_(ids))
        return {key: name for key, name in await session.exec(named) if key is not None}
    return {key: label_of(each) for key, each in (await _invoices(session, ids)).items()}


async def _invoices(session: AsyncSession, ids: Collection[int]) -> dict[int, Invoice]:
    found = await session.exec(select(Invoice).where(col(Invoice.id).in_(ids)))
    return {invoice.key: invoice for invoice in found}
