"""Comments and contacts of a collection account: tab 4, and the same as JSON."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.account_frame import PATH, SeesAccounts, WorksAccounts, tab
from api.account_tables import CONTACTS, shown_contact
from api.dependencies import Db, Now, Principal, ReadSession
from api.forms import Submitted, blank, submitted
from api.language import N_
from api.once import NamedRequest
from api.rendering import redirect
from models import account_lists, registry_rows
from models.collections import NewContact, account_of, add_contact
from models.people import Deed, record
from models.registries import ContactCategory
from rules.collections import ContactKind
from rules.refusals import Refusal

router = APIRouter(tags=["accounts"])


class NoAccountYet(Refusal):
    message = "Este cliente ainda não tem conta de cobrança: confirme antes o processo."


class ContactInput(BaseModel):
    """A comment or contact. All but the person are required."""

    kind: ContactKind
    channel: str = Field(min_length=1, max_length=20)
    category_id: int
    subject: str = Field(min_length=1, max_length=160)
    text: str = Field(min_length=1, max_length=4000)
    person: str = Field(default="", max_length=120)


class ContactForm(ContactInput):
    """The same in the page, which asks to confirm."""

    confirmed: bool = False


class NotConfirmed(Refusal):
    message = "Marque a confirmação para gravar."
    field = "confirmed"


@router.get(PATH + "/comentarios", include_in_schema=False)
async def contacts(
    request: Request, customer_id: int, by: SeesAccounts, session: ReadSession, now: Now
) -> Response:
    """Tab 4: comments and contacts."""
    return await _contacts_page(request, session, customer_id, by, blank(ContactForm), now)


@router.post(PATH + "/comentarios", include_in_schema=False)
async def add_contact_by_page(
    request: Request, customer_id: int, by: WorksAccounts, database: Db, now: Now
) -> Response:
    """Logs a contact once it is confirmed."""
    form = await submitted(request, ContactForm)
    if form.value:
        with form.refusals():
            if not form.value.confirmed:
                raise NotConfirmed
            async with database.write() as session:
                await _log(session, customer_id, form.value, by.deed(at=now, ip=by.ip))
            path = f"/cobrancas/contas/{customer_id}/comentarios"
            return redirect(request, path, N_("Contato registrado."))
    async with database.read() as session:
        return await _contacts_page(request, session, customer_id, by, form, now)


@router.post("/api/collections/customers/{customer_id}/contacts", status_code=201)
async def log_contact(
    customer_id: int,
    body: ContactInput,
    by: WorksAccounts,
    database: Db,
    now: Now,
    once: NamedRequest,
) -> dict[str, int]:
    """Logs a contact with the customer, and has the follow-up's clock start anew."""
    deed = by.deed(at=now, ip=by.ip)

    async def log(session: AsyncSession) -> dict[str, int]:
        return {"id": await _log(session, customer_id, body, deed)}

    return await once.do(database, deed, log)


async def _log(session: AsyncSession, customer_id: int, contact: ContactInput, deed: Deed) -> int:
    new = NewContact(**contact.model_dump(exclude={"confirmed"}))
    whose = await account_of(session, customer_id)
    if whose is None:
        raise NoAccountYet
    row = await add_contact(session, whose, new, by=deed.by, at=deed.at)
    record(
        session, deed, "contact.add", subject=f"customer/{customer_id}",
        contact_id=row.id, direction=new.kind, channel=new.channel, subject_line=new.subject,
    )  # fmt: skip
    return row.id or 0


async def _contacts_page(
    request: Request,
    session: AsyncSession,
    customer_id: int,
    by: Principal,
    form: Submitted[ContactForm],
    now: Now,
) -> Response:
    return await tab(
        request, session, customer_id, CONTACTS, account_lists.select_contacts(customer_id),
        "contacts", present=shown_contact, by=by, now=now, form=form, status=form.status,
        categories=await registry_rows.choices_of(session, ContactCategory),
        may_act=by.may("collections.account:act"),
    )  # fmt: skip
