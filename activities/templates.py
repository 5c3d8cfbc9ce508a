"""Message templates: shipped as files, kept as versions, rendered in a sandbox."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import numbers
from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlmodel.ext.asyncio.session import AsyncSession

from models import message_templates
from models.message_templates import MessageTemplate
from rules import message_templates as rules
from rules.business_days import local_time
from rules.message_purposes.entries import Purpose
from rules.message_templates import PURPOSES, TemplateEmpty, TemplateNotValid
from rules.messages import Channel
from rules.sms_text import sms_text

FOLDER = Path(__file__).parent.parent / "templates" / "messages"
SHIPPED_BY = "system"


@dataclass(frozen=True)
class Rendered:
    """A message's text as it will be sent."""

    subject: str
    text: str
    html: str


class MessageNotRendered(Exception):  # noqa: N818 - says what happened
    """A template and its values do not fit; the message fails, the step that asked goes on."""


def render(template: MessageTemplate, values: Mapping[str, Any]) -> Rendered:
    """This will fill a template in. Raises MessageNotRendered when the values do not fit it."""
    text = _filled(PLAIN, template.text, values, "text").strip()
    if template.channel == Channel.SMS:
        return Rendered("", sms_text(text), "")
    subject = " ".join(_filled(PLAIN, template.subject, values, "subject").split())
    html = _filled(MARKED_UP, template.html, values, "html") if template.html.strip() else ""
    return Rendered(subject[:300], text, html)


def check_template(template: MessageTemplate) -> Rendered:
    """This will try a template with its purpose's sample, before it is saved.

    Refuses PurposeUnknown, TemplateEmpty, TemplateNotValid, SupplierNotNamed and NoticeIncomplete,
    each with the field at fault.
    """
    purpose = rules.purpose_of(template.code)
    channel = Channel(template.channel)
    for field in ("subject", "text") if channel.has_subject else ("text",):
        if not getattr(template, field).strip():
            raise TemplateEmpty(field=field)
    for field in ("subject", "text", "html"):
        environment = MARKED_UP if field == "html" else PLAIN
        try:
            _filled(environment, getattr(template, field), purpose.sample, field)
        except MessageNotRendered as error:
            raise _refusal(error.__cause__, field) from error
    rendered = render(template, purpose.sample)
    _check_law(rendered, purpose, channel)
    return rendered


def _check_law(rendered: Rendered, purpose: Purpose, channel: Channel) -> None:
    """Who collects, and what a notice must say, stand in every part that may be read alone."""
    wanted = {
        name: TOLD.get(type(value), str)(value) for name, value in rules.wanted_of(purpose).items()
    }
    for field in ("text", "html"):
        said = getattr(rendered, field)
        if said and rules.is_collection_document(purpose, channel):
            rules.check_supplier(said, purpose, field=field)
        if said:
            rules.check_notice(said, wanted, field=field)


def _refusal(error: BaseException | None, field: str) -> TemplateNotValid:
    """What is wrong with a template, as far as it can be said in words of ours."""
    match error:
        case SecurityError():
            return rules.TemplateUnsafe(field=field, problem=f"{error}")
        case UndefinedError():
            return rules.TemplateVariableUnknown(field=field, name=_name_in(error))
        case TemplateNotFound():
            return rules.TemplatePartUnknown(field=field, name=f"{error.name}")
        case TemplateSyntaxError():
            return rules.TemplateMiswritten(field=field, line=error.lineno, problem=f"{error}")
    return TemplateNotValid(field=field, problem=f"{error}")


def _name_in(error: UndefinedError) -> str:
    """The name that is not there; Jinja tells it in a sentence, the last word between quotes."""
    names: list[str] = re.findall(r"'([^']*)'", f"{error}")
    return names[-1] if names else f"{error}"


async def save_template(
    session: AsyncSession, template: MessageTemplate, *, by: str, at: datetime
) -> MessageTemplate:
    """This will check a template and make it the next version. Refuses as `check_template` does."""
    check_template(template)
    return await message_templates.add_version(session, template, by=by, at=at)


