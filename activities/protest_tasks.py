"""What is asked of people about a protest, as long as it is true: the outcome, and lifting it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request
from activities.collection_steps import team_with_code
from activities.tasks import NewTask, make_task, withdraw_task
from models.bureau_facts import freed_on
from models.calendars import load_calendar
from models.invoices import Invoice
from models.policies import load_policy
from models.protests import Protest, live_protests, protests_against
from models.tasks import open_tasks_with_keys, withdrawn_tasks
from rules.bureau import CLOSING, BureauPolicy, RemoveOn
from rules.business_days import add_business_days, at_local_time, local_date
from rules.cases import Process
from rules.collections import CollectionsPolicy
from rules.panels import InvoiceStatus
from rules.protests import ProtestPolicy, ProtestStage
from rules.sentences import N_

#: A protest goes with the whole debt, whatever takes a record out of the bureau.
WHOLE = BureauPolicy(remove_on=RemoveOn.FULL_PAYMENT)
OUTCOME = Request(
    N_("Protesto: registrar o que o cartório respondeu"),
    N_("O prazo do devedor no cartório acabou."),
    N_("Sem o resultado, ninguém sabe se o título foi protestado ou pago."),
)
WITHDRAW = Request(
    N_("Protesto: retirar o título do cartório"),
    N_("A fatura foi paga antes do protesto."),
    N_("Uma dívida paga seria protestada."),
    priority=1,
)
CONSENT = Request(
    N_("Protesto: entregar a carta de anuência"),
    N_("A dívida protestada foi paga."),
    N_("Sem a carta, o cliente não consegue cancelar o protesto."),
    priority=1,
)
CONTESTED = Request(
    N_("Protesto: pedir ao cartório que espere"),
    N_("O cliente contesta a fatura que está no cartório."),
    N_("O cartório cobraria antes da resposta o que não pode ser cobrado."),
    priority=1,
)
UNDUE = Request(
    N_("Protesto: retirar ou cancelar o que não era devido"),
    N_("O cliente tinha razão, ao menos em parte, no que foi ao cartório."),
    N_("Fica contra o cliente um protesto indevido, e a empresa responde por dano moral."),
    priority=1,
)
ANSWERED = N_("A contestação terminou.")
TOLD = N_("O resultado do protesto foi registrado.")
OWED_AGAIN = N_("O pagamento foi estornado: a dívida protestada está em aberto de novo.")
ASKED = ("outcome", "withdraw", "consent", "contested", "undue")
LIFTING = ("withdraw", "consent")


async def follow_settlements(
    session: AsyncSession, customer_ids: Collection[int], *, at: datetime
) -> None:
    """This will ask somebody to lift what stands at an office against these customers and is paid
    by now; asked already: nothing.

    An invoice that an agreement replaced is paid by its instalments: their last one lifts it.
    """
    for protest in await protests_against(session, customer_ids):
        protested = await session.get_one(Invoice, protest.invoice_id)
        if await paid_on(session, protested) is not None:
            await ask_to_lift(session, protest, at=at)


async def follow_reversal(session: AsyncSession, customer_id: int, *, at: datetime) -> None:
    """This will ask nobody any more to lift what a payment taken back leaves owed again."""
    for protest in await protests_against(session, [customer_id]):
        protested = await session.get_one(Invoice, protest.invoice_id)
        if await paid_on(session, protested) is None:
            await ask_no_more(session, protest, OWED_AGAIN, asked=LIFTING, at=at)


async def follow_contestation(session: AsyncSession, invoice_id: int, *, at: datetime) -> None:
    """This will ask somebody to have the office wait while the customer contests the debt."""
    for protest in await live_protests(session, [invoice_id]):
        await ask(session, protest, CONTESTED, "contested", local_date(at), at=at)


async def follow_answer(
    session: AsyncSession, invoice_id: int, *, was_undue: bool, at: datetime
) -> None:
    """This will let the office go on with what was contested, or have undone what was not due."""
    for protest in await live_protests(session, [invoice_id]):
        await ask_no_more(session, protest, ANSWERED, asked=("contested",), at=at)
        if was_undue:
            await ask(session, protest, UNDUE, "undue", local_date(at), at=at)


async def paid_on(session: AsyncSession, invoice: Invoice) -> date | None:
    """When an invoice was paid whole, by itself or by the instalments in its place; None: not yet.

    What was cancelled was not paid.
    """
    if invoice.status == InvoiceStatus.CANCELLED:
        return None
    return await freed_on(session, invoice, policy=WHOLE)


async def ask_to_lift(session: AsyncSession, protest: Protest, *, at: datetime) -> None:
    """This will ask somebody to take a paid title back, or to hand over the letter of consent."""
    if protest.stage == ProtestStage.PROTOCOLLED:
        await ask(session, protest, WITHDRAW, "withdraw", local_date(at), at=at)
        return
    policy = await load_policy(session, ProtestPolicy())
    calendar = await load_calendar(session)
    days = policy.consent_business_days
    due = add_business_days(local_date(at), days=days, calendar=calendar)
    await ask(session, protest, CONSENT, "consent", due, at=at)


async def ask_no_more(
    session: AsyncSession,
    protest: Protest,
    reason: str,
    *,
    asked: Sequence[str] = ASKED,
    at: datetime,
) -> None:
    """This will withdraw what is still asked about a protest."""
    keys = [await _key(session, protest, each) for each in asked]
    for task in await open_tasks_with_keys(session, keys):
        await withdraw_task(session, task, reason=reason, at=at)


async def ask(
    session: AsyncSession,
    protest: Protest,
    request: Request,
    asked: str,
    due: date,
    *,
    at: datetime,
) -> None:
    """This will ask the collections team, once; anew only after it had been withdrawn."""
    team = await team_with_code(session, (await load_policy(session, CollectionsPolicy())).team)
    task = NewTask(
        key=await _key(session, protest, asked), title=request.title, process=Process.COLLECTIONS,
        description=f"/cobrancas/faturas/{protest.invoice_id}/protesto",
        due_at=max(at_local_time(due, at=CLOSING), at + timedelta(hours=1)),
        customer_id=protest.customer_id, team_id=team.id if team else None,
        priority=request.priority, reason=request.reason, consequence=request.consequence,
    )  # fmt: skip
    await make_task(session, task, by="system", at=at)


async def _key(session: AsyncSession, protest: Protest, asked: str) -> str:
    """The key of what is asked now: each time that it was withdrawn leaves another behind."""
    key = f"protest/{protest.id}/{asked}"
    before = await withdrawn_tasks(session, key)
    return f"{key}/{before}" if before else key
