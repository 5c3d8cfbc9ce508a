"""Message templates for programs: what there is, the next version of one, whether it is used."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.inputs import Input
from api.message_templates import in_use, next_version, purpose_with, save_version, set_use
from models import message_templates
from models.message_templates import MessageTemplate

router = APIRouter(tags=["messages"])

Edit = Annotated[Principal, need("registries:edit")]
ONE = "/api/message-templates/{code}/{channel}"


class TextsInput(Input):
    """A template's texts; an SMS has a text alone, and an e-mail may have HTML beside it."""

    subject: str = Field("", max_length=300)
    text: str = Field(max_length=20_000)
    html: str = Field("", max_length=60_000)


class UseInput(Input):
    """Whether messages are made with a template."""

    is_active: bool


class TemplateView(BaseModel):
    """The newest version of a template, which is in use where it is active."""

    code: str
    channel: str
    name: str
    version: int
    subject: str
    text: str
    html: str
    is_active: bool


@router.get("/api/message-templates", dependencies=[need("messages:see")])
async def list_templates(session: ReadSession) -> list[TemplateView]:
    """Every template that the house keeps; one that was never needed is used as it is shipped."""
    return [_view(each) for each in await message_templates.newest_of_all(session)]


@router.put(ONE)
async def write_template(
    code: str, channel: str, asked: TextsInput, by: Edit, database: Db, now: Now, ip: Ip
) -> TemplateView:
    """Make the next version, in use from now on. Refuses what its editor refuses."""
    async with database.write() as session:
        before = await in_use(session, purpose_with(code, channel), channel)
        new = next_version(before, asked.model_dump())
        await save_version(session, new, deed=by.deed(at=now, ip=ip))
        return _view(new)


@router.put(f"{ONE}/use", status_code=204)
async def write_use(
    code: str, channel: str, asked: UseInput, by: Edit, database: Db, now: Now, ip: Ip
) -> None:
    """Have messages of this kind made, or not."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        await set_use(session, code, channel, is_active=asked.is_active, deed=deed)


def _view(template: MessageTemplate) -> TemplateView:
    return TemplateView.model_validate(template.model_dump())
