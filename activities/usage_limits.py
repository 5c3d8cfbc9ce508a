"""A broken limit of usage: one task for each limit and invoice, never a contestation."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import team_id_of
from activities.client_services import team_asked
from activities.tasks import NewTask, make_task, withdraw_task
from models.calendars import load_calendar
from models.carrier_invoices import CarrierInvoice
from models.carriers import account_of
from models.client_services import service_of
from models.customers import Customer
from models.policies import load_policy
from models.tasks import Task
from models.usage_limits import limits_of, usage_on
from rules.cases import Process
from rules.contestation import ContestationPolicy
from rules.due import due_after
from rules.refusals import written_amount
from rules.sentences import N_
from rules.service_models import Area, Matter, includes
from rules.usage_limits import Breach, UsageLimit, breaches, told

BROKEN = "usage_limit"


async def ask_about_usage(
    session: AsyncSession, invoice: CarrierInvoice, *, at: datetime
) -> list[Breach]:
    """This will make a task for each limit that an invoice breaks; audited again: none.

    Nothing is asked where the company's model of service leaves its resources out.
    """
    account = await account_of(session, invoice.account_id)
    company = await session.get_one(Customer, account.customer_id)
    service = await service_of(session, company.id)
    is_included = includes(service.model, Area.RESOURCES)
    limits = await limits_of(session, company.code) if is_included else []
    if not limits:
        return []
    day = invoice.period_end or invoice.issue_date
    used = await usage_on(session, invoice.key, account.customer_id, day=day)
    broken: list[Breach] = []
    for limit in limits:
        found = breaches(limit, used)
        if found:
            await _ask(session, invoice, account.customer_id, limit, found, at=at)
        broken += found
    return broken


async def forget_usage(session: AsyncSession, invoice: CarrierInvoice, *, at: datetime) -> None:
    """This will withdraw what was asked about an invoice: another file of it counts now."""
    statement = select(Task).where(
        Task.kind == BROKEN, Task.description == _path(invoice), col(Task.finished_at).is_(None)
    )
    for task in (await session.exec(statement.order_by(col(Task.id)))).all():
        await withdraw_task(session, task, reason=N_("A operadora emitiu a fatura de novo."), at=at)


def _path(invoice: CarrierInvoice) -> str:
    return f"/operadoras/faturas/{invoice.key}"


async def _ask(
    session: AsyncSession,
    invoice: CarrierInvoice,
    customer_id: int,
    limit: UsageLimit,
    found: list[Breach],
    *,
    at: datetime,
) -> None:
    policy = await load_policy(session, ContestationPolicy())
    calendar = await load_calendar(session)
    team = await team_asked(session, customer_id, Matter.USAGE, house=policy.team)
    services = sorted({code for each in found for code in each.services})
    new = NewTask(
        key=f"usage-limit/{limit.id}/invoice/{invoice.key}", process=Process.TASKS, kind=BROKEN,
        title=N_("Limite de uso passado: %(limit)s"),
        reason=N_("Na fatura %(invoice)s: %(who)s. O maior gasto é de R$ %(spent)s. %(services)s"),
        places={
            "limit": limit.name, "invoice": invoice.number or str(invoice.key),
            "who": told(found), "spent": written_amount(found[0].spent),
            "services": ", ".join(services),
        },
        consequence=N_("O gasto continua no mês seguinte. Isto não se contesta à operadora."),
        description=_path(invoice), customer_id=customer_id,
        due_at=due_after(at, business_days=policy.task_due_business_days, calendar=calendar),
        team_id=await team_id_of(session, team),
    )  # fmt: skip
    await make_task(session, new, by="system", at=at)
