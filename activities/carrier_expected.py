"""A carrier's invoice that did not come by its day: a task, withdrawn when it comes after all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.asking import team_id_of
from activities.cases import now
from activities.client_services import team_asked
from activities.tasks import NewTask, make_task, withdraw_task
from models.calendars import load_calendar
from models.carrier_expected import accounts_without
from models.carrier_invoices import CarrierInvoice
from models.database import Database
from models.policies import load_policy
from models.tasks import task_with_key
from rules.business_days import local_date
from rules.carrier_expected import expected_on, months_due
from rules.cases import Process
from rules.contestation import ContestationPolicy
from rules.due import due_after
from rules.refusals import written_date
from rules.sentences import N_
from rules.service_models import Matter

MISSING = "missing_carrier_invoice"
#: No account is expected later than on the last day of a month.
EVERY_DAY = 1


class ExpectedInvoices:
    """What the watch over carriers' files asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def ask_for_missing_invoices(self) -> int:
        """This will ask for every invoice that should be here; gives how many are missing."""
        at = now()
        async with self.database.write() as session:
            return await ask_for_missing(session, today=local_date(at), at=at)


async def ask_for_missing(session: AsyncSession, *, today: date, at: datetime) -> int:
    """This will make one task for each account and month that is missing; again: none."""
    count = 0
    for month in months_due(today, day=EVERY_DAY):
        for account in await accounts_without(session, month):
            if expected_on(month, day=account.expected_day) < today:
                await _ask(session, account, month, at=at)
                count += 1
    return count


async def came(session: AsyncSession, invoice: CarrierInvoice, *, at: datetime) -> None:
    """This will withdraw the task that asked for an invoice; a preview is not it."""
    if invoice.is_preview:
        return
    task = await task_with_key(session, _key(invoice.account_id, invoice.month))
    if task is not None and task.finished_at is None:
        await withdraw_task(session, task, reason=N_("O arquivo chegou."), at=at)


async def _ask(session: AsyncSession, account: Any, month: date, *, at: datetime) -> None:
    policy = await load_policy(session, ContestationPolicy())
    calendar = await load_calendar(session)
    due = due_after(at, business_days=policy.task_due_business_days, calendar=calendar)
    team = await team_asked(session, account.customer_id, Matter.LEGWORK, house=policy.team)
    new = NewTask(
        key=_key(account.id, month), process=Process.TASKS, kind=MISSING, due_at=due,
        title=N_("Obter a fatura de %(carrier)s, conta %(account)s, de %(month)s"),
        places={
            "carrier": account.carrier, "account": account.number, "month": f"{month:%m/%Y}",
            "day": written_date(expected_on(month, day=account.expected_day)),
        },
        reason=N_("O arquivo era esperado até %(day)s e não chegou."),
        consequence=N_("Sem o arquivo, nada é auditado nem contestado, e o prazo corre."),
        description="/operadoras/faturas", customer_id=account.customer_id,
        team_id=await team_id_of(session, team),
    )  # fmt: skip
    await make_task(session, new, by="system", at=at)


def _key(account_id: int, month: date) -> str:
    return f"carrier-account/{account_id}/missing/{month:%Y-%m}"
