"""Templates of the house: what an operator wrote, kept to write with it again."""

from __future__ import annotations

from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.message_values import customer_values
from activities.templates import Rendered, render, save_template
from models.customers import Customer
from models.message_templates import MessageTemplate, newest, own_templates
from models.people import Deed, record
from rules.message_templates import (
    OWN,
    PurposeUnknown,
    TemplateNameRequired,
    TemplateNameTaken,
    is_own,
)


async def save_own(
    session: AsyncSession, *, name: str, channel: str, subject: str, text: str, deed: Deed
) -> MessageTemplate:
    """This will keep a subject and a text under a name, checked as every template is.

    Refuses no name (TemplateNameRequired), one in use (TemplateNameTaken), and what is no template.
    """
    name = " ".join(name.split())
    if not name:
        raise TemplateNameRequired
    known = await own_templates(session, channel=channel)
    if any(each.name.casefold() == name.casefold() for each in known):
        raise TemplateNameTaken(name=name)
    template = MessageTemplate(
        code=f"{OWN}{uuid4().hex}", channel=channel, name=name, subject=subject,
        text=text.replace("\r\n", "\n"),
    )  # type: ignore[call-arg]  # add_version says who saved it and when  # fmt: skip
    saved = await save_template(session, template, by=deed.by, at=deed.at)
    record(
        session, deed, "messages.template", subject=f"template/{saved.code}/{channel}",
        version=saved.version, name=name,
    )  # fmt: skip
    return saved


async def filled_in(
    session: AsyncSession, code: str, customer: Customer, *, channel: str, deed: Deed
) -> Rendered:
    """This will fill a template of the house in for a customer. Refuses PurposeUnknown."""
    template = await newest(session, code=code, channel=channel) if is_own(code) else None
    if template is None:
        raise PurposeUnknown(purpose=code)
    values = await customer_values(session, customer, invoice_id=None, case=None, at=deed.at)
    return render(template, values)
