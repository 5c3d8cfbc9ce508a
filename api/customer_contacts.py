"""The people of a customer: whose mail is the customer's, and who administers its contracts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import customers as activity
from api.customers import Act, See
from api.dependencies import Db, Ip, Now, Principal, ReadSession
from api.forms import Email, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.once import NamedRequest
from api.rendering import page, redirect
from models import customers
from models.customers import CustomerContact, contacts_of, read_customer
from models.people import Deed, record

router = APIRouter(tags=["customers"])

PAGE = "/clientes/{customer_id:int}/contatos"
API = "/api/customers/{customer_id}/contacts"


class ContactInput(Input):
    """A person of a customer; an administrator may cancel and accept."""

    name: str = Field(min_length=1, max_length=160)
    email: Email
    is_administrator: bool = False


@router.get(PAGE, include_in_schema=False)
async def contacts_page(
    request: Request, customer_id: int, by: See, session: ReadSession
) -> Response:
    """The customer's people, and the form of another."""
    return await _page(request, session, customer_id, by, blank(ContactInput))


@router.post(PAGE, include_in_schema=False)
async def save_on_page(
    request: Request, customer_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Keep a person; one of that address is changed."""
    form = await submitted(request, ContactInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                await _save(session, customer_id, form.value, by.deed(at=now, ip=ip))
            path = f"/clientes/{customer_id}/contatos"
            return redirect(request, path, N_("Contato %(name)s salvo."), name=form.value.name)
    async with database.read() as session:
        return await _page(request, session, customer_id, by, form)


@router.post(PAGE + "/{contact_id:int}/remocao", include_in_schema=False)
async def remove_on_page(
    request: Request, customer_id: int, contact_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Forget a person."""
    await _remove(database, customer_id, contact_id, by.deed(at=now, ip=ip))
    return redirect(request, f"/clientes/{customer_id}/contatos", N_("Contato excluído."))


@router.post(API, status_code=201)
async def save_contact(
    customer_id: int, asked: ContactInput, by: Act, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> dict[str, Any]:  # fmt: skip
    """Keep a person; one of that address is changed."""
    deed = by.deed(at=now, ip=ip)

    async def work(session: AsyncSession) -> dict[str, Any]:
        saved = await _save(session, customer_id, asked, deed)
        return saved.model_dump(include={"id", "name", "email", "is_administrator"})

    return await once.do(database, deed, work)


@router.delete(API + "/{contact_id}", status_code=204)
async def remove_contact(
    customer_id: int, contact_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> None:
    """Forget a person."""
    await _remove(database, customer_id, contact_id, by.deed(at=now, ip=ip))


async def _save(
    session: AsyncSession, customer_id: int, asked: ContactInput, deed: Deed
) -> CustomerContact:
    contact = CustomerContact(
        customer_id=customer_id, created_at=deed.at, created_by=deed.by, **asked.model_dump()
    )
    saved = await activity.save_contact(session, contact)
    record(session, deed, "customer.save_contact", subject=f"customer/{customer_id}", id=saved.id)
    return saved


async def _remove(database: Db, customer_id: int, contact_id: int, deed: Deed) -> None:
    async with database.write() as session:
        await customers.remove_contact(session, contact_id, customer_id=customer_id)
        subject = f"customer/{customer_id}"
        record(session, deed, "customer.remove_contact", subject=subject, id=contact_id)


async def _page(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    by: Principal,
    form: Submitted[ContactInput],
) -> Response:
    return page(
        request,
        "pages/customers/contacts.html",
        status=form.status,
        form=form,
        customer=await read_customer(session, customer_id),
        contacts=await contacts_of(session, customer_id),
        may_act=by.may("customers:act"),
    )
