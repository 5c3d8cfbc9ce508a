"""The check-list of a task: an item is added, ticked or taken out, by page and by programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import task_items as hands
from api.dependencies import Db, Ip, Now
from api.language import N_
from api.once import NamedRequest
from api.task_actions import Act, OnTask
from api.task_values import ItemInput, TaskDetails, TickInput, task_details

router = APIRouter(tags=["tasks"])

PAGE = "/tarefas/{task_id:int}/itens"
API = "/api/tasks/{task_id}/items"


@router.post(PAGE, include_in_schema=False)
async def add_on_page(on: OnTask) -> Response:
    """Put one more item on the list."""

    async def hand(session: AsyncSession, form: ItemInput) -> None:
        await hands.add_item(session, on.task_id, form.text, on.deed)

    return await on.do("item", ItemInput, hand, N_("Item posto na lista."))


@router.post(PAGE + "/{item_id:int}", include_in_schema=False)
async def tick_on_page(on: OnTask, item_id: int, feito: Annotated[int, Form()]) -> Response:
    """Say that an item is done, or is not."""
    async with on.database.write() as session:
        await hands.tick_item(session, on.task_id, item_id, on.deed, is_done=bool(feito))
    return on.back("")


@router.post(PAGE + "/{item_id:int}/retirada", include_in_schema=False)
async def take_out_on_page(on: OnTask, item_id: int) -> Response:
    """Take an item out of the list."""
    async with on.database.write() as session:
        await hands.take_out(session, on.task_id, item_id, on.deed)
    return on.back(N_("Item tirado da lista."))


@router.post(API, status_code=201)
async def add_item(
    task_id: int, asked: ItemInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> TaskDetails:
    """Put an item at the end of an open task's check-list."""
    deed = by.deed(at=now, ip=ip)

    async def add(session: AsyncSession) -> dict[str, Any]:
        await hands.add_item(session, task_id, asked.text, deed)
        return (await task_details(session, task_id, by=by)).model_dump()

    return TaskDetails.model_validate(await once.do(database, deed, add))


@router.put(API + "/{item_id}")
async def tick_item(
    task_id: int, item_id: int, asked: TickInput, by: Act, database: Db, now: Now, ip: Ip
) -> TaskDetails:
    """Say whether an item is done. A task is not concluded as done while one is not."""
    deed = by.deed(at=now, ip=ip)
    async with database.write() as session:
        await hands.tick_item(session, task_id, item_id, deed, is_done=asked.is_done)
        return await task_details(session, task_id, by=by)


@router.delete(API + "/{item_id}", status_code=204)
async def take_out(task_id: int, item_id: int, by: Act, database: Db, now: Now, ip: Ip) -> None:
    """Take an item out of the list."""
    async with database.write() as session:
        await hands.take_out(session, task_id, item_id, by.deed(at=now, ip=ip))