async def template_for(
    session: AsyncSession, *, code: str, channel: str, at: datetime
) -> MessageTemplate | None:
    """The template in use; what is shipped is taken in when it is first needed.

    None when there is none for this channel. An inactive one is given too: the caller says so.
    """
    stored = await message_templates.newest(session, code=code, channel=channel)
    if stored is not None:
        return stored
    purpose = rules.purpose_of(code)
    if channel not in purpose.channels:
        return None
    return await message_templates.add_version(
        session, shipped(purpose, channel), by=SHIPPED_BY, at=at
    )


async def ensure_templates(session: AsyncSession, *, at: datetime) -> None:
    """This will take in every shipped template that the database does not have yet."""
    for purpose in PURPOSES:
        for channel in purpose.channels:
            await template_for(session, code=purpose.code, channel=channel, at=at)


def shipped(purpose: Purpose, channel: str) -> MessageTemplate:
    """The template as it comes with the program."""
    told = {"subject": channel, "text": channel}
    if channel == Channel.APP:
        told = {"subject": Channel.EMAIL, "text": Channel.SMS}
    return MessageTemplate(
        code=purpose.code,
        channel=channel,
        name=purpose.label,
        subject=_file(f"{purpose.code}.{told['subject']}.subject.txt"),
        text=_file(f"{purpose.code}.{told['text']}.txt"),
        html=_file(f"{purpose.code}.{channel}.html"),
    )  # type: ignore[call-arg]  # add_version says who saved it and when


def _file(name: str) -> str:
    path = FOLDER / name
    return path.read_text().strip() if path.exists() else ""


def _filled(
    environment: ImmutableSandboxedEnvironment, source: str, values: Mapping[str, Any], field: str
) -> str:
    try:
        return _compiled(environment, source).render(values)
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise MessageNotRendered(f"{field}: {error}") from error


@lru_cache(maxsize=256)
def _compiled(environment: ImmutableSandboxedEnvironment, source: str) -> Template:
    """Compiling takes a hundred times as long as filling in."""
    return environment.from_string(source)


@lru_cache(maxsize=4096)
def brl(amount: Decimal) -> str:
    """R$ 1.234,56; messages speak Portuguese whoever sends them."""
    return numbers.format_currency(amount, "BRL", locale="pt_BR")


def day(value: date) -> str:
    """27/10/2026."""
    return value.strftime("%d/%m/%Y")


def moment(value: datetime) -> str:
    """27/10/2026 09:30, in Brasília."""
    return local_time(value).strftime("%d/%m/%Y %H:%M")


#: How letters tell what is no word; the rest as it is.
TOLD: Mapping[type, Callable[[Any], str]] = {Decimal: brl, date: day}
#: Nobody's letter counts in greater ones.
MOST_POWER = 9


class _Sandbox(ImmutableSandboxedEnvironment):
    """Where a template can make nothing long out of something short: one process serves everybody,
    and it would stand still, or run out of memory, for one template that is tried."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Numbers are multiplied, within reason; words and lists are not."""
        numbers_alone = all(isinstance(each, int | float | Decimal) for each in (left, right))
        if not numbers_alone or (operator == "**" and right > MOST_POWER):
            raise SecurityError(f"{operator}")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a letter is about is found by its name at once, without a miss for each name."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """In one dictionary, which is copied for every letter; nothing is added to ours later."""
        return {**self.globals, **(d or {})}


def _environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    environment = _Sandbox(
        loader=FileSystemLoader(FOLDER / "shared"),
        undefined=StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # what is shipped does not change while we run
    )
    environment.filters.update({"brl": brl, "day": day, "moment": moment})
    for name in ("range", "lipsum"):  # loops go over what a letter is about, and nothing else
        del environment.globals[name]
    for name in ("center", "format", "indent"):
        del environment.filters[name]
    return environment


PLAIN = _environment(autoescape=False)
MARKED_UP = _environment(autoescape=True)
