"""Statements of a customer and of a contract: page, PDF and CSV, and the same for programs."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from activities.documents import draw
from activities.statements import StatementOf, Whose, statement_document, statement_of
from api import table_csv
from api.dependencies import Db, Now, Principal, ReadSession, need
from api.documents import WHOLE
from api.files import shown_as
from api.language import N_, gettext
from api.rendering import page
from api.statement_words import told_line
from models.database import Database
from models.people import record
from rules.statements import Entry, StatementLine

router = APIRouter(tags=["payments"])
pages = APIRouter(include_in_schema=False)

SEES = need("invoices:see", "payments:see")
See = Annotated[Principal, SEES]
Day = Annotated[date | None, Query()]
PDF = "application/pdf"
CUSTOMER = "/cobrancas/contas/{customer_id:int}/extrato"
CONTRACT = "/contratos/{contract_id:int}/extrato"
CSV_HEADS = (
    *(N_("Data"), N_("Lançamento"), N_("Vencimento"), N_("Valor"), N_("Débito"), N_("Crédito")),
    N_("Saldo"),
)


class StatementLineView(BaseModel):
    """A line; `balance` is what is owed after it, below zero in the customer's favour."""

    entry: Entry
    on: date
    label: str
    note: str
    due_date: date | None
    invoice_id: int | None
    agreement_id: int | None
    source: str
    amount: Decimal
    debit: Decimal
    credit: Decimal
    balance: Decimal


class StatementView(BaseModel):
    """A statement as programs read it; `to_be_billed` is what has no invoice yet."""

    customer_id: int
    contract_id: int | None
    since: date | None
    until: date | None
    debits: Decimal
    credits: Decimal
    balance: Decimal
    to_be_billed: Decimal
    lines: list[StatementLineView]


@pages.get(CUSTOMER)
async def customer_page(
    request: Request, by: See, database: Db, now: Now, customer_id: int,
    desde: str = "", ate: str = "", formato: str = "",
) -> Response:  # fmt: skip
    """All that moved what a customer owes."""
    whose = Whose(customer_id=customer_id)
    return await _page(request, by, database, now, whose, (desde, ate, formato))


@pages.get(CONTRACT)
async def contract_page(
    request: Request, by: See, database: Db, now: Now, contract_id: int,
    desde: str = "", ate: str = "", formato: str = "",
) -> Response:  # fmt: skip
    """All that moved what is owed for a contract."""
    whose = Whose(contract_id=contract_id)
    return await _page(request, by, database, now, whose, (desde, ate, formato))


@router.get("/api/customers/{customer_id}/statement", dependencies=[SEES])
async def read_customer_statement(
    session: ReadSession, customer_id: int, since: Day = None, until: Day = None
) -> StatementView:
    """All that moved what a customer owes, in order."""
    whose = Whose(customer_id=customer_id)
    return _view(await statement_of(session, whose, since=since, until=until))


@router.get("/api/contracts/{contract_id}/statement", dependencies=[SEES])
async def read_contract_statement(
    session: ReadSession, contract_id: int, since: Day = None, until: Day = None
) -> StatementView:
    """The same for a contract; an invoice that it shares with others is told whole."""
    whose = Whose(contract_id=contract_id)
    return _view(await statement_of(session, whose, since=since, until=until))


async def _page(
    request: Request,
    by: Principal,
    database: Database,
    now: datetime,
    whose: Whose,
    asked: tuple[str, str, str],
) -> Response:
    since, until = _day(asked[0]), _day(asked[1])
    if asked[2] == "pdf":
        return await _pdf(database, by, whose, since=since, until=until, now=now)
    async with database.read() as session:
        told = await statement_of(session, whose, since=since, until=until)
    if asked[2] == "csv":
        return _csv(told)
    return page(request, "pages/statements/statement.html", now=now, **_shown(request, told))


async def _pdf(
    database: Database, by: Principal, whose: Whose, *, since: date | None, until: date | None,
    now: datetime,
) -> Response:  # fmt: skip
    async with database.write() as session:
        told = await statement_of(session, whose, since=since, until=until)
        document = await statement_document(session, told, at=now, has_whole_cpf=by.may(WHOLE))
        deed = by.deed(at=now, ip=by.ip)
        record(session, deed, "statement.document", subject=f"customer/{told.customer.id}")
    content = await asyncio.to_thread(draw, document)
    return Response(content, media_type=PDF, headers=shown_as(document.name))


def _csv(told: StatementOf) -> Response:
    heads = [gettext(head) for head in CSV_HEADS]
    return table_csv.lines([heads, *map(_cells, told.statement.lines)], name=told.name)


def _cells(line: StatementLine) -> list[Any]:
    return [
        line.on, told_line(line), line.due_date, line.amount, line.debit or None,
        line.credit or None, None if line.entry is Entry.CHARGE else line.balance,
    ]  # fmt: skip


def _shown(request: Request, told: StatementOf) -> dict[str, Any]:
    days = {"desde": told.since, "ate": told.until}
    kept = {name: day.isoformat() for name, day in days.items() if day}
    return {
        "customer": told.customer,
        "contract": told.contract,
        "statement": told.statement,
        "lines": [(line, told_line(line)) for line in told.statement.lines],
        "to_be_billed": told.to_be_billed,
        "since": told.since,
        "until": told.until,
        "pdf": f"{request.url.path}?{urlencode({**kept, 'formato': 'pdf'})}",
        "csv": f"{request.url.path}?{urlencode({**kept, 'formato': 'csv'})}",
    }


def _view(told: StatementOf) -> StatementView:
    lines = [
        StatementLineView(**{name: getattr(line, name) for name in StatementLineView.model_fields})
        for line in told.statement.lines
    ]
    return StatementView(
        customer_id=told.customer.id or 0,
        contract_id=told.contract.id if told.contract else None,
        since=told.since, until=told.until, debits=told.statement.debits,
        credits=told.statement.credits, balance=told.statement.balance,
        to_be_billed=told.to_be_billed, lines=lines,
    )  # fmt: skip


def _day(typed: str) -> date | None:
    """A day of the address; what is none is left out, as the lists do."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


router.include_router(pages)
