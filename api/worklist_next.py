"""Handing the next account of the worklist out, to one person at a time. Page and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.worklist import MOST_TRIED, give_back, take_next
from api import keyset
from api.account_frame import SeesAccounts
from api.dependencies import Db, Ip, Now, Today
from api.language import N_
from api.panels import ROOT
from api.rendering import redirect
from api.worklist import PATH, WORKLIST, NextInput, sought_by
from api.worklist_rows import as_json, shown_to
from models.observed_chances import chances_of
from models.people import Deed
from models.policies import load_policy
from models.worklist import Sought, looked_up, select_worklist
from models.worklist_kept import worklist_amounts
from rules.worklist import WorklistPolicy

router = APIRouter(tags=["collections"])


@router.post(PATH + "/proxima", include_in_schema=False)
async def next_account(
    request: Request, by: SeesAccounts, database: Db, today: Today, now: Now, ip: Ip
) -> Response:
    """Opens the account to work next, nobody else's meanwhile; the filter of the list holds."""
    view = WORKLIST.view(request)
    view.check()
    sought, deed = sought_by(view, today=today), by.deed(at=now, ip=ip)
    async with database.write() as session:
        taken = await _take_next(session, sought, sort=view.sort, deed=deed, today=today)
    if taken is None:
        return redirect(request, PATH, N_("Ninguém a procurar agora."))
    return RedirectResponse(f"{ROOT}/contas/{taken['id']}/comentarios", 303)


@router.post(PATH + "/devolucao", include_in_schema=False)
async def give_back_on_page(
    request: Request, by: SeesAccounts, database: Db, now: Now, ip: Ip
) -> Response:
    """Lets somebody else have the account."""
    async with database.write() as session:
        await give_back(session, deed=by.deed(at=now, ip=ip))
    return redirect(request, PATH, N_("A conta voltou à fila."))


@router.post("/api/collections/worklist/next")
async def take_account(
    by: SeesAccounts, database: Db, today: Today, now: Now, ip: Ip, asked: NextInput
) -> dict[str, Any]:
    """The account to work next, nobody else's until `held_until`; null when there is none."""
    sought, deed = asked.sought(), by.deed(at=now, ip=ip)
    sort = WORKLIST.sort_key(WORKLIST.default_sort)
    async with database.write() as session:
        taken = await _take_next(session, sought, sort=sort, deed=deed, today=today)
        if taken is None:
            return {"account": None}
        shown = await shown_to(session, by, today)
        held = {**taken, "held_by": by.login}
        return {"account": as_json(held, shown)}


@router.post("/api/collections/worklist/release")
async def release_account(by: SeesAccounts, database: Db, now: Now, ip: Ip) -> dict[str, int]:
    """Lets somebody else have what was handed out; gives how many accounts that were."""
    async with database.write() as session:
        return {"released": await give_back(session, deed=by.deed(at=now, ip=ip))}


async def _take_next(
    session: AsyncSession, sought: Sought, *, sort: keyset.SortKey, deed: Deed, today: date
) -> Mapping[str, Any] | None:
    chances = await chances_of(session, await load_policy(session, WorklistPolicy()))
    owed = (await worklist_amounts(session, chances.policy, today=today)).owed
    mine = replace(await looked_up(session, owed, sought), nobodys_or=deed.by)
    statement = select_worklist(owed, mine, today=today, now=deed.at)
    ordered = keyset.keyset(statement, sort=sort, cursor=None, limit=MOST_TRIED)
    return await take_next(session, ordered, deed=deed)
