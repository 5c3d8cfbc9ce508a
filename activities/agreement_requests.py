"""Asking a second person for an agreement beyond one's limit, and what that person decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_limits import excesses_of
from activities.agreements import judge, pick_invoices
from activities.asking import present
from activities.collection_steps import team_with_code
from activities.tasks import NewTask, make_task, withdraw_tasks
from models import agreement_lists, cases
from models.agreement_rules import AgreementRequest, lock_request, waiting_request
from models.calendars import load_calendar
from models.customers import lock_in_order
from models.people import Deed, record
from models.policies import load_policy
from rules import agreement_requests as rules
from rules.agreement_terms import MakeAgreement
from rules.agreements import AgreementPolicy
from rules.business_days import local_date
from rules.cases import Process
from rules.collections import CollectionsPolicy
from rules.due import due_after
from rules.refusals import Refusal
from rules.sentences import N_

TASK_KIND = "approve_agreement"


async def ask_approval(
    session: AsyncSession,
    customer_id: int,
    command: MakeAgreement,
    *,
    form: Mapping[str, Any],
    note: str,
    deed: Deed,
) -> AgreementRequest:
    """This will keep an agreement until a second person decides, and ask the team for one.

    Refuses what would be refused anyway, what needs nobody (NothingToApprove), and a second
    request of a customer (RequestUnderWay).
    """
    policy = await load_policy(session, AgreementPolicy())
    ids = command.invoice_ids
    picked = await pick_invoices(session, customer_id=customer_id, invoice_ids=ids)
    priced = await judge(session, command, picked, policy, deed.at)
    await _check_only_one(session, customer_id)
    invoices = [each.invoice for each in picked]
    beyond = await excesses_of(session, deed.by, invoices, priced, today=local_date(deed.at))
    if not beyond:
        raise rules.NothingToApprove
    request = AgreementRequest(
        customer_id=customer_id, form=dict(form), principal=priced.quote.principal,
        total=priced.quote.total, excess={"told": [_told(each) for each in beyond]},
        note=note.strip(), asked_at=deed.at, asked_by=deed.by,
    )  # fmt: skip
    session.add(request)
    await session.flush()
    await _ask_team(session, request, deed=deed)
    await agreement_lists.drop_draft(session, customer_id=customer_id, by=deed.by)
    record(
        session, deed, "agreement_request.ask", subject=f"customer/{customer_id}",
        request=request.number, total=str(request.total),
    )  # fmt: skip
    return request


async def refuse_request(
    session: AsyncSession, request_id: int, *, reason: str, deed: Deed
) -> AgreementRequest:
    """This will refuse what was asked, with a reason. Refuses what check_decision does."""
    request = await lock_request(session, request_id)
    await check_decision(session, request, deed=deed)
    if not reason.strip():
        raise rules.RefusalReasonRequired
    request.reason = reason.strip()
    await _decide(session, request, rules.RequestStatus.REFUSED, deed=deed)
    return request


async def note_approval(
    session: AsyncSession, request_id: int, *, agreement_id: int, deed: Deed
) -> AgreementRequest:
    """This will keep that the agreement was made; the same again changes nothing."""
    request = await lock_request(session, request_id)
    if request.agreement_id != agreement_id:
        request.agreement_id = agreement_id
        await _decide(session, request, rules.RequestStatus.APPROVED, deed=deed)
    return request


async def check_decision(session: AsyncSession, request: AgreementRequest, *, deed: Deed) -> None:
    """This will refuse a second decision, one's own, and that of who stands in for the asker."""
    rules.check_decision(
        request.status, decided_by=request.decided_by, by=deed.by,
        askers=await askers_of(session, request, at=deed.at),
    )  # fmt: skip


async def askers_of(
    session: AsyncSession, request: AgreementRequest, *, at: datetime
) -> frozenset[str]:
    """Whoever asked, and who stands in for them today: none of them is a second person."""
    acts = await present(session, request.asked_by, at=at)
    return frozenset({request.asked_by, acts or request.asked_by})


async def _check_only_one(session: AsyncSession, customer_id: int) -> None:
    """Of two who ask at the same instant the second one sees what the first one wrote."""
    await lock_in_order(session, [customer_id])
    if await waiting_request(session, customer_id) is not None:
        raise rules.RequestUnderWay


def _told(beyond: Refusal) -> dict[str, Any]:
    return {"message": beyond.message, "params": dict(beyond.params)}


async def _ask_team(session: AsyncSession, request: AgreementRequest, *, deed: Deed) -> None:
    policy = await load_policy(session, CollectionsPolicy())
    calendar = await load_calendar(session)
    case = await _case(session, request)
    team = await team_with_code(session, policy.team)
    new = NewTask(
        key=f"agreement_request/{request.number}", kind=TASK_KIND, process=Process.COLLECTIONS,
        title=N_("Decidir um acordo acima do limite"),
        reason=N_("O acordo passa do limite de quem o negociou."),
        consequence=N_("O acordo não é feito enquanto ninguém decidir."),
        due_at=due_after(
            deed.at, business_days=policy.task_due_business_days, calendar=calendar
        ),
        for_case_id=case.number if case else None, customer_id=request.customer_id,
        team_id=team.id if team else None, priority=1,
    )  # fmt: skip
    await make_task(session, new, by=deed.by, at=deed.at)
    if case is not None:
        cases.record_event(
            session, case, kind="approval_asked", by=deed.by, at=deed.at, total=str(request.total)
        )


async def _decide(
    session: AsyncSession, request: AgreementRequest, status: rules.RequestStatus, *, deed: Deed
) -> None:
    request.status, request.decided_at, request.decided_by = status, deed.at, deed.by
    session.add(request)
    case = await _case(session, request)
    if case is not None:
        await withdraw_tasks(
            session,
            for_case_id=case.number,
            kinds=(TASK_KIND,),
            at=deed.at,
            reason=N_("Já decidido."),
        )
        cases.record_event(
            session, case, kind=f"approval_{status}", by=deed.by, at=deed.at,
            total=str(request.total), reason=request.reason,
        )  # fmt: skip
    record(
        session, deed, f"agreement_request.{status}", subject=f"customer/{request.customer_id}",
        request=request.number,
    )  # fmt: skip


async def _case(session: AsyncSession, request: AgreementRequest) -> cases.Case | None:
    return await cases.case_of(session, process=Process.COLLECTIONS, subject_id=request.customer_id)
