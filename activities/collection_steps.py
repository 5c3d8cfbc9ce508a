"""What an account's steps do when nobody acted: tasks, the word to the manager, the cadence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request
from activities.messages import write_to_customer
from activities.tasks import NewTask, make_task
from models import cases
from models.account_facts import unsettled_invoices
from models.cases import Case
from models.contested import contested
from models.customers import Customer
from models.invoices import Invoice
from models.people import Team, User
from models.policies import rules_as_they_are
from models.tasks import open_tasks_of
from rules import collections as rules
from rules.cases import Process
from rules.collection_stages import CollectionStage
from rules.collections import AccountFacts, AccountStep, CollectionsPolicy
from rules.due import Due, due_after
from rules.sentences import N_

REQUESTS = {
    AccountStep.START_TASK: Request(
        N_("Iniciar a cobrança"),
        N_("O cliente foi classificado e ninguém iniciou a cobrança."),
        N_("Se ninguém iniciar, o gestor será avisado."),
    ),
    AccountStep.ESCALATE: Request(
        N_("Cobrança parada: ninguém iniciou"),
        N_("O prazo para iniciar a cobrança venceu."),
        N_("As faturas continuam classificadas e nada é cobrado."),
        priority=1,
    ),
    AccountStep.CONFIRM_TASK: Request(
        N_("Confirmar o início do processo"),
        N_("A cobrança foi iniciada e ainda não foi confirmada."),
        N_("As faturas continuam em contato, sem conta de cobrança nem mensagens."),
    ),
    AccountStep.FOLLOW_UP: Request(
        N_("Retomar o contato com o cliente"),
        N_("A negociação está sem contato e sem mensagem."),
        N_("A negociação continua parada até o próximo contato."),
    ),
}


async def take_step(
    session: AsyncSession,
    case: Case,
    step: AccountStep,
    *,
    facts: AccountFacts,
    policy: CollectionsPolicy,
    at: datetime,
) -> None:
    """This will do what the step says and write it to the history."""
    if step is AccountStep.CADENCE:
        await _write(session, case, facts=facts, policy=policy, at=at)
        return
    if step is AccountStep.ESCALATE:
        case.breached_at = at
    due_at = due_after(at, business_days=policy.task_due_business_days, calendar=facts.calendar)
    cases.record_event(session, case, kind=step, by="system", at=at)
    await _ask(session, case, step, team=policy.team, due_at=due_at, at=at)


async def _ask(
    session: AsyncSession,
    case: Case,
    step: AccountStep,
    *,
    team: str,
    due_at: datetime | Due,
    at: datetime,
) -> None:
    """One open task of a kind is enough: an older one that is still open stands for this step."""
    if await open_tasks_of(session, for_case_id=case.number, kinds=(step,)):
        return
    row = await team_with_code(session, team)
    new = NewTask(
        key=f"collections/{case.number}/{step}/{case.version}",
        kind=step,
        process=Process.COLLECTIONS,
        due_at=due_at,
        for_case_id=case.number,
        customer_id=case.customer_id,
        team_id=row.id if row else None,
        assignee=await _assignee(session, case, step, row),
        **vars(REQUESTS[step]),
    )
    await make_task(session, new, by="system", at=at)


async def team_with_code(session: AsyncSession, code: str) -> Team | None:
    """The team of a code; None when nobody made it."""
    return (await session.exec(select(Team).where(Team.code == code))).one_or_none()


async def _assignee(
    session: AsyncSession, case: Case, step: AccountStep, team: Team | None
) -> str | None:
    """The manager of what is escalated; who started of what is under way; else the team's inbox."""
    user = select(User.login).where(User.is_active)
    if step is AccountStep.ESCALATE and team is not None:
        user = user.where(User.id == team.manager_id)
    elif step in {AccountStep.CONFIRM_TASK, AccountStep.FOLLOW_UP}:
        user = user.where(User.login == case.owner)
    else:
        return None
    return (await session.exec(user)).first()


async def _write(
    session: AsyncSession,
    case: Case,
    *,
    facts: AccountFacts,
    policy: CollectionsPolicy,
    at: datetime,
) -> None:
    purpose = rules.message_due(facts, policy, now=at)
    customer = await session.get(Customer, case.subject_id)
    if purpose is None or customer is None:
        raise LookupError(f"nothing to write in case {case.id}")
    owed = await _negotiated(session, case)
    oldest = min(owed, key=lambda invoice: invoice.due_date)
    because = {
        **await rules_as_they_are(session, policy, "cadence"),
        **_facts_told(facts, owed, oldest),
    }
    cases.record_event(
        session, case, kind=AccountStep.CADENCE, by="system", at=at, purpose=purpose, **because
    )
    # Bound to an invoice, the message is not sent once that is paid, however long it waits.
    await write_to_customer(
        session, case=case, customer=customer, purpose=purpose, invoice_id=oldest.id,
        key=f"collections/{case.number}/{purpose}/{case.version}", at=at, because=because,
    )  # fmt: skip


def _facts_told(
    facts: AccountFacts, owed: Sequence[Invoice], oldest: Invoice
) -> dict[str, str | int]:
    """What decided about a message, as of now."""
    instants = {
        "negotiating_since": facts.since.get(CollectionStage.NEGOTIATING),
        "last_word_at": facts.last_word_at, "answered_at": facts.answered_at,
    }  # fmt: skip
    return {
        "invoices": len(owed), "open_amount": str(sum(each.open_amount for each in owed)),
        "oldest_due_date": oldest.due_date.isoformat(),
        **{name: at.isoformat() for name, at in instants.items() if at is not None},
    }  # fmt: skip


async def _negotiated(session: AsyncSession, case: Case) -> Sequence[Invoice]:
    stages = [CollectionStage.NEGOTIATING]
    found = await unsettled_invoices(session, case.subject_id, stages=stages)
    disputed = await contested(session, [invoice.key for invoice in found])
    return [invoice for invoice in found if invoice.key not in disputed]
