"""What every tab of a collection account shares: whose page it is, and a tab with one list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.account_tables import TABS
from api.case_head import Head, Next, coming_of, head_of
from api.dependencies import Principal, need
from api.language import N_, brl, day, gettext
from api.listing import Listing, Present
from api.rendering import page
from models.cases import Case, case_of, first_to_act
from models.colleagues import names_by_login
from models.collections import CollectionAccount, account_of
from models.customer_marks import marks_of
from models.customers import Customer, read_customer
from models.policies import load_policy
from models.promises import Promise, promise_in_force
from models.worklist_holds import WorklistHold, holder_of
from rules.business_days import at_local_time
from rules.cases import Process
from rules.customer_marks import NAMES
from rules.promises import JUDGED_AT, PromisePolicy, broken_on

SeesAccounts = Annotated[Principal, need("collections.account:see")]
WorksAccounts = Annotated[Principal, need("collections.account:act")]

PATH = "/cobrancas/contas/{customer_id}"


@dataclass
class Account:
    """Whose page it is; `head` is the case's, None when nothing was ever in collections.

    `hold` tells who works the account at the moment, out of the worklist; `holder` is their name.
    """

    customer: Customer
    account: CollectionAccount | None
    case: Case | None
    head: Head | None
    marks: tuple[str, ...] = ()
    hold: WorklistHold | None = None
    holder: str = ""


async def account(
    session: AsyncSession, customer_id: int, *, by: Principal, now: datetime
) -> Account:
    """This will read whose page it is. Refuses CustomerNotFound."""
    customer = await read_customer(session, customer_id)
    case = await case_of(session, process=Process.COLLECTIONS, subject_id=customer_id)
    head = await head_of(session, case, by=by, now=now) if case else None
    if head and head.closed_at is None:
        head = replace(head, next=await _next(session, head.next, customer, now))
    marks = tuple(gettext(NAMES[each.kind]) for each in await marks_of(session, customer_id))
    hold = await holder_of(session, customer_id, now=now)
    holder = (await names_by_login(session)).get(hold.by, hold.by) if hold else ""
    return Account(
        customer, await account_of(session, customer_id), case, head, marks, hold, holder
    )


async def _next(session: AsyncSession, of_case: Next, customer: Customer, now: datetime) -> Next:
    """A promise in force comes first: all else waits for it. What the account does, and then its
    agreements and records at the bureau, comes after."""
    promised = await _next_of_promise(session, customer.id or 0)
    if promised is not None or of_case.at is not None:
        return promised or of_case
    return await _next_beside(session, of_case, customer, now)


async def _next_beside(
    session: AsyncSession, nothing: Next, customer: Customer, now: datetime
) -> Next:
    """What the customer's agreements and records at the bureau do next by themselves; `nothing`
    where they do not either."""
    found = [
        await first_to_act(session, process=process, customer_id=customer.id or 0)
        for process in (Process.AGREEMENTS, Process.BUREAU)
    ]
    case = min(filter(None, found), key=lambda each: each.next_at or now, default=None)
    if case is None:
        return nothing
    coming = await coming_of(session, case, customer, now=now)
    if case.process == Process.BUREAU:
        return coming
    named = gettext("Acordo %(number)s", number=case.subject_id)
    return replace(coming, label=f"{named}: {coming.label}")


async def _next_of_promise(session: AsyncSession, customer_id: int) -> Next | None:
    """The end of a promise in force, which all else waits for; None where there is none."""
    number = await promise_in_force(session, customer_id)
    if number is None:
        return None
    promise = await session.get_one(Promise, number)
    policy = await load_policy(session, PromisePolicy())
    named = gettext(
        N_("Promessa de %(amount)s até %(day)s"), amount=brl(promise.amount),
        day=day(promise.promised_on),
    )  # fmt: skip
    return Next(
        label=named,
        consequence=gettext(
            N_("Até lá régua e contatos esperam; sem o pagamento, a cobrança segue.")
        ),
        at=at_local_time(broken_on(promise.promised_on, policy), at=JUDGED_AT),
        is_late=False,
    )


async def tab(
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
    asked = values.pop("status", 200)
    status = 422 if view.problems else asked
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
