"""Adoption: invoices that another system was working on are taken over at the stage they are in.

The clocks of their journeys begin at the instant of the take-over, which the case's history keeps
as "adopted": so nobody gets the messages and reminders of the months before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.collection_steps import team_with_code
from models import cases, imports, outbox
from models.cases import Case
from models.collections import CollectionAccount
from models.invoices import InvoiceEvent
from models.policies import load_policy
from rules.cases import Process
from rules.collection_stages import CollectionStage
from rules.collections import WORKED_STAGES, AccountEvent, CollectionsPolicy

Invoices = Sequence[Mapping[str, Any]]


async def adopt(session: AsyncSession, invoices: Invoices, *, by: str, at: datetime) -> None:
    """This will open the cases of these invoices' customers at their stage, and start them.

    A case that is open already is told to look again; an account is opened where they negotiate
    or have agreed.
    """
    if not invoices:
        return
    by_customer: dict[int, list[Mapping[str, Any]]] = {}
    for invoice in invoices:
        by_customer.setdefault(invoice["customer_id"], []).append(invoice)
    await imports.insert_rows(session, InvoiceEvent, _events(invoices, by=by, at=at))
    await _open_accounts(session, by_customer, by=by)
    known = await _cases_of(session, by_customer)
    policy = await load_policy(session, CollectionsPolicy())
    team = await team_with_code(session, policy.team)
    team_id = team.id if team else None
    opened = await _opened(
        session, {key: theirs for key, theirs in by_customer.items() if key not in known},
        by=by, at=at,
    )  # fmt: skip
    for case in known.values():
        if case.closed_at is not None:
            stage, _ = _stage_of(by_customer[case.subject_id])
            cases.reopen(session, case, stage, by=by, at=at)
    for case in (*known.values(), *opened):
        case.team_id = case.team_id or team_id
        _tell(session, case, by_customer[case.subject_id], by=by, at=at)


def _tell(session: AsyncSession, case: Case, invoices: Invoices, *, by: str, at: datetime) -> None:
    """The journey is started with news, so that it plans its next step from the rows."""
    cases.record_event(
        session, case, kind=AccountEvent.ADOPTED, by=by, at=at, invoices=len(invoices),
        since=min(i["stage_since"] for i in invoices).isoformat(),
    )  # fmt: skip
    outbox.tell_case(session, case, news_id=f"adopted/{case.id}/{at.isoformat()}", at=at)


async def _opened(
    session: AsyncSession,
    by_customer: Mapping[int, Invoices],
    *,
    by: str,
    at: datetime,
) -> list[Case]:
    """All at once: a page brings thousands, and each would be a statement of its own."""
    opened = []
    for customer_id, theirs in by_customer.items():
        stage, since = _stage_of(theirs)
        opened.append(
            Case(
                process=Process.COLLECTIONS, subject_id=customer_id, customer_id=customer_id,
                stage=stage, stage_since=since, opened_at=at,
            )
        )  # fmt: skip
    session.add_all(opened)
    await session.flush()
    for case in opened:
        cases.record_event(session, case, kind="opened", by=by, at=at, stage=case.stage)
    return opened


def _stage_of(invoices: Invoices) -> tuple[str, datetime]:
    """Where the account stands by these invoices, and since when the oldest of them is there."""
    since = _since(invoices)
    return next(stage for stage in WORKED_STAGES if stage in since), min(since.values())


def _since(invoices: Invoices) -> dict[str, datetime]:
    since: dict[str, datetime] = {}
    for invoice in invoices:
        stage, begun = str(invoice["collection_stage"]), invoice["stage_since"]
        since[stage] = min(begun, since.get(stage, begun))
    return since


def _events(invoices: Invoices, *, by: str, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "invoice_id": invoice["id"], "at": at, "by": by, "kind": "adopted",
            "parameters": {
                "stage": str(invoice["collection_stage"]),
                "since": invoice["stage_since"].isoformat(),
            },
        }
        for invoice in invoices
    ]  # fmt: skip


async def _open_accounts(
    session: AsyncSession,
    by_customer: Mapping[int, Iterable[Mapping[str, Any]]],
    *,
    by: str,
) -> None:
    since = {
        customer_id: min((i["stage_since"] for i in theirs if _is_on_account(i)), default=None)
        for customer_id, theirs in by_customer.items()
    }
    talking = [customer_id for customer_id, begun in since.items() if begun]
    have = set(
        await session.exec(
            select(CollectionAccount.customer_id).where(
                col(CollectionAccount.customer_id).in_(talking)
            )
        )
    )
    rows = [
        {"customer_id": each, "opened_at": since[each], "opened_by": by, "last_contact_at": None}
        for each in talking
        if each not in have
    ]
    await imports.insert_rows(session, CollectionAccount, rows)


#: The stages that an invoice reaches only on a collection account.
ON_ACCOUNT = (CollectionStage.NEGOTIATING, CollectionStage.IN_AGREEMENT, CollectionStage.BROKEN)


def _is_on_account(invoice: Mapping[str, Any]) -> bool:
    return invoice["collection_stage"] in ON_ACCOUNT


async def _cases_of(session: AsyncSession, customer_ids: Iterable[int]) -> dict[int, Case]:
    statement = select(Case).where(
        Case.process == Process.COLLECTIONS, col(Case.subject_id).in_(list(customer_ids))
    )
    return {case.subject_id: case for case in await session.exec(statement)}
