"""Message templates: what there is, and an editor that tries a text before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import message_values as values
from activities import templates
from activities.templates import MessageNotRendered, Rendered, template_for
from api import language, message_values
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.messages import TABS
from api.rendering import page, redirect
from models import message_templates
from models.colleagues import names_by_login
from models.message_templates import MessageTemplate
from models.people import Deed, record
from models.search import find_customers
from rules import message_templates as rules
from rules.message_purposes.entries import Purpose
from rules.message_templates import PurposeUnknown
from rules.messages import Channel
from rules.sms import measure

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("messages:see")]
Edit = Annotated[Principal, need("registries:edit")]

PATH = "/mensagens/modelos/{code}/{channel}"


class TemplateInput(Input):
    """A template as it is typed; an SMS has a text alone."""

    subject: str = Field("", max_length=300)
    text: str = Field(max_length=20_000)
    html: str = Field("", max_length=60_000)
    customer: str = Field("", max_length=60)
    preview: str = ""


@router.get("/mensagens/modelos")
async def list_templates(request: Request, by: See, session: ReadSession) -> Response:
    """Every purpose with its channels; one without a stored version is used as shipped."""
    newest = await message_templates.newest_of_all(session)
    stored = {(each.code, each.channel): each for each in newest}
    rows = [
        {"purpose": gettext(purpose.label), "code": purpose.code, "channel": channel,
         "channel_label": message_values.channel(channel),
         "stored": stored.get((purpose.code, channel))}
        for purpose in rules.PURPOSES for channel in purpose.channels
    ]  # fmt: skip
    rows += [
        {"purpose": each.name, "code": each.code, "channel": each.channel,
         "channel_label": message_values.channel(each.channel), "stored": each}
        for each in newest if rules.is_own(each.code)
    ]  # fmt: skip
    return page(
        request,
        "pages/messages/templates.html",
        rows=rows,
        tabs=TABS,
        people=await names_by_login(session),
    )


@router.get(PATH)
async def template_page(
    request: Request, by: See, session: ReadSession, now: Now, code: str, channel: str
) -> Response:
    """The editor with the version in use, or with the older one of `?versao=`."""
    purpose = purpose_with(code, channel)
    template = await in_use(session, purpose, channel, request.query_params.get("versao"))
    form = blank(TemplateInput, subject=template.subject, text=template.text, html=template.html)
    return await _editor(request, session, form, template, by=by, now=now)


@router.post(PATH)
async def save(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, code: str, channel: str
) -> Response:
    """Make the next version, or with the button "preview" only show it."""
    purpose = purpose_with(code, channel)
    form = await submitted(request, TemplateInput)
    async with database.read() as session:
        before = await in_use(session, purpose, channel)
    typed = next_version(before, form.raw)
    if form.value:
        with form.refusals():
            templates.check_template(typed)
            if not form.value.preview:
                async with database.write() as session:
                    await save_version(session, typed, deed=by.deed(at=now, ip=ip))
                return redirect(
                    request, request.url.path, N_("Versão %(version)s salva e em uso."),
                    version=typed.version,
                )  # fmt: skip
    async with database.read() as session:
        return await _editor(request, session, form, typed, by=by, now=now)


@router.post(PATH + "/uso")
async def switch(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, code: str, channel: str
) -> Response:
    """Have messages of this kind made or not."""
    is_active = (await request.form()).get("is_active") == "1"
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        await set_use(session, code, channel, is_active=is_active, deed=deed)
    told = N_("Modelo ligado.") if is_active else N_("Modelo desligado: nada será enviado com ele.")
    return redirect(request, f"/mensagens/modelos/{code}/{channel}", told)


async def save_version(session: AsyncSession, typed: MessageTemplate, *, deed: Deed) -> None:
    """This will make the next version of a template. Refuses what cannot be rendered."""
    await templates.save_template(session, typed, by=deed.by, at=deed.at)
    subject = f"template/{typed.code}/{typed.channel}"
    record(session, deed, "messages.template", subject=subject, version=typed.version)


async def set_use(
    session: AsyncSession, code: str, channel: str, *, is_active: bool, deed: Deed
) -> None:
    """This will have messages of a purpose and channel made, or not. Refuses PurposeUnknown."""
    await in_use(session, purpose_with(code, channel), channel)
    await template_for(session, code=code, channel=channel, at=deed.at)
    await message_templates.switch(session, code=code, channel=channel, is_active=is_active)
    subject = f"template/{code}/{channel}"
    record(session, deed, "messages.template", subject=subject, is_active=is_active)


def purpose_with(code: str, channel: str) -> Purpose:
    """The purpose of a code that has this channel. Refuses PurposeUnknown."""
    purpose = rules.purpose_of(code)
    if channel not in purpose.channels:
        raise PurposeUnknown(purpose=f"{code}.{channel}")
    return purpose


async def in_use(
    session: AsyncSession, purpose: Purpose, channel: str, version: str | None = None
) -> MessageTemplate:
    """The template in use, the one of a version, or what is shipped. Refuses PurposeUnknown."""
    versions = await message_templates.versions_of(session, code=purpose.code, channel=channel)
    chosen = [each for each in versions if version is None or str(each.version) == version]
    if not chosen and rules.is_own(purpose.code):
        raise PurposeUnknown(purpose=purpose.code)
    return chosen[0] if chosen else templates.shipped(purpose, channel)


def next_version(before: MessageTemplate, typed: Mapping[str, Any]) -> MessageTemplate:
    """A template as it is typed anew, of a number that saving gives."""
    kept = before.model_dump(include={"code", "channel", "name"})
    template = MessageTemplate(**kept, version=0)  # saving says the rest
    for part in ("subject", "text", "html"):
        setattr(template, part, str(typed.get(part) or "").replace("\r\n", "\n"))
    return template


async def _editor(
    request: Request,
    session: AsyncSession,
    form: Submitted[TemplateInput],
    template: MessageTemplate,
    *,
    by: Principal,
    now: datetime,
) -> Response:
    purpose = rules.purpose_of(template.code)
    versions = await message_templates.versions_of(
        session, code=template.code, channel=template.channel
    )
    preview = None if form.errors else await _preview(session, form, template, now=now)
    return page(
        request,
        "pages/messages/template.html",
        status=form.status,
        people=await names_by_login(session),
        form=form,
        template=template,
        title=gettext(purpose.label) or template.name,
        channel_label=message_values.channel(template.channel),
        is_mail=template.channel == Channel.EMAIL,
        is_sms=template.channel == Channel.SMS,
        variables=[(name, _sample(value)) for name, value in rules.variables_of(purpose)],
        versions=versions,
        is_active=versions[0].is_active if versions else True,
        preview=preview,
        size=measure(preview.text) if preview else None,
        may_edit=by.may("registries:edit"),
    )


async def _preview(
    session: AsyncSession,
    form: Submitted[TemplateInput],
    template: MessageTemplate,
    *,
    now: datetime,
) -> Rendered | None:
    """With a real customer when one is named, the purpose's own samples filling the rest."""
    sample = dict(rules.purpose_of(template.code).sample)
    wanted = str(form.raw.get("customer") or "").strip()
    if wanted:
        found = await find_customers(session, wanted)
        if not found:
            form.errors["customer"] = gettext("Nenhum cliente corresponde a isto.")
            return None
        sample |= await values.customer_values(
            session, found[0], invoice_id=None, case=None, at=now
        )
    try:
        return templates.render(template, sample)
    except MessageNotRendered:
        return None


def _sample(value: Any) -> str:
    match value:
        case str():
            return value
        case Decimal():
            return language.brl(value)
        case datetime():
            return language.moment(value)
        case date():
            return language.day(value)
        case _:
            return str(value)
