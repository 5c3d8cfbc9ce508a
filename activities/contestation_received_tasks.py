"""What a contestation received asks people for while its clocks run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from activities.asking import Request, ask_manager, ask_operator, is_asked
from activities.contestation_claim import Claim
from activities.tasks import withdraw_tasks
from models.calendars import load_calendar
from models.invoices import Invoice, label_of
from models.policies import load_policy
from rules.bureau import CLOSING
from rules.business_days import at_local_time
from rules.contestation import ContestationPolicy
from rules.contestation import ContestationStep as Next
from rules.contestation_received import ReceivedPolicy, in_hand_by
from rules.due import due_after
from rules.sentences import N_

REQUESTS = {
    Next.ASK_ANSWER: Request(
        N_("Responder à contestação do cliente"),
        N_("O cliente contestou uma fatura e espera resposta."),
        N_("Sem resposta no prazo, o cliente tem razão e o valor é cancelado ou devolvido."),
    ),
    Next.WARN_MANAGER: Request(
        N_("Contestação de cliente perto do prazo"),
        N_("O prazo legal de resposta está perto do fim."),
        N_("Sem resposta no prazo, o cliente tem razão e o valor é cancelado ou devolvido."),
        priority=1,
    ),
    Next.TELL_CUSTOMER: Request(
        N_("Avisar o cliente da resposta à contestação"),
        N_("A resposta não chegou ao cliente por mensagem."),
        N_("Enquanto o cliente não é avisado, o valor não pode ser cobrado."),
        priority=1,
    ),
    Next.CHASE_REFUND: Request(
        N_("Devolver ao cliente o valor contestado"),
        N_("O cliente tem dinheiro a receber e a devolução não foi feita."),
        N_("Os juros a devolver crescem a cada dia."),
        priority=1,
    ),
}
TASKS = tuple(REQUESTS)
#: Asked as soon as it is made; the bill is owed whatever becomes of the contestation.
PRINT_BILL = "print_bill"
PRINTED = Request(
    N_("Imprimir e entregar a conta %(invoice)s"),
    N_("O cliente contestou parte de uma fatura e quer impressa a conta do resto."),
    N_("Sem a conta nas mãos antes do vencimento, o cliente não tem como pagá-la em dia."),
)


async def ask(claim: Claim, step: Next, policy: ContestationPolicy) -> None:
    """This will ask whoever has the case, or the manager, for what the step needs."""
    claim.record(step)
    if await is_asked(claim.session, claim.case, step):
        return
    calendar = await load_calendar(claim.session)
    due_at = due_after(claim.at, business_days=policy.task_due_business_days, calendar=calendar)
    asked = ask_manager if step is Next.WARN_MANAGER else ask_operator
    await asked(
        claim.session, claim.case, step, REQUESTS[step], due_at=due_at, at=claim.at,
        team=policy.team,
    )  # fmt: skip


async def ask_to_print(claim: Claim, bill: Invoice, received: ReceivedPolicy) -> None:
    """This will ask for the paper on which a customer wants the bill of what is not contested."""
    policy = await load_policy(claim.session, ContestationPolicy())
    last = at_local_time(in_hand_by(bill.due_date, received), at=CLOSING)
    await ask_operator(
        claim.session, claim.case, PRINT_BILL,
        replace(PRINTED, places={"invoice": label_of(bill)}),
        due_at=max(last, claim.at + timedelta(hours=1)), at=claim.at, team=policy.team,
    )  # fmt: skip


async def forget_tasks(claim: Claim) -> None:
    """This will withdraw what was asked in a wait that is over."""
    await withdraw_tasks(
        claim.session, for_case_id=claim.case.number, kinds=TASKS, at=claim.at,
        reason=N_("A contestação seguiu adiante."),
    )  # fmt: skip
