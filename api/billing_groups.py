"""The billing groups of a customer: which contracts stand together on one invoice."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.billing_groups import make_group, put_in_use
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.once import NamedRequest
from api.rendering import page, redirect
from models.billing_groups import (
    contracts_in_groups,
    due_days_of,
    groups_of,
    groups_of_several_ladders,
)
from models.customers import read_customer
from models.plans import BillingGroup, DueDayRule
from models.registry_rows import choices_of

router = APIRouter(tags=["contracts"])

Sees = Annotated[Principal, need("contracts:see")]
Acts = Annotated[Principal, need("contracts:see", "contracts:act")]
PATH = "/clientes/{customer_id:int}/agrupadores"


class GroupInput(Input):
    """A group; without a due-day rule, each contract's own decides."""

    name: str = Field(default="", max_length=120)
    due_day_rule_id: int | None = None


class UseInput(Input):
    """Whether a group is in use."""

    is_active: bool = False


class GroupView(BaseModel):
    """A group as programs read it, with the codes of the contracts that it bills."""

    id: int
    code: str
    name: str
    due_day_rule_id: int | None
    is_active: bool
    contracts: list[str] = []


@router.get(PATH, include_in_schema=False)
async def groups_page(
    request: Request, customer_id: int, by: Sees, session: ReadSession
) -> Response:
    """A customer's groups, and the form of another."""
    return await _page(request, session, customer_id, by, blank(GroupInput))


@router.post(PATH, include_in_schema=False)
async def make_by_page(
    request: Request, customer_id: int, by: Acts, database: Db, now: Now, ip: Ip
) -> Response:
    """Makes a group."""
    form = await submitted(request, GroupInput)
    if form.value:
        with form.refusals():
            asked, deed = form.value, by.deed(at=now, ip=ip)
            async with database.write() as session:
                await make_group(
                    session, customer_id, asked.name, due_day_rule_id=asked.due_day_rule_id,
                    deed=deed,
                )  # fmt: skip
            return redirect(request, request.url.path, N_("Agrupador criado."))
    async with database.read() as session:
        return await _page(request, session, customer_id, by, form)


@router.post(PATH + "/{group_id:int}/uso", include_in_schema=False)
async def use_by_page(
    request: Request, customer_id: int, group_id: int, by: Acts, database: Db, now: Now, ip: Ip
) -> Response:
    """Takes a group out of use, or back."""
    form = await submitted(request, UseInput)
    if form.value:
        with form.refusals():
            is_active = form.value.is_active
            async with database.write() as session:
                await put_in_use(
                    session, customer_id, group_id, is_active=is_active, deed=by.deed(at=now, ip=ip)
                )
            back = f"/clientes/{customer_id}/agrupadores"
            said = N_("Agrupador em uso.") if is_active else N_("Agrupador desativado.")
            return redirect(request, back, said)
    async with database.read() as session:
        shown = blank(GroupInput)
        shown.errors, shown.status = form.errors, form.status
        return await _page(request, session, customer_id, by, shown)


@router.get("/api/customers/{customer_id}/billing-groups")
async def list_groups(customer_id: int, _by: Sees, session: ReadSession) -> list[GroupView]:
    """A customer's groups, with the contracts in force that each bills."""
    await read_customer(session, customer_id)
    billed = await contracts_in_groups(session, customer_id)
    return [
        _view(group, [each.code for each in billed.get(group.id or 0, [])])
        for group in await groups_of(session, customer_id)
    ]


@router.post("/api/customers/{customer_id}/billing-groups", status_code=201)
async def make(
    customer_id: int, body: GroupInput, by: Acts, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> dict[str, Any]:  # fmt: skip
    """Makes a group for a customer's contracts."""
    deed = by.deed(at=now, ip=ip)

    async def write(session: AsyncSession) -> dict[str, Any]:
        group = await make_group(
            session, customer_id, body.name, due_day_rule_id=body.due_day_rule_id, deed=deed
        )
        return _view(group, []).model_dump(mode="json")

    return await once.do(database, deed, write)


@router.put("/api/customers/{customer_id}/billing-groups/{group_id}/use")
async def use(
    customer_id: int, group_id: int, body: UseInput, by: Acts, database: Db, now: Now, ip: Ip
) -> GroupView:
    """Takes a group out of use, or back; refused while it bills contracts."""
    async with database.write() as session:
        group = await put_in_use(
            session, customer_id, group_id, is_active=body.is_active, deed=by.deed(at=now, ip=ip)
        )
        billed = await contracts_in_groups(session, customer_id)
        return _view(group, [each.code for each in billed.get(group_id, [])])


def _view(group: BillingGroup, contracts: list[str]) -> GroupView:
    return GroupView.model_validate({**group.model_dump(), "contracts": contracts})


async def _page(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    by: Principal,
    form: Submitted[GroupInput],
) -> Response:
    rules = await choices_of(session, DueDayRule)
    return page(
        request, "pages/customers/billing_groups.html", status=form.status, form=form,
        customer=await read_customer(session, customer_id),
        groups=await groups_of(session, customer_id),
        billed=await contracts_in_groups(session, customer_id),
        due_days=await due_days_of(session, customer_id),
        mixed=await groups_of_several_ladders(session, customer_id),
        rules=[(str(key), name) for key, name in rules], may_act=by.may("contracts:act"),
    )  # fmt: skip
