"""The collection account of a customer: its tabs, contacts and tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import inbox
from activities.tasks import NewTask
from api.account_tables import (
    CONTACTS,
    MESSAGES,
    NEGOTIATING,
    TABS,
    TASKS,
    shown_contact,
    shown_invoice,
    shown_message,
    shown_task,
)
from api.agreement_form import choices
from api.case_head import Head, head_of
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Instant, Submitted, blank, submitted
from api.history import History, history_of_cases, history_of_invoices
from api.language import N_, gettext
from api.listing import Listing, Present
from api.rendering import page, redirect
from models import account_lists, agreement_lists, colleagues
from models.cases import Case, case_of
from models.collections import (
    CollectionAccount,
    NewContact,
    account_of,
    add_contact,
)
from models.customers import Customer, CustomerNotFound
from models.people import Deed
from rules.cases import Process
from rules.collections import ContactKind
from rules.refusals import Refusal

router = APIRouter(tags=["accounts"])
pages = APIRouter(include_in_schema=False)

SeesAccounts = Annotated[Principal, need("collections.account:see")]
WorksAccounts = Annotated[Principal, need("collections.account:act")]

PATH = "/cobrancas/contas/{customer_id}"


class NoAccountYet(Refusal):
    message = "Este cliente ainda não tem conta de cobrança: confirme antes o processo."


class ContactInput(BaseModel):
    """A comment or contact. All but the person are required."""

    kind: ContactKind
    channel: str = Field(min_length=1, max_length=20)
    category_id: int
    subject: str = Field(min_length=1, max_length=160)
    text: str = Field(min_length=1, max_length=4000)
    person: str = Field(default="", max_length=120)


class ContactForm(ContactInput):
    """The same in the page, which asks to confirm."""

    confirmed: bool = False


class NotConfirmed(Refusal):
    message = "Marque a confirmação para gravar."
    field = "confirmed"


class TaskForm(BaseModel):
    """A task of this account."""

    title: str = Field(min_length=1, max_length=160)
    due_at: Instant
    assignee: str | None = None
    description: str = Field(default="", max_length=4000)


@dataclass
class Account:
    """Whose page it is; `head` is the case's, None when nothing was ever in collections."""

    customer: Customer
    account: CollectionAccount | None
    case: Case | None
    head: Head | None


async def account(
    session: AsyncSession, customer_id: int, *, by: Principal, now: datetime
) -> Account:
    """This will read whose page it is. Refuses CustomerNotFound."""
    customer = await session.get(Customer, customer_id)
    if customer is None:
        raise CustomerNotFound
    case = await case_of(session, process=Process.COLLECTIONS, subject_id=customer_id)
    head = await head_of(session, case, by=by, now=now) if case else None
    return Account(customer, await account_of(session, customer_id), case, head)


# --- the tabs -------------------------------------------------------------------------------------


@pages.get(PATH)
async def invoices(
    request: Request,
    customer_id: int,
    by: SeesAccounts,
    session: ReadSession,
    now: Now,
    today: Today,
) -> Response:
    """Tab 1: what awaits an agreement."""
    statement = account_lists.select_negotiating(customer_id)
    return await _tab(
        request, session, customer_id, NEGOTIATING, statement, "invoices",
        present=lambda row: shown_invoice(row, today=today), by=by, now=now,
        may_act=by.may("agreements:act"),
    )  # fmt: skip


