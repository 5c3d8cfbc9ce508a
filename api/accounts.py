"""The collection account of a customer: the tabs that only show."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.account_frame import PATH, Account, SeesAccounts, account, tab
from api.account_tables import (
    MESSAGES,
    NEGOTIATING,
    TABS,
    shown_invoice,
    shown_message,
)
from api.dependencies import Now, Principal, ReadSession, Today
from api.history import History, history_of_cases, history_of_invoices
from api.language import N_
from api.panels import PAGES
from api.rendering import page
from models import account_lists, agreement_lists
from models.agreement_rules import waiting_request
from models.colleagues import names_by_login
from models.policies import load_policy
from rules.debts import DebtPolicy
from rules.messages import Channel
from rules.panels import BY_COLLECTION_STAGE, Tool

router = APIRouter(include_in_schema=False)

# --- the tabs -------------------------------------------------------------------------------------


@router.get(PATH)
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
    debts, may_open = await load_policy(session, DebtPolicy()), by.may("invoices:see")
    return await tab(
        request, session, customer_id, NEGOTIATING, statement, "invoices",
        present=lambda row: shown_invoice(row, today=today, debts=debts, may_open=may_open),
        by=by, now=now, may_act=by.may("agreements:act"),
        may_mail=by.may("messages:act") and by.may("invoices:see"),
        may_print=by.may("invoices:see"),
    )  # fmt: skip


@router.get(PATH + "/historico")
async def history(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 2: the account's history."""
    whose = await account(session, customer_id, by=by, now=now)
    case_ids = [whose.case.number] if whose.case else []
    told = await history_of_cases(request, session, case_ids)
    return _history_page(request, whose, "/historico", told, now)


@router.get(PATH + "/faturas")
async def invoice_history(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 3: the history of each invoice."""
    told = await history_of_invoices(request, session, customer_id=customer_id)
    whose = await account(session, customer_id, by=by, now=now)
    return _history_page(request, whose, "/faturas", told, now)


def _history_page(
    request: Request, whose: Account, current: str, told: History, now: Now
) -> Response:
    return page(
        request, "pages/accounts/history.html", now=now, tabs=TABS, tab=current,
        title=dict(TABS)[current], whose=whose,
        history=told,
    )  # fmt: skip


#: What each of the two tabs of messages holds; new ones are written on the first.
CHANNELS_OF = {"/emails": (Channel.EMAIL,), "/sms": (Channel.SMS, Channel.APP)}


@router.get(PATH + "/emails")
async def emails(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 6: e-mails to the customer."""
    return await _messages(request, customer_id, by, session, now, "/emails")


@router.get(PATH + "/sms")
async def texts(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 7: SMS and messages to the customer's app."""
    return await _messages(request, customer_id, by, session, now, "/sms")


async def _messages(
    request: Request,
    customer_id: int,
    by: Principal,
    session: AsyncSession,
    now: datetime,
    which: str,
) -> Response:
    channels = CHANNELS_OF[which]
    write = f"/mensagens/clientes/{customer_id}/{channels[0]}" if by.may("messages:act") else ""
    statement = account_lists.select_messages(customer_id, channels=channels)
    return await tab(
        request, session, customer_id, MESSAGES, statement, "list",
        present=shown_message, by=by, now=now, write=write,
        title=dict(TABS)[which],
    )  # fmt: skip


@router.get(PATH + "/acordos")
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
        people=await names_by_login(session),
        live=await agreement_lists.agreements_in_progress(session, customer_id),
        lists=[
            (N_("Faturas participantes da proposta"),
             await agreement_lists.participating_invoices(session, customer_id), ()),
            (N_("Aguardam liquidação"),
             await agreement_lists.invoices_awaiting_settlement(session, customer_id),
             ("edit", "bureau")),
            (N_("Em atraso com a data de tolerância"),
             await agreement_lists.invoices_past_tolerance(session, customer_id, today=today),
             ("bureau",)),
            (N_("Liquidadas"), await agreement_lists.settled_invoices(session, customer_id), ()),
        ],
        waiting=await waiting_request(session, customer_id),
        may={"print": by.may("invoices:see"), "edit": by.may("invoices:act")},
        bureau_at=_where_registered(by),
    )  # fmt: skip


def _where_registered(by: Principal) -> dict[str, str]:
    """Where an invoice of each stage is added to the bureau's control, as far as permitted."""
    permitted = {
        each.panel: f"{each.path}/{Tool.REGISTER}"
        for each in PAGES
        if by.may(each.see) and Tool.REGISTER in each.tools_of(by)
    }
    return {
        stage: permitted[panel]
        for stage, panel in BY_COLLECTION_STAGE.items()
        if panel in permitted
    }
