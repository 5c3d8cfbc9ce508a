"""Attached files: where a process has them, the list of them, and the form that sends one.

The page that lists them is the process's own: it shows ATTACHED and, for whoever may act,
pages/attachments/_upload.html. api/attachment_routes.py has the routes of each file.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile

from activities.attachments import NewFile, attach_within, store_of
from api.dependencies import Config, Db
from api.forms import Submitted, submitted
from api.inputs import Input
from api.language import N_
from api.listing import Column, Listing
from api.rendering import redirect
from api.table import Kind
from models.attachments import Attachment, Subject
from models.people import Deed
from rules.attachments import MOST_BYTES, TYPES, AttachmentEmpty

ATTACHED = Listing(
    columns=(
        Column("name", N_("Arquivo"), is_sortable=True),
        Column("description", N_("Descrição")),
        Column("size", N_("Tamanho (KB)"), Kind.NUMBER),
        Column("added_at", N_("Anexado em"), Kind.MOMENT),
        Column("added_by", N_("Por"), Kind.PERSON),
    ),
    default_sort="-id",
    empty=N_("Nenhum arquivo anexado ainda."),
)


@dataclass(frozen=True)
class Place:
    """Where a process's files stand; both paths have a {subject_id}.

    `find` refuses a subject that does not exist, or that whoever asks does not see.
    """

    process: str
    path: str
    api_path: str
    see: str
    act: str
    find: Callable[[AsyncSession, int], Awaitable[Any]]

    def subject(self, subject_id: int) -> Subject:
        """What the files of that address belong to."""
        return Subject(self.process, subject_id)

    def at(self, subject_id: int) -> str:
        """The address of the list."""
        return self.path.format(subject_id=subject_id)


class DescriptionForm(Input):
    """What a file is."""

    description: str = Field(default="", max_length=300)


class UploadForm(DescriptionForm):
    """A file to be attached; `is_for_client` where a client's own people look too."""

    file: Any = None
    is_for_client: bool = False


def shown_attachment(row: Any, *, path: str) -> dict[str, Any]:
    """A row of the list: it opens on the file's own page."""
    return {
        **row, "size": max(1, row["size"] // 1024),
        "href": f"{path}/{row['id']}", "label": row["name"],
    }  # fmt: skip


def upload_values() -> dict[str, Any]:
    """What pages/attachments/_upload.html says of what is taken in."""
    return {"accepts": ",".join(TYPES), "megabytes": MOST_BYTES >> 20}


async def attach_on_page(
    request: Request, place: Place, subject_id: int, database: Db, config: Config, *, deed: Deed
) -> tuple[Submitted[UploadForm], Response | None]:
    """This will attach the file of a page's form, and lead back to the list.

    Refused, there is no answer: the form says why, and the page shows it again.
    """
    async with request.form():  # closes the file that came with it
        form = await submitted(request, UploadForm)
        if form.value:
            with form.refusals():
                await keep_sent(form.value, place, subject_id, database, config, deed=deed)
                return form, redirect(request, place.at(subject_id), N_("Arquivo anexado."))
    return form, None


async def keep_sent(
    form: UploadForm, place: Place, subject_id: int, database: Db, config: Config, *, deed: Deed
) -> Attachment:
    """This will attach the file of a form. Refuses when there is none (AttachmentEmpty)."""
    if not isinstance(form.file, UploadFile) or not form.file.filename:
        raise AttachmentEmpty
    file = new_file(form.file, form.description, is_for_client=form.is_for_client)
    async with database.write() as session:
        await place.find(session, subject_id)
        subject = place.subject(subject_id)
        return await attach_within(session, store_of(config), subject, file, deed=deed)


def new_file(file: UploadFile, description: str, *, is_for_client: bool = False) -> NewFile:
    """A file as it was sent, and what it is."""
    return NewFile(file.filename or "", file.file, file.size or 0, description, is_for_client)