@pages.get(PATH + "/historico")
async def history(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 2: the account's history."""
    whose = await account(session, customer_id, by=by, now=now)
    case_ids = [whose.case.number] if whose.case else []
    told = await history_of_cases(request, session, case_ids)
    return _history_page(request, whose, "/historico", told, now)


@pages.get(PATH + "/faturas")
async def invoice_history(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 3: the history of each invoice."""
    told = await history_of_invoices(request, session, customer_id=customer_id)
    whose = await account(session, customer_id, by=by, now=now)
    return _history_page(request, whose, "/faturas", told, now)


def _history_page(request: Request, whose: Account, tab: str, told: History, now: Now) -> Response:
    return page(
        request, "pages/accounts/history.html", now=now, tabs=TABS, tab=tab, whose=whose,
        history=told,
    )  # fmt: skip


@pages.get(PATH + "/emails")
async def emails(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 6: e-mails to the customer."""
    return await _messages(request, customer_id, by, session, now, channel="email")


@pages.get(PATH + "/sms")
async def texts(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 7: SMS to the customer."""
    return await _messages(request, customer_id, by, session, now, channel="sms")


async def _messages(
    request: Request,
    customer_id: int,
    by: Principal,
    session: AsyncSession,
    now: datetime,
    *,
    channel: str,
) -> Response:
    write = f"/mensagens/clientes/{customer_id}/{channel}" if by.may("messages:act") else ""
    statement = account_lists.select_messages(customer_id, channel=channel)
    return await _tab(
        request, session, customer_id, MESSAGES, statement, "list",
        present=shown_message, by=by, now=now, write=write,
    )  # fmt: skip


@pages.get(PATH + "/acordos")
async def agreements(
    request: Request,
    customer_id: int,
    by: SeesAccounts,
    session: ReadSession,
    now: Now,
    today: Today,
) -> Response:
    """Tab 9: agreements, in their five lists."""
    whose = await account(session, customer_id, by=by, now=now)
    return page(
        request,
        "pages/accounts/agreements.html",
        now=now,
        tabs=TABS,
        whose=whose,
        live=await agreement_lists.agreements_in_progress(session, customer_id),
        lists=[
            (N_("Faturas participantes da proposta"),
             await agreement_lists.participating_invoices(session, customer_id)),
            (N_("Aguardam liquidação"),
             await agreement_lists.invoices_awaiting_settlement(session, customer_id)),
            (N_("Em atraso com a data de tolerância"),
             await agreement_lists.invoices_past_tolerance(session, customer_id, today=today)),
            (N_("Liquidadas"), await agreement_lists.settled_invoices(session, customer_id)),
        ],
        may_act=by.may("agreements:act"),
    )  # fmt: skip


# --- contacts -------------------------------------------------------------------------------------


@pages.get(PATH + "/comentarios")
async def contacts(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 4: comments and contacts."""
    return await _contacts_page(request, session, customer_id, by, blank(ContactForm), now)


@pages.post(PATH + "/comentarios")
async def add_contact_by_page(
    request: Request, customer_id: int, by: WorksAccounts, database: Db, now: Now
) -> Response:
    """Logs a contact once it is confirmed."""
    form = await submitted(request, ContactForm)
    if form.value:
        with form.refusals():
            if not form.value.confirmed:
                raise NotConfirmed
            await _log(database, customer_id, form.value, by, now)
            path = f"/cobrancas/contas/{customer_id}/comentarios"
            return redirect(request, path, N_("Contato registrado."))
    async with database.read() as session:
        return await _contacts_page(request, session, customer_id, by, form, now)


@router.post("/api/collections/customers/{customer_id}/contacts", status_code=201)
async def log_contact(
    customer_id: int, body: ContactInput, by: WorksAccounts, database: Db, now: Now
) -> dict[str, int]:
    """Logs a contact with the customer, and has the follow-up's clock start anew."""
    return {"id": await _log(database, customer_id, body, by, now)}


async def _log(
    database: Db, customer_id: int, contact: ContactInput, by: Principal, now: Now
) -> int:
    new = NewContact(**contact.model_dump(exclude={"confirmed"}))
    async with database.write() as session:
        whose = await account_of(session, customer_id)
        if whose is None:
            raise NoAccountYet
        row = await add_contact(session, whose, new, by=by.login, at=now)
        return row.id or 0


async def _contacts_page(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    by: Principal,
    form: Submitted[ContactForm],
    now: Now,
) -> Response:
    return await _tab(
        request, session, customer_id, CONTACTS, account_lists.select_contacts(customer_id),
        "contacts", present=shown_contact, by=by, now=now, form=form, status=form.status,
        categories=(await choices(session))["contacts"],
        may_act=by.may("collections.account:act"),
    )  # fmt: skip


# --- tasks ----------------------------------------------------------------------------------------


@pages.get(PATH + "/tarefas")
async def tasks(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 8: the tasks of this account."""
    return await _tasks_page(request, session, customer_id, by, blank(TaskForm), now)


@pages.post(PATH + "/tarefas")
async def add_task(
    request: Request,
    customer_id: int,
    by: Annotated[Principal, need("collections.account:act", "tasks:act")],
    database: Db,
    now: Now,
    ip: Ip,
) -> Response:
    """Makes a task of this account; it shows in the inbox too."""
    form = await submitted(request, TaskForm)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                whose = await account(session, customer_id, by=by, now=now)
                await inbox.create(
                    session, _new_task(whose, form.value),
                    Deed(by.login, at=now, ip=ip, permissions=by.permissions),
                )  # fmt: skip
            path = f"/cobrancas/contas/{customer_id}/tarefas"
            return redirect(request, path, N_("Tarefa criada."))
    async with database.read() as session:
        return await _tasks_page(request, session, customer_id, by, form, now)


def _new_task(whose: Account, form: TaskForm) -> NewTask:
    return NewTask(
        key=f"manual/{uuid4()}",
        title=form.title,
        description=form.description,
        due_at=form.due_at,
        assignee=form.assignee,
        process=Process.COLLECTIONS,
        for_case_id=whose.case.id if whose.case else None,
        customer_id=whose.customer.id,
        reason=gettext("Pedida na conta de cobrança."),
    )


async def _tasks_page(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    by: Principal,
    form: Submitted[TaskForm],
    now: Now,
) -> Response:
    return await _tab(
        request, session, customer_id, TASKS, account_lists.select_tasks(customer_id), "tasks",
        present=shown_task, by=by, now=now, form=form, status=form.status,
        people=await colleagues.active_people(session),
        may_act=by.may("tasks:act"),
    )  # fmt: skip


async def _tab(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    listing: Listing,
    statement: Any,
    template: str,
    *,
    present: Present,
    by: Principal,
    now: datetime,
    **values: Any,
) -> Response:
    """Every tab with one list is this page."""
    view = listing.view(request)
    if view.is_export:
        return await view.answer(session, statement, "", present=present)
    status = values.pop("status", 200)
    return page(
        request,
        f"pages/accounts/{template}.html",
        status=status,
        now=now,
        table=await view.table(session, statement, present=present),
        whose=await account(session, customer_id, by=by, now=now),
        tabs=TABS,
        **values,
    )


router.include_router(pages)
