"""The search over everything, for people and programs; each finds only what they may see."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api.carrier_search import KINDS as CARRIER_KINDS
from api.carrier_search import find_for_carriers
from api.dependencies import Principal, ReadSession, need
from api.documents import shown_document
from api.language import N_, gettext, told
from api.rendering import page
from models import search
from models.agreements import Agreement
from models.invoices import Invoice
from rules.permissions import PANELS

router = APIRouter(tags=["search"])

SignedIn = Annotated[Principal, need()]

#: Any of these lets somebody find the customers and invoices they work with.
COLLECTING = ("collections.account:see", *(f"collections.{panel}:see" for panel in PANELS))
CUSTOMERS = ("customers:see", "connections:see", *COLLECTING)
INVOICES = ("invoices:see", *COLLECTING)


class Hit(BaseModel):
    """Something that was found, and the page that shows it."""

    kind: str
    id: int
    title: str
    note: str
    href: str | None


class Hits(BaseModel):
    """What was found: customers, invoices, agreements, tasks, what is of carriers."""

    query: str
    items: list[Hit]


KINDS = {
    "customer": N_("Clientes"),
    "invoice": N_("Faturas"),
    "agreement": N_("Acordos"),
    "task": N_("Tarefas"),
    **CARRIER_KINDS,
}


@router.get("/busca", include_in_schema=False)
async def search_page(
    request: Request, by: SignedIn, session: ReadSession, q: str = ""
) -> Response:
    """What was found, by kind; a single hit is opened at once when it is a number's."""
    hits = await find(session, q, by=by)
    groups = [
        (gettext(label), [hit for hit in hits.items if hit.kind == kind])
        for kind, label in KINDS.items()
    ]
    found = [group for group in groups if group[1]]
    return page(request, "pages/search/results.html", query=hits.query, groups=found)


@router.get("/api/search")
async def search_everything(
    by: SignedIn, session: ReadSession, q: Annotated[str, Query(min_length=1, max_length=100)]
) -> Hits:
    """Customers by name, code, CPF or CNPJ; invoices; agreements; open tasks; contestations by
    number or protocol; carriers' invoices; lines.
    """
    return await find(session, q, by=by)


def finds_anything(by: Principal) -> bool:
    """Whether there is something that this person may look for."""
    return any(map(by.may, (*CUSTOMERS, *INVOICES)))


async def find(session: AsyncSession, query: str, *, by: Principal) -> Hits:
    """This will look for a text in everything that this person may see."""
    text = query.strip()[:100]
    hits: list[Hit] = []
    if text and any(map(by.may, CUSTOMERS)):
        hits += await _customers(session, text, by=by)
    if text and any(map(by.may, INVOICES)):
        hits += [_invoice_hit(*found, by=by) for found in await search.find_invoices(session, text)]
    if text and by.may("agreements:see"):
        agreements = await search.find_agreements(session, text)
        hits += [_agreement_hit(*found) for found in agreements]
    if text and by.may("tasks:see"):
        hits += await _tasks(session, text)
    if text:
        found = await find_for_carriers(session, text, by=by)
        hits += [Hit(**vars(each)) for each in found]
    return Hits(query=text, items=hits)


async def _customers(session: AsyncSession, text: str, *, by: Principal) -> list[Hit]:
    found = await search.find_customers(session, text)
    return [
        Hit(
            kind="customer", id=customer.id or 0, title=customer.name,
            note=f"{customer.code} · {shown_document(customer.document, by=by)}"
            f" · {customer.city}/{customer.uf}".removesuffix(" · /"),
            href=_account(customer.id or 0, by=by),
        )
        for customer in found
    ]  # fmt: skip


async def _tasks(session: AsyncSession, text: str) -> list[Hit]:
    return [
        Hit(
            kind="task",
            id=task.number,
            title=told(task.title, task.places),
            note="",
            href=f"/tarefas/{task.number}",
        )
        for task in await search.find_tasks(session, text)
    ]


def _invoice_hit(invoice: Invoice, name: str, *, by: Principal) -> Hit:
    return Hit(
        kind="invoice",
        id=invoice.key,
        title=f"{invoice.number or invoice.code}",
        note=f"{name} · {invoice.code}",
        href=f"/cobrancas/faturas/{invoice.key}"
        if by.may("invoices:see")
        else _account(invoice.customer_id, by=by),
    )


def _agreement_hit(agreement: Agreement, name: str) -> Hit:
    title = gettext(N_("Acordo %(number)s"), number=str(agreement.id))
    return Hit(
        kind="agreement", id=agreement.id or 0, title=title, note=name,
        href=f"/acordos/{agreement.id}",
    )  # fmt: skip


def _account(customer_id: int, *, by: Principal) -> str | None:
    """The customer's collections account, or what else of them this person may see."""
    account = f"/cobrancas/contas/{customer_id}"
    if by.may("collections.account:see"):
        return account
    if by.may("customers:see"):
        return f"/clientes/{customer_id}"
    return f"{account}/conexoes" if by.may("connections:see") else None
