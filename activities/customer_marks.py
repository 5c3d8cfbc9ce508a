"""Marking customers who are not to be chased by routine, and taking a mark back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.asking import Request, ask_manager
from activities.tasks import withdraw_tasks
from models import cases, outbox
from models.bureau import tell_records_of_customer
from models.calendars import load_calendar
from models.cases import Case
from models.customer_marks import CustomerMark, lock_mark, look_again_at, marks_of
from models.customers import lock_customer
from models.people import Deed, record
from models.policies import load_policy
from models.worklist_kept import refresh_worklist
from rules.business_days import closing, local_date
from rules.cases import Process
from rules.collections import CollectionsPolicy
from rules.customer_marks import (
    TASKS,
    CustomerMarkAlreadyDone,
    CustomerMarkNotFound,
    MarkKind,
    check_mark,
)
from rules.sentences import N_

STOPPED = N_("Nada mais é cobrado dele por rotina: nem mensagem, nem tarefa, nem corte, nem SPC.")
#: What a person does in the place of routine.
REQUESTS: dict[str, Request] = {
    MarkKind.DECEASED: Request(
        N_("Cliente falecido: tratar a dívida com o espólio"), STOPPED,
        N_("A dívida fica parada até alguém falar com o inventariante ou baixá-la."),
    ),
    MarkKind.FRAUD: Request(
        N_("Fraude: apurar e cancelar o que não é do cliente"), STOPPED,
        N_("Faturas que não são do cliente continuam em aberto em nome dele."), priority=1,
    ),
    MarkKind.IN_COURT: Request(
        N_("Recuperação judicial ou falência: habilitar o crédito"), STOPPED,
        N_("Passado o prazo do edital, o crédito só entra como retardatário."), priority=1,
    ),
}  # fmt: skip


async def mark_customer(
    session: AsyncSession, customer_id: int, kind: MarkKind, *, reason: str, deed: Deed
) -> CustomerMark:
    """This will mark a customer: what chases stands still where the mark says so, and one task
    asks a manager for what a person does instead.

    Refuses CustomerNotFound, MarkReasonRequired, CustomerAlreadyMarked.
    """
    await lock_customer(session, customer_id)
    present = {each.kind for each in await marks_of(session, customer_id)}
    check_mark(kind, reason=reason, present=present)
    mark = CustomerMark(
        customer_id=customer_id, kind=kind, since=local_date(deed.at), reason=reason.strip(),
        at=deed.at, by=deed.by,
    )  # fmt: skip
    session.add(mark)
    await session.flush()
    await _tell(session, mark, "customer_marked", deed)
    record(session, deed, "customer.mark", subject=f"customer/{customer_id}", kind=kind,
           reason=mark.reason)  # fmt: skip
    return mark


async def unmark_customer(
    session: AsyncSession, mark_id: int, *, deed: Deed, customer_id: int | None = None
) -> CustomerMark:
    """This will take a mark back: what stood still goes on, later by the days between.

    Refuses CustomerMarkNotFound, also if it is not of the customer who was named, and
    CustomerMarkAlreadyDone.
    """
    mark = await lock_mark(session, mark_id)
    if customer_id is not None and mark.customer_id != customer_id:
        raise CustomerMarkNotFound
    if mark.until is not None:
        raise CustomerMarkAlreadyDone
    mark.until, mark.ended_at, mark.ended_by = local_date(deed.at), deed.at, deed.by
    session.add(mark)
    await session.flush()
    await _tell(session, mark, "customer_unmarked", deed)
    record(session, deed, "customer.unmark", subject=f"customer/{mark.customer_id}",
           kind=mark.kind)  # fmt: skip
    return mark


async def _tell(session: AsyncSession, mark: CustomerMark, kind: str, deed: Deed) -> None:
    """The ladder and the bureau's records look again, and the account's history tells it."""
    news_id = f"{kind}/{mark.id}"
    await look_again_at(session, mark.customer_id)
    await tell_records_of_customer(session, mark.customer_id, news_id=news_id, at=deed.at)
    await refresh_worklist(session, [mark.customer_id])
    await _tell_agreements(session, mark.customer_id, news_id=news_id, at=deed.at)
    case = await cases.case_of(session, process=Process.COLLECTIONS, subject_id=mark.customer_id)
    if case is None:
        return
    cases.record_event(
        session, case, kind=kind, by=deed.by, at=deed.at, mark=mark.kind, note=mark.reason
    )
    outbox.tell_case(session, case, news_id=news_id, at=deed.at)
    if mark.kind in REQUESTS and case.closed_at is None:
        await _ask(session, case, mark, deed)


async def _tell_agreements(
    session: AsyncSession, customer_id: int, *, news_id: str, at: datetime
) -> None:
    """Reminders, checks and ends of agreements stand still, or go on."""
    theirs = select(Case).where(
        Case.process == Process.AGREEMENTS, Case.customer_id == customer_id,
        col(Case.closed_at).is_(None),
    )  # fmt: skip
    told = (await session.exec(theirs)).all()
    await outbox.tell_cases(session, told, news_id=news_id, at=at)


async def _ask(session: AsyncSession, case: Case, mark: CustomerMark, deed: Deed) -> None:
    """A person is to do what routine no longer does; once the mark is gone, nobody is."""
    kind = TASKS[mark.kind]
    if mark.until is not None:
        await withdraw_tasks(
            session, for_case_id=case.number, kinds=(kind,), at=deed.at,
            reason=N_("A marca do cliente foi retirada."),
        )  # fmt: skip
        return
    policy = await load_policy(session, CollectionsPolicy())
    due_at = closing(
        deed.at, business_days=policy.task_due_business_days,
        calendar=await load_calendar(session),
    )  # fmt: skip
    await ask_manager(
        session, case, kind, REQUESTS[mark.kind], due_at=due_at, at=deed.at, key=str(mark.id)
    )
