"""What a record asks of people: proof of its notice; once paid, its removal in time.

Of the manager, before that is late.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request, ask_manager, ask_operator
from models import cases
from models.bureau import BureauRecord
from models.calendars import load_calendar
from models.cases import Case
from rules import bureau as rules
from rules.bureau import BureauStep
from rules.due import due_after
from rules.sentences import N_

TASKS = (BureauStep.ASK_PROOF, BureauStep.ASK_REMOVAL, BureauStep.ALERT_REMOVAL)
#: Long enough for a letter with acknowledgement of receipt.
PROOF_BUSINESS_DAYS = 5

REQUESTS = {
    BureauStep.ASK_PROOF: Request(
        N_("Provar a entrega do aviso do SPC"),
        N_("A UF do cliente exige prova de entrega, e o prazo do aviso passou sem ela."),
        N_("Sem a prova, a dívida não vai ao SPC."),
    ),
    BureauStep.ASK_REMOVAL: Request(
        N_("Remover do SPC"),
        N_("A fatura foi paga ou contestada e o registro no SPC continua."),
        N_("O prazo legal de remoção vence e o gestor será avisado antes."),
    ),
    BureauStep.ALERT_REMOVAL: Request(
        N_("Remoção do SPC perto do prazo legal"),
        N_("A fatura foi paga ou contestada e ninguém removeu o registro do SPC."),
        N_("Depois do prazo legal a empresa responde por dano moral."),
        priority=1,
    ),
}


async def ask_proof(session: AsyncSession, case: Case, *, at: datetime) -> None:
    """This will ask the operator to prove the notice by other means than ours."""
    step = BureauStep.ASK_PROOF
    cases.record_event(session, case, kind=step, by="system", at=at)
    calendar = await load_calendar(session)
    due_at = due_after(at, business_days=PROOF_BUSINESS_DAYS, calendar=calendar)
    await ask_operator(session, case, step, REQUESTS[step], due_at=due_at, at=at)


async def ask_removal(
    session: AsyncSession, case: Case, record: BureauRecord, step: BureauStep, *, at: datetime
) -> None:
    """This will ask the operator, or tell the manager; the task is due when the law's time ends."""
    cases.record_event(session, case, kind=step, by="system", at=at)
    if record.remove_by is None:
        raise LookupError(f"record {record.number} is not to be removed")
    ask = ask_manager if step is BureauStep.ALERT_REMOVAL else ask_operator
    due_at = rules.removal_due_at(record.remove_by)
    await ask(session, case, step, REQUESTS[step], due_at=due_at, at=at)
