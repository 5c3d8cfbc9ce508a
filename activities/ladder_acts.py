"""What a step does to one contract or person: a termination, a task, a proposal to the bureau."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request
from activities.collection_steps import team_with_code
from activities.contract_ends import terminate_contract
from activities.tasks import NewTask, make_task
from models.calendars import load_calendar
from models.contracts import lock_contract
from models.ladder_day import Subject
from rules.bureau import CLOSING
from rules.business_days import at_local_time, local_date
from rules.cases import Process
from rules.due import due_after
from rules.ladder import DueStep
from rules.ladder_law import Regime, regime_of
from rules.ladder_steps import Action, LadderPolicy
from rules.sentences import N_
from rules.task_lists import LADDER

REQUESTS = {
    Action.TASK: Request(
        N_("Régua: procurar o cliente"),
        N_("Chegou o dia deste passo da régua."),
        N_("A régua segue para o próximo passo."),
    ),
    Action.PROPOSE_BUREAU: Request(
        N_("Régua: propor registro no SPC"),
        N_("A dívida chegou ao passo de registro no SPC."),
        N_("A dívida continua fora do SPC."),
    ),
    Action.PROPOSE_PROTEST: Request(
        N_("Régua: levar a protesto"),
        N_("A dívida chegou ao passo de protesto."),
        N_("A dívida continua sem protesto."),
    ),
}
#: Where a task leads; elsewhere to what the ladder did on the invoice.
PAGES = {Action.PROPOSE_PROTEST: "/cobrancas/faturas/%s/protesto"}
LADDER_PAGE = "/cadastros/regua/faturas/%s"
PROOF = Request(
    N_("Provar a entrega da notificação"),
    N_("O próximo passo da régua espera por uma notificação legal entregue."),
    N_("O bloqueio ou a rescisão não acontece sem essa prova."),
)

PROOF_OF_END = Request(
    N_("Enviar ao cliente a prova escrita da rescisão"),
    N_("A cobrança segue a regra anterior (Resolução 632/2014): o cliente recebe a prova escrita."),
    N_("Sem essa prova, o débito não deve ir ao SPC."),
)

#: Why a contract ends, as its history says it.
REASON = "falta de pagamento, pela régua"


async def do(
    session: AsyncSession, subject: Subject, step: DueStep, *, policy: LadderPolicy, at: datetime
) -> None:
    """This will carry out a step that is neither a message nor a suspension."""
    if step.rung.action == Action.TERMINATE:
        await terminate(session, subject, at=at)
        await _ask_for_proof_of_end(session, subject, policy=policy, at=at)
        return
    request = REQUESTS[Action(step.rung.action)]
    named = replace(request, title=step.rung.name or request.title)
    key = f"ladder/{subject.invoice_id}/{step.rung.id}"
    leads_to = PAGES.get(Action(step.rung.action), LADDER_PAGE)
    await _ask(session, subject, named, key=key, policy=policy, at=at, leads_to=leads_to)


async def _ask_for_proof_of_end(
    session: AsyncSession, subject: Subject, *, policy: LadderPolicy, at: datetime
) -> None:
    """By the older resolution the customer is sent the end of the contract in writing."""
    law = subject.facts.law
    if law is None or regime_of(law, policy) is not Regime.RES_632:
        return
    last = local_date(at) + timedelta(days=policy.old_proof_days)
    key = f"ladder/{subject.invoice_id}/proof-of-end"
    due_at = at_local_time(last, at=CLOSING)
    await _ask(session, subject, PROOF_OF_END, key=key, policy=policy, at=at, due_at=due_at)


async def ask_for_proof(
    session: AsyncSession, subject: Subject, *, policy: LadderPolicy, at: datetime
) -> None:
    """This will ask, once an invoice, for what the law wants before the next step."""
    key = f"ladder/{subject.invoice_id}/proof"
    await _ask(session, subject, PROOF, key=key, policy=policy, at=at)


async def terminate(session: AsyncSession, subject: Subject, *, at: datetime) -> None:
    """This will end the contracts that the step reaches for non-payment, with their final
    charges; over: nothing."""
    for contract_id in sorted(subject.reached_by(Action.TERMINATE)):
        contract = await lock_contract(session, contract_id)
        await terminate_contract(
            session, contract, on=local_date(at), reason=REASON, by="system", at=at
        )


async def _ask(  # noqa: PLR0913 - what, of whom, and by when
    session: AsyncSession,
    subject: Subject,
    request: Request,
    *,
    key: str,
    policy: LadderPolicy,
    at: datetime,
    due_at: datetime | None = None,
    leads_to: str = LADDER_PAGE,
) -> None:
    team = await team_with_code(session, policy.team)
    days = policy.task_due_business_days
    task = NewTask(
        key=key,
        title=request.title[:160],
        description=leads_to % subject.invoice_id,
        due_at=due_at or due_after(at, business_days=days, calendar=await load_calendar(session)),
        process=Process.COLLECTIONS,
        kind=LADDER,
        customer_id=subject.customer_id,
        team_id=team.id if team else None,
        priority=request.priority,
        reason=request.reason,
        consequence=request.consequence,
    )
    await make_task(session, task, by="system", at=at)
