"""A customer's page: who it is, and everything of theirs with its own page, a click away."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.contracts import badge_of
from api.dependencies import Now, Principal, ReadSession, Today, need
from api.documents import shown_document
from api.invoice_page import STATUSES
from api.language import gettext
from api.rendering import page
from models import colleagues, customer_lists
from models.customers import contacts_of, read_customer
from models.invoices import label_of
from rules import words
from rules.cases import Process
from rules.panels import InvoiceStatus
from rules.phones import format_phone

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("customers:see")]
#: What may be seen or done from the page, by the permissions that each takes.
MAY = {
    "edit": ("customers:act",),
    "account": ("collections.account:see",),
    "statement": ("invoices:see", "payments:see"),
    "contracts": ("contracts:see",),
    "make_contract": ("contracts:act",),
    "invoices": ("invoices:see",),
    "tickets": ("tickets:see",),
    "open_ticket": ("tickets:see", "tickets:act"),
    "contestations": ("contestations:see",),
}


@router.get("/clientes/{customer_id:int}")
async def customer_page(
    request: Request, customer_id: int, by: See, session: ReadSession, now: Now, today: Today
) -> Response:
    """One customer."""
    customer = await read_customer(session, customer_id)
    may = {name: all(map(by.may, needed)) for name, needed in MAY.items()}
    names = await colleagues.names_by_login(session)
    return page(
        request, "pages/customers/customer.html", now=now, today=today, customer=customer, may=may,
        document=shown_document(customer.document, by=by),
        mobile=format_phone(customer.mobile) if customer.mobile else "",
        executive=names.get(customer.executive or "", customer.executive),
        contacts=await contacts_of(session, customer_id),
        ticket_words=words.STAGES[Process.TICKETS],
        contestation_words=words.STAGES[Process.CONTESTATION],
        **await _rows(session, customer_id, may),
    )  # fmt: skip


async def _rows(session: AsyncSession, customer_id: int, may: dict[str, bool]) -> dict[str, Any]:
    """What is theirs, as far as this person may see it."""
    lists = customer_lists
    contracts = await lists.contracts_of(session, customer_id) if may["contracts"] else ()
    invoices = await lists.invoices_of(session, customer_id) if may["invoices"] else ()
    return {
        "contracts": [(each, badge_of(each.stage)) for each in contracts],
        "invoices": [
            (each, label_of(each), gettext(STATUSES[InvoiceStatus(each.status)][0]))
            for each in invoices
        ],
        "owed": await lists.owed_by(session, customer_id) if may["invoices"] else None,
        "tickets": await lists.tickets_of(session, customer_id) if may["tickets"] else (),
        "disputes": await lists.contestations_of(session, customer_id)
        if may["contestations"]
        else (),
    }
