"""Attached files as pages and JSON; any process has them by naming its place.

    ATTACHMENTS = Place("contracts", "/contratos/{subject_id}/anexos",
                        "/api/contracts/{subject_id}/attachments", "contracts:see", "contracts:act")
    add_attachment_routes(router, ATTACHMENTS)

The page that lists them is the process's own: it shows ATTACHED and, for whoever may act,
pages/attachments/_upload.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, Response
from fastapi import UploadFile as SentFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile

from activities import attachments
from activities.attachments import NewFile, store_of
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.files import saved_as
from api.forms import Submitted, blank, submitted
from api.language import N_
from api.listing import Column, Listing
from api.once import NamedRequest
from api.rendering import page, redirect
from api.table import Kind
from models.attachments import Attachment, Subject, get_attachment, select_attachments
from models.colleagues import names_by_login
from models.people import Deed
from models.rows import rows_of
from rules.attachments import MOST_BYTES, TYPES, AttachmentEmpty

TAGS: list[str | Enum] = ["attachments"]
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
    """Where a process's files stand; both paths have a {subject_id}."""

    process: str
    path: str
    api_path: str
    see: str
    act: str

    def subject(self, subject_id: int) -> Subject:
        """What the files of that address belong to."""
        return Subject(self.process, subject_id)

    def at(self, subject_id: int) -> str:
        """The address of the list."""
        return self.path.format(subject_id=subject_id)


class DescriptionForm(BaseModel):
    """What a file is."""

    description: str = Field(default="", max_length=300)


class UploadForm(DescriptionForm):
    """A file to be attached."""

    file: Any = None


class RemovalForm(BaseModel):
    """Why a file is deleted."""

    reason: str = Field(default="", max_length=300)


