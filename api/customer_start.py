"""Starting the collection of some of a classified customer's invoices, picked one by one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import collection_commands as commands
from api.collection_commands import Sender
from api.dependencies import Db, Engine, Principal, ReadSession, need
from api.forms import Key, Submitted, blank, submitted
from api.language import N_
from api.panels import PAGE_OF
from api.rendering import page, redirect
from models.customers import Customer
from models.invoices import Invoice
from models.panel_picks import NothingPicked, invoices_in, version_of
from rules.collection_stages import CollectionStage
from rules.panels import Panel

router = APIRouter(include_in_schema=False)

CLASSIFIED = PAGE_OF[Panel.CLASSIFIED]
Acts = Annotated[Principal, need(CLASSIFIED.see, CLASSIFIED.act)]
PATH = f"{CLASSIFIED.path}/{{customer_id:int}}/inicio"
STARTED = N_("Processo de cobrança iniciado para %(count)s fatura(s) de %(name)s.")


class StartForm(BaseModel):
    """The picked invoices, the version of the case that was seen, and the list come from."""

    invoice_ids: list[Key] = Field(default=[], max_length=1000)
    command_id: str = Field("", max_length=60)
    seen_version: int = 0
    lista: str = Field("", max_length=2000)


@router.get(PATH)
async def ask(request: Request, customer_id: Key, by: Acts, session: ReadSession) -> Response:
    """What will happen to which invoices; nothing has happened yet."""
    picked = {each for each in request.query_params.getlist("ids") if each.isdecimal()}
    form = blank(
        StartForm,
        invoice_ids=sorted(picked),
        command_id=str(uuid4()),
        seen_version=await version_of(session, customer_id),
        lista=request.query_params.get("lista", ""),
    )
    return await _page(request, session, customer_id, form)


@router.post(PATH)
async def start(
    request: Request, customer_id: Key, by: Acts, database: Db, engine: Engine
) -> Response:
    """Starts them, all or none."""
    form = await submitted(request, StartForm)
    if form.value:
        asked = form.value
        sender = Sender(
            engine,
            database,
            by.login,
            asked.command_id or None,
            asked.seen_version or None,
            ip=by.ip,
        )
        with form.refusals():
            await commands.start(sender, customer_id=customer_id, invoice_ids=asked.invoice_ids)
            name = await _name_of(database, customer_id)
            count = len(asked.invoice_ids)
            back = CLASSIFIED.listed(asked.lista)
            return redirect(request, back, STARTED, count=count, name=name)
    async with database.read() as session:
        form.raw["command_id"] = str(uuid4())
        form.raw["seen_version"] = await version_of(session, customer_id)
        return await _page(request, session, customer_id, form)


async def _page(
    request: Request, session: AsyncSession, customer_id: int, form: Submitted[StartForm]
) -> Response:
    classified = await invoices_in(session, customer_id, stage=CollectionStage.CLASSIFIED)
    ids = {str(each) for each in form.raw["invoice_ids"]}
    picked = [each for each in classified if str(each.id) in ids]
    if not picked and not form.errors:
        raise NothingPicked
    return page(
        request,
        "pages/collections/panel_start.html",
        status=form.status,
        form=form,
        customer=await session.get(Customer, customer_id),
        panel=CLASSIFIED,
        picked=picked,
        left=len(classified) - len(picked),
        total=_owed(picked),
    )


async def _name_of(database: Db, customer_id: int) -> str:
    async with database.read() as session:
        customer = await session.get(Customer, customer_id)
        return customer.name if customer else ""


def _owed(invoices: Sequence[Invoice]) -> Decimal:
    return sum((each.open_amount for each in invoices), Decimal(0))
