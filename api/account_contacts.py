"""Comments and contacts of a collection account: tab 4, and the same as JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contacts import LoggedContact
from activities.contacts import log_contact as log_and_act
from api.account_frame import PATH, SeesAccounts, WorksAccounts, tab
from api.account_tables import CONTACTS, shown_contact
from api.dependencies import Config, Db, Now, Principal, ReadSession
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.once import NamedRequest
from api.rendering import redirect
from models import account_lists, registry_rows
from models.collections import NewContact, account_of
from models.people import Deed
from models.registries import ContactCategory, ContactResult
from rules.collections import ContactKind
from rules.contact_results import ResultStep
from rules.refusals import Refusal
from settings import Settings

router = APIRouter(tags=["accounts"])

#: What is said once a contact was logged.
TOLD = {
    ResultStep.NONE: N_("Contato registrado."),
    ResultStep.TRY_AGAIN: N_("Contato registrado: há uma tarefa para ligar de novo."),
    ResultStep.SEND_LINK: N_("Contato registrado: o link foi enviado ao cliente."),
    ResultStep.TAKE_PROMISE: N_("Contato registrado: anote agora a promessa."),
    ResultStep.TAKE_CONTESTATION: N_("Contato registrado: anote agora a contestação."),
    ResultStep.CHECK_PAYMENT: N_("Contato registrado: há uma tarefa para conferir o pagamento."),
    ResultStep.MEND_CONTACT: N_("Contato registrado: há uma tarefa para achar outro telefone."),
}


class NoAccountYet(Refusal):
    message = "Este cliente ainda não tem conta de cobrança: confirme antes o processo."


class ContactInput(Input):
    """A comment or contact. All but the person are required."""

    kind: ContactKind
    channel: str = Field(min_length=1, max_length=20)
    category_id: int
    subject: str = Field(min_length=1, max_length=160)
    text: str = Field(min_length=1, max_length=4000)
    person: str = Field(default="", max_length=120)
    result_id: int | None = None


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
    request: Request, customer_id: int, by: WorksAccounts, database: Db, now: Now, settings: Config
) -> Response:
    """Logs a contact once it is confirmed, and leads to what follows from its result."""
    form = await submitted(request, ContactForm)
    if form.value:
        with form.refusals():
            if not form.value.confirmed:
                raise NotConfirmed
            async with database.write() as session:
                deed = by.deed(at=now, ip=by.ip)
                logged = await _log(session, customer_id, form.value, settings, deed)
            return redirect(request, _after(customer_id, logged), TOLD[logged.step])
    async with database.read() as session:
        return await _contacts_page(request, session, customer_id, by, form, now)


@router.post("/api/collections/customers/{customer_id}/contacts", status_code=201)
async def log_contact(
    customer_id: int,
    body: ContactInput,
    by: WorksAccounts,
    database: Db,
    now: Now,
    settings: Config,
    once: NamedRequest,
) -> dict[str, Any]:
    """Logs a contact, and has the follow-up's clock start anew; `step` is what its result led to.

    A task is made and a link sent at once; a promise or a contestation is the caller's to send.
    """
    deed = by.deed(at=now, ip=by.ip)

    async def log(session: AsyncSession) -> dict[str, Any]:
        logged = await _log(session, customer_id, body, settings, deed)
        return {"id": logged.contact_id, "step": logged.step, "task_id": logged.task_id}

    return await once.do(database, deed, log)


async def _log(
    session: AsyncSession, customer_id: int, contact: ContactInput, settings: Settings, deed: Deed
) -> LoggedContact:
    new = NewContact(**contact.model_dump(exclude={"confirmed"}))
    whose = await account_of(session, customer_id)
    if whose is None:
        raise NoAccountYet
    return await log_and_act(session, whose, new, settings=settings, deed=deed)


def _after(customer_id: int, logged: LoggedContact) -> str:
    """Where the page goes on: to what the result leads to, else back to the list."""
    account = f"/cobrancas/contas/{customer_id}"
    if logged.step is ResultStep.TAKE_PROMISE:
        return f"{account}/promessas?nova=1"
    if logged.step is ResultStep.TAKE_CONTESTATION:
        return f"/contestacoes/recebidas/nova?canal=phone&fatura={logged.invoice_code}"
    return f"{account}/comentarios"


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
        results=await registry_rows.choices_of(session, ContactResult),
        may_act=by.may("collections.account:act"),
    )  # fmt: skip
