"""What collecting brought: letters of the ladder that were followed by payments, and promises."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.promises import NewPromise, make_promise
from models.cases import Case
from models.customers import Customer
from models.imports import insert_rows
from models.invoices import Invoice
from models.ladder_tables import LadderStep
from models.ladders import LadderExecution
from models.messages import Message
from models.payments import Payment
from models.people import Deed
from models.promises import Promise
from rules.business_days import at_local_time, local_date
from rules.cases import Process
from rules.collections import AccountStage
from rules.ladder import Outcome
from rules.ladder_steps import Action
from rules.panels import InvoiceStatus
from rules.promises import PromiseStatus
from rules.recovery import LOOK_BACK_DAYS

#: Letters that were followed by a payment, and others; figures want no more.
FOLLOWED, UNHEARD = 90, 1_500
#: Invoices that were paid months late.
LATE = 90
DAYS_BACK = 80
PROMISES, RUNNING = 90, 6
#: What was paid since then is seen in the figures.
SEEN = timedelta(days=LOOK_BACK_DAYS - 1)
PURPOSE = "ladder_overdue"


async def look_back(session: AsyncSession, operators: Sequence[str], *, now: datetime) -> None:
    """This will write the letters behind steps already taken, and promises of the past and now."""
    dice = random.Random(now.date().toordinal())  # noqa: S311 - believable, not secret
    await _pay_late(session, dice, now=now)
    await _letters_of_paid(session, now=now)
    await _letters_of_open(session, now=now)
    await _promises(session, dice, operators, now=now)


async def _pay_late(session: AsyncSession, dice: random.Random, *, now: datetime) -> None:
    """Some of what was paid on its day was paid months late instead: of that a forecast is made."""
    today = local_date(now)
    first, last = today - timedelta(days=170), today - timedelta(days=100)
    statement = (
        select(Payment, Invoice)
        .join(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .where(
            col(Invoice.due_date) >= first, col(Invoice.due_date) <= last,
            col(Invoice.collection_stage).is_(None), Payment.amount == Invoice.amount,
        )
        .order_by(col(Payment.id)).limit(LATE)
    )  # fmt: skip
    for payment, invoice in (await session.exec(statement)).all():
        paid_on = max(invoice.due_date + timedelta(days=dice.randint(15, 90)), today - SEEN)
        invoice.settled_on = payment.paid_on = payment.credited_on = min(paid_on, today)
        payment.at = at_local_time(payment.paid_on, at=time(6))
        session.add_all([payment, invoice])
    await session.flush()


async def _letters_of_paid(session: AsyncSession, *, now: datetime) -> None:
    """Whoever paid late had the reminder of the day after the due date."""
    step = await _first_reminder(session)
    since = local_date(now) - timedelta(days=DAYS_BACK)
    late = (
        select(Invoice)
        .where(
            Invoice.status == InvoiceStatus.SETTLED, col(Invoice.due_date) >= since,
            col(Invoice.settled_on) > col(Invoice.due_date),
            col(Invoice.collection_stage).is_(None),
        )
        .order_by(col(Invoice.id)).limit(FOLLOWED)
    )  # fmt: skip
    if step is None:
        return
    later = timedelta(days=step.offset_days)
    paid = (await session.exec(late)).all()
    told = [(f"demo/paid/{each.key}", each.customer_id, each.due_date + later) for each in paid]
    await insert_rows(
        session, LadderExecution,
        [
            _execution(step, invoice, day, contact)
            for invoice, (contact, _, day) in zip(paid, told, strict=True)
        ],
    )  # fmt: skip
    await insert_rows(session, Message, list(_letters(told)))


async def _letters_of_open(session: AsyncSession, *, now: datetime) -> None:
    since = local_date(now) - timedelta(days=DAYS_BACK)
    statement = (
        select(LadderExecution)
        .where(
            LadderExecution.action == Action.MESSAGE, LadderExecution.outcome == Outcome.DONE,
            LadderExecution.executed_on >= since, LadderExecution.contact == "",
        )
        .order_by(col(LadderExecution.id)).limit(UNHEARD)
    )  # fmt: skip
    told = []
    for each in (await session.exec(statement)).all():
        each.contact = f"demo/step/{each.id}"
        session.add(each)
        told.append((each.contact, each.customer_id, each.executed_on))
    await session.flush()
    await insert_rows(session, Message, list(_letters(told)))


async def _first_reminder(session: AsyncSession) -> LadderStep | None:
    """The first letter after the due date."""
    statement = select(LadderStep).where(
        LadderStep.action == Action.MESSAGE, LadderStep.offset_days > 0, col(LadderStep.is_active)
    )
    ordered = statement.order_by(col(LadderStep.offset_days), col(LadderStep.id))
    return (await session.exec(ordered.limit(1))).first()


def _execution(step: LadderStep, invoice: Invoice, day: date, contact: str) -> dict[str, Any]:
    return {
        "invoice_id": invoice.key, "step_id": step.id, "ladder_id": step.ladder_id, "version": 1,
        "run_id": None, "customer_id": invoice.customer_id, "contract_id": invoice.contract_id,
        "action": Action.MESSAGE, "outcome": Outcome.DONE, "fell_on": day, "executed_on": day,
        "at": at_local_time(day, at=time(9)), "contact": contact, "is_legal_notice": False,
        "proven_on": None, "proof": "",
        "facts": {"due_date": invoice.due_date.isoformat(), "open_amount": str(invoice.amount),
                  "stage": None, "paused": []},
    }  # fmt: skip


def _letters(told: Sequence[tuple[str, int, date]]) -> Iterator[dict[str, Any]]:
    for contact, customer_id, day in told:
        at = at_local_time(day, at=time(10))
        yield {
            "key": f"{contact}/email", "contact": contact, "channel": "email", "purpose": PURPOSE,
            "customer_id": customer_id, "to_address": f"cliente{customer_id}@exemplo.test",
            "subject": "Sua fatura venceu", "text": "Sua fatura venceu. Pague pelo Pix ou boleto.",
            "status": "delivered", "created_at": at, "not_before": at, "created_by": "system",
            "sent_at": at, "delivered_at": at,
        }  # fmt: skip


async def _promises(
    session: AsyncSession, dice: random.Random, operators: Sequence[str], *, now: datetime
) -> None:
    negotiating = select(Case.customer_id).where(
        Case.process == Process.COLLECTIONS, Case.stage == AccountStage.NEGOTIATING
    )
    running = list(await session.exec(negotiating.order_by(col(Case.id)).limit(RUNNING)))
    others = select(Customer.id).where(col(Customer.id).not_in(running))
    customers = list(await session.exec(others.order_by(col(Customer.id)).limit(800)))
    past = [
        _promise(customer_id or 0, dice, operators, now)
        for customer_id in dice.sample(customers, min(PROMISES, len(customers) // 2))
    ]
    await insert_rows(session, Promise, past)
    for number, customer_id in enumerate(running):
        new = NewPromise(local_date(now) + timedelta(days=number % 3 + 1), None, "Por telefone")
        await make_promise(session, customer_id or 0, new, deed=Deed(dice.choice(operators), now))


def _promise(
    customer_id: int, dice: random.Random, operators: Sequence[str], now: datetime
) -> dict[str, Any]:
    day = local_date(now) - timedelta(days=dice.randint(5, 330))
    is_kept = dice.random() < 0.62
    return {
        "customer_id": customer_id, "amount": Decimal(dice.randint(60, 400)), "promised_on": day,
        "invoices": {"ids": []}, "status": PromiseStatus.KEPT if is_kept else PromiseStatus.BROKEN,
        "note": "", "made_at": at_local_time(day - timedelta(days=4), at=time(11)),
        "made_by": dice.choice(operators),
        "ended_at": at_local_time(day + timedelta(days=0 if is_kept else 3), at=time(12)),
    }  # fmt: skip