def shown_attachment(row: Any, *, path: str) -> dict[str, Any]:
    """A row of the list: it opens on the file's own page."""
    return {
        **row, "size": max(1, row["size"] // 1024),
        "href": f"{path}/{row['id']}", "label": row["name"],
    }  # fmt: skip


def upload_values() -> dict[str, Any]:
    """What pages/attachments/_upload.html says of what is taken in."""
    return {"accepts": ",".join(TYPES), "megabytes": MOST_BYTES >> 20}


async def keep_sent(
    form: UploadForm, subject: Subject, database: Db, config: Config, deed: Deed
) -> Attachment:
    """This will attach the file of a form. Refuses when there is none (AttachmentEmpty)."""
    if not isinstance(form.file, UploadFile) or not form.file.filename:
        raise AttachmentEmpty
    file = _new(form.file, form.description)
    return await attachments.attach(database, store_of(config), subject, file, deed=deed)


def _new(file: UploadFile, description: str) -> NewFile:
    return NewFile(file.filename or "", file.file, file.size or 0, description)


def add_attachment_routes(router: APIRouter, place: Place) -> None:
    """This will add the routes of a process's files, but for the page that lists them."""
    _add_pages(router, place)
    _add_changes(router, place)
    _add_json(router, place)


def _add_pages(router: APIRouter, place: Place) -> None:
    see = need(place.see)

    @router.get(place.path + "/{attachment_id}", include_in_schema=False)
    async def file_page(
        *, request: Request, by: Principal = see, session: ReadSession, now: Now,
        subject_id: int, attachment_id: int,
    ) -> Response:  # fmt: skip
        """One file: what it is, by whom; to download, describe or delete."""
        found = await get_attachment(session, place.subject(subject_id), attachment_id)
        people = await names_by_login(session)
        return _file_page(request, place, subject_id, found, by=by, now=now, people=people)

    @router.get(
        place.path + "/{attachment_id}/arquivo", include_in_schema=False, dependencies=[see]
    )
    async def download_page(
        session: ReadSession, config: Config, subject_id: int, attachment_id: int
    ) -> Response:
        """The file itself, never shown in the browser's window."""
        found = await get_attachment(session, place.subject(subject_id), attachment_id)
        return await _sent(found, config)


def _add_changes(router: APIRouter, place: Place) -> None:
    act = need(place.act)

    @router.post(place.path + "/{attachment_id}/descricao", include_in_schema=False)
    async def describe_on_page(
        *, request: Request, by: Principal = act, database: Db, now: Now, ip: Ip,
        subject_id: int, attachment_id: int,
    ) -> Response:  # fmt: skip
        """Say what the file is."""
        form = await submitted(request, DescriptionForm)
        if form.value:
            with form.refusals():
                await attachments.describe(
                    database, place.subject(subject_id), attachment_id, form.value.description,
                    deed=by.deed(at=now, ip=ip),
                )  # fmt: skip
                return redirect(request, place.at(subject_id), N_("Descrição salva."))
        async with database.read() as session:
            found = await get_attachment(session, place.subject(subject_id), attachment_id)
            people = await names_by_login(session)
        return _file_page(
            request, place, subject_id, found, by=by, now=now, people=people, form=form
        )

    @router.post(place.path + "/{attachment_id}/exclusao", include_in_schema=False)
    async def remove_on_page(
        *, request: Request, by: Principal = act, database: Db, config: Config, now: Now,
        ip: Ip, subject_id: int, attachment_id: int,
    ) -> Response:  # fmt: skip
        """Delete the file, for a reason."""
        form = await submitted(request, RemovalForm)
        if form.value:
            with form.refusals():
                await attachments.remove(
                    database, store_of(config), place.subject(subject_id), attachment_id,
                    reason=form.value.reason, deed=by.deed(at=now, ip=ip),
                )  # fmt: skip
                return redirect(request, place.at(subject_id), N_("Anexo excluído."))
        async with database.read() as session:
            found = await get_attachment(session, place.subject(subject_id), attachment_id)
            people = await names_by_login(session)
        return _file_page(
            request, place, subject_id, found, by=by, now=now, people=people, removal=form
        )


def _add_json(router: APIRouter, place: Place) -> None:
    see, act = need(place.see), need(place.act)

    @router.get(place.api_path, tags=TAGS, dependencies=[see])
    async def list_files(session: ReadSession, subject_id: int) -> list[dict[str, Any]]:
        """The files of a subject, the oldest first."""
        statement = select_attachments(place.subject(subject_id)).order_by("id")
        return [dict(row) for row in await rows_of(session, statement)]

    @router.post(place.api_path, status_code=201, tags=TAGS)
    async def attach_file(
        *, file: Annotated[SentFile, File()], by: Principal = act, database: Db,
        config: Config, now: Now, ip: Ip, subject_id: int, description: str = "",
        once: NamedRequest,
    ) -> dict[str, Any]:  # fmt: skip
        """Attach a file (multipart, field `file`)."""
        deed = by.deed(at=now, ip=ip)

        async def keep(session: AsyncSession) -> dict[str, Any]:
            kept = await attachments.attach_within(
                session, store_of(config), place.subject(subject_id),
                _new(file, description[:300]), deed=deed,
            )  # fmt: skip
            return {"id": kept.id, "name": kept.name, "sha256": kept.sha256}

        return await once.do(database, deed, keep)

    @router.get(place.api_path + "/{attachment_id}", tags=TAGS, dependencies=[see])
    async def download_file(
        session: ReadSession, config: Config, subject_id: int, attachment_id: int
    ) -> Response:
        """The file itself."""
        found = await get_attachment(session, place.subject(subject_id), attachment_id)
        return await _sent(found, config)

    @router.delete(place.api_path + "/{attachment_id}", status_code=204, tags=TAGS)
    async def remove_file(
        *, reason: str, by: Principal = act, database: Db, config: Config, now: Now, ip: Ip,
        subject_id: int, attachment_id: int,
    ) -> None:  # fmt: skip
        """Delete a file, for a reason."""
        await attachments.remove(
            database, store_of(config), place.subject(subject_id), attachment_id,
            reason=reason, deed=by.deed(at=now, ip=ip),
        )  # fmt: skip


async def _sent(attachment: Attachment, config: Config) -> Response:
    return StreamingResponse(
        await attachments.content_of(store_of(config), attachment),
        media_type=attachment.media_type,
        headers={
            **saved_as(attachment.name),
            "Content-Length": str(attachment.size),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _file_page(
    request: Request,
    place: Place,
    subject_id: int,
    found: Attachment,
    *,
    by: Principal,
    now: Now,
    people: Mapping[str, str],
    form: Submitted[DescriptionForm] | None = None,
    removal: Submitted[RemovalForm] | None = None,
) -> Response:
    form = form or blank(DescriptionForm, description=found.description)
    removal = removal or blank(RemovalForm)
    return page(
        request,
        "pages/attachments/attachment.html",
        status=max(form.status, removal.status),
        now=now,
        file=found.model_dump(),
        people=people,
        kilobytes=max(1, found.size // 1024),
        path=f"{place.at(subject_id)}/{found.id}",
        back=place.at(subject_id),
        form=form,
        removal=removal,
        may_act=by.may(place.act),
    )
