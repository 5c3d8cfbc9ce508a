"""Agreements taken over from another system: rows as ours have them, and journeys from now on.

What happened there stands in the histories with its own dates. Nothing of it is said again: the
reminders until today are left out, and of one that is broken already nobody is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.adoption import adopt
from activities.agreement_rows import (
    Adopted,
    lines_of_invoices,
    links_of,
    moved_invoices,
    row_of,
    take_over,
    taken_over,
)
from activities.import_pages import PageContext, tell_journeys
from activities.promises import let_promises_go
from models import imports, outbox
from models.agreements import Agreement, AgreementInvoice
from models.cases import Case, CaseEvent
from models.invoices import Invoice, InvoiceEvent
from models.promises import customers_who_promised
from models.rows import AT_ONCE
from models.standings import refresh_standings
from rules.agreements import AgreementPolicy
from rules.cases import Process
from rules.collections import AccountEvent
from rules.import_agreements import Brought


async def adopt_agreements(
    session: AsyncSession,
    new: Sequence[tuple[str, Brought]],
    policy: AgreementPolicy,
    page: PageContext,
) -> None:
    """This will write agreements with their invoices, histories and cases, and start them."""
    if not new:
        return
    adopted = [take_over(code, brought, policy, page) for code, brought in new]
    await imports.insert_rows(session, Agreement, [row_of(each, page) for each in adopted])
    known = await imports.existing(session, Agreement, [each.code for each in adopted])
    ids = {code: int(row["id"]) for code, row in known.items()}
    links = [link for each in adopted for link in links_of(each, ids[each.code])]
    await imports.insert_rows(session, AgreementInvoice, links)
    changes = {key: row for each in adopted for key, row in moved_invoices(each, ids, policy)}
    await imports.update_rows(session, Invoice, changes)
    events = [event for each in adopted for event in lines_of_invoices(each, ids[each.code])]
    await imports.insert_rows(session, InvoiceEvent, events)
    await adopt(session, taken_over(adopted), by=page.by, at=page.at)
    await _open_cases(session, adopted, ids, policy, page)
    await _let_promises_go(session, adopted, page)
    named = [i for each in adopted for i in (*each.kept_by, *each.originals)]
    await tell_journeys(session, [i for i in named if i["bureau_stage"]], page)
    await refresh_standings(session, {invoice["customer_id"] for invoice in named})


async def change_agreements(
    session: AsyncSession, changes: Mapping[int, Mapping[str, Any]], page: PageContext
) -> None:
    """This will change known agreements, and have their journeys plan anew."""
    if not changes:
        return
    await imports.update_rows(session, Agreement, changes)
    cases = await _cases(session, Process.AGREEMENTS, list(changes))
    events = [
        _event(case, page.at, page.by, "imported", {k: str(v) for k, v in changed.items()})
        for key, changed in changes.items()
        for case in [cases[key]]
    ]
    await imports.insert_rows(session, CaseEvent, events)
    await outbox.tell_cases(session, list(cases.values()), news_id=page.news_id, at=page.at)


async def _open_cases(
    session: AsyncSession,
    adopted: Sequence[Adopted],
    ids: Mapping[str, int],
    policy: AgreementPolicy,
    page: PageContext,
) -> None:
    """The agreements' own cases; their journeys plan what comes next from the rows."""
    customers = {each.brought.told["customer_id"] for each in adopted}
    accounts = await _cases(session, Process.COLLECTIONS, sorted(customers))
    rows = [_case(each, ids[each.code], accounts, policy, page) for each in adopted]
    await imports.insert_rows(session, Case, rows)
    cases = await _cases(session, Process.AGREEMENTS, sorted(ids.values()))
    events = []
    for each in adopted:
        own, account = cases[ids[each.code]], accounts[each.brought.told["customer_id"]]
        count = {"invoices": len(each.kept_by), "code": each.code}
        events += [
            _event(own, page.at, page.by, "opened", {"stage": str(each.status)}),
            _event(own, page.at, page.by, AccountEvent.ADOPTED, count),
            _event(account, page.at, page.by, "agreement_adopted", _told_of(each, ids[each.code])),
        ]
    await imports.insert_rows(session, CaseEvent, events)
    news_id = f"{page.news_id}/agreements"
    await outbox.tell_cases(session, list(cases.values()), news_id=news_id, at=page.at)


def _told_of(adopted: Adopted, agreement_id: int) -> dict[str, Any]:
    return {
        "agreement_id": agreement_id, "code": adopted.code,
        "agreement_kind": adopted.brought.told["kind"], "total": str(adopted.brought.total),
        "tolerance_date": adopted.brought.told["tolerance_date"].isoformat(),
    }  # fmt: skip


def _case(
    adopted: Adopted,
    agreement_id: int,
    accounts: Mapping[int, Case],
    policy: AgreementPolicy,
    page: PageContext,
) -> dict[str, Any]:
    told = adopted.brought.told
    case = Case(
        process=Process.AGREEMENTS, subject_id=agreement_id, customer_id=told["customer_id"],
        stage=adopted.status, stage_since=adopted.since, opened_at=page.at,
        owner=told.get("made_by") or None, team_id=accounts[told["customer_id"]].team_id,
        due_at=policy.instant_on(told["tolerance_date"]), breached_at=adopted.broken_at,
    )  # fmt: skip
    return case.model_dump(exclude={"id"})


def _event(
    case: Case, at: datetime, by: str, kind: str, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    return {"case_id": case.number, "at": at, "by": by, "kind": kind, "parameters": parameters}


async def _cases(
    session: AsyncSession, process: Process, subjects: Sequence[int]
) -> dict[int, Case]:
    found: dict[int, Case] = {}
    for start in range(0, len(subjects), AT_ONCE):
        statement = select(Case).where(
            Case.process == process, col(Case.subject_id).in_(subjects[start : start + AT_ONCE])
        )
        found |= {case.subject_id: case for case in await session.exec(statement)}
    return found


async def _let_promises_go(
    session: AsyncSession, adopted: Sequence[Adopted], page: PageContext
) -> None:
    """An agreement is the customer's newer word on its invoices."""
    named: dict[int, list[int]] = {}
    for each in adopted:
        ids = [i["id"] for i in (*each.kept_by, *each.originals)]
        named.setdefault(each.brought.told["customer_id"], []).extend(ids)
    for customer_id in await customers_who_promised(session, sorted(named)):
        await let_promises_go(session, customer_id, named[customer_id], by=page.by, at=page.at)
