"""What happens to an agreement when nobody acts: reminders, the promise check, the breach."""

from __future__ import annotations

from datetime import datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_letters import tell_customer
from activities.asking import Request, ask_operator
from activities.messages import write_to_customer
from activities.tasks import withdraw_tasks
from models import cases
from models.agreements import Agreement
from models.calendars import load_calendar
from models.cases import Case
from models.customers import Customer
from models.invoices import Invoice
from models.policies import rules_as_they_are
from rules import agreements as rules
from rules.agreements import (
    AgreementFacts,
    AgreementPolicy,
    AgreementReason,
    AgreementStatus,
    AgreementStep,
)
from rules.business_days import at_local_time, local_date
from rules.due import due_after
from rules.sentences import N_

TASKS = (AgreementStep.CHECK_PROMISE, AgreementStep.BREAK)

REQUESTS = {
    AgreementStep.CHECK_PROMISE: Request(
        N_("Conferir a promessa do acordo"),
        N_("Hoje é a data de tolerância e o acordo ainda não foi quitado."),
        N_("Amanhã o acordo será considerado não cumprido."),
    ),
    AgreementStep.BREAK: Request(
        N_("Renegociar ou registrar no SPC"),
        N_("O acordo não foi cumprido."),
        N_("As faturas continuam em acordos não cumpridos e nada mais é cobrado."),
        priority=1,
    ),
}
CLOSING = time(18)


async def take_step(  # noqa: PLR0913 - what is done, to what, and what decides about it
    session: AsyncSession,
    case: Case,
    agreement: Agreement,
    step: AgreementStep,
    *,
    facts: AgreementFacts,
    policy: AgreementPolicy,
    at: datetime,
) -> None:
    """This will do what the step says and write it to the history."""
    match step:
        case AgreementStep.REMIND:
            await _remind(session, case, agreement, facts=facts, policy=policy, at=at)
        case AgreementStep.CHECK_PROMISE:
            await _check_promise(session, case, at=at)
        case AgreementStep.BREAK:
            await _break(session, case, agreement, policy=policy, at=at)


async def _remind(
    session: AsyncSession,
    case: Case,
    agreement: Agreement,
    *,
    facts: AgreementFacts,
    policy: AgreementPolicy,
    at: datetime,
) -> None:
    """One message for each invoice; bound to it, so that it does not leave once that is paid."""
    today = local_date(at)
    customer = await session.get_one(Customer, agreement.customer_id)
    setting = await rules_as_they_are(
        session, policy, "remind_days_before", "remind_on_due_date", "remind_days_after"
    )
    for invoice, reminder in rules.reminders_due(facts, policy, today=today):
        owed = (await session.get_one(Invoice, invoice.invoice_id)).open_amount
        because = {
            **setting, "due_date": facts.due_date_of(invoice).isoformat(),
            "open_amount": str(owed), "tolerance_date": facts.tolerance_date.isoformat(),
        }  # fmt: skip
        cases.record_event(
            session, case, kind=AgreementStep.REMIND, by="system", at=at,
            invoice_id=invoice.invoice_id, reminder=reminder, **because,
        )  # fmt: skip
        await write_to_customer(
            session, case=case, customer=customer, purpose=reminder,
            invoice_id=invoice.invoice_id, at=at,
            key=f"agreements/{case.number}/{invoice.invoice_id}/{reminder}", because=because,
        )  # fmt: skip
    agreement.reminded_until = today
    session.add(agreement)


async def _check_promise(session: AsyncSession, case: Case, *, at: datetime) -> None:
    step = AgreementStep.CHECK_PROMISE
    cases.record_event(session, case, kind=step, by="system", at=at)
    due_at = at_local_time(local_date(at), at=CLOSING)
    await ask_operator(session, case, step, REQUESTS[step], due_at=due_at, at=at)


async def _break(
    session: AsyncSession,
    case: Case,
    agreement: Agreement,
    *,
    policy: AgreementPolicy,
    at: datetime,
) -> None:
    agreement.status = AgreementStatus.BROKEN
    session.add(agreement)
    cases.move_to(session, case, agreement.status, by="system", at=at)
    case.breached_at = at
    await tell_customer(session, case, agreement, AgreementReason.BROKEN, at=at)
    await withdraw_tasks(
        session, for_case_id=case.number, kinds=(AgreementStep.CHECK_PROMISE,),
        reason=N_("O acordo não foi cumprido."), at=at,
    )  # fmt: skip
    step, days = AgreementStep.BREAK, policy.task_due_business_days
    due_at = due_after(at, business_days=days, calendar=await load_calendar(session))
    await ask_operator(session, case, step, REQUESTS[step], due_at=due_at, at=at)
