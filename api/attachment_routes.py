"""The routes of attached files, as pages and JSON; any process has them by naming its place.

ATTACHMENTS = Place("contracts", "/contratos/{subject_id}/anexos",
                    "/api/contracts/{subject_id}/attachments", "contracts:see", "contracts:act",
                    read_contract)
add_attachment_routes(router, ATTACHMENTS)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, Response
from fastapi import UploadFile as SentFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import attachments
from activities.attachments import store_of
from api.attachments import DescriptionForm, Place, new_file
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.files import saved_as
from api.forms import Submitted, blank, submitted
from api.language import N_
from api.once import NamedRequest
from api.rendering import page, redirect
from models.attachments import Attachment, get_attachment, select_attachments
from models.colleagues import names_by_login
from models.rows import rows_of

TAGS: list[str | Enum] = ["attachments"]


class RemovalForm(BaseModel):
    """Why a file is deleted."""

    reason: str = Field(default="", max_length=300)


@dataclass(frozen=True)
class _FileShown:
    """A file's own page: whose it is, and who looks."""

    request: Request
    place: Place
    subject_id: int
    attachment_id: int
    by: Principal
    now: Now

    async def page(
        self,
        session: AsyncSession,
        form: Submitted[DescriptionForm] | None = None,
        removal: Submitted[RemovalForm] | None = None,
    ) -> Response:
        """The page, with a form that was refused as it was typed."""
        subject = self.place.subject(self.subject_id)
        found = await get_attachment(session, subject, self.attachment_id)
        form = form or blank(DescriptionForm, description=found.description)
        removal = removal or blank(RemovalForm)
        back = self.place.at(self.subject_id)
        return page(
            self.request, "pages/attachments/attachment.html",
            status=max(form.status, removal.status), now=self.now, file=found.model_dump(),
            people=await names_by_login(session), kilobytes=max(1, found.size // 1024),
            path=f"{back}/{found.id}", back=back, form=form, removal=removal,
            may_act=self.by.may(self.place.act),
        )  # fmt: skip


def add_attachment_routes(router: APIRouter, place: Place) -> None:
    """This will add the routes of a process's files, but for the page that lists them."""
    _add_pages(router, place)
    _add_page_deeds(router, place)
    _add_reading(router, place)
    _add_deeds(router, place)


def _add_pages(router: APIRouter, place: Place) -> None:
    see = need(place.see)

    @router.get(place.path + "/{attachment_id}", include_in_schema=False)
    async def file_page(
        *, request: Request, by: Principal = see, session: ReadSession, now: Now,
        subject_id: int, attachment_id: int,
    ) -> Response:  # fmt: skip
        """One file: what it is, by whom; to download, describe or delete."""
        return await _FileShown(request, place, subject_id, attachment_id, by, now).page(session)

    @router.get(
        place.path + "/{attachment_id}/arquivo", include_in_schema=False, dependencies=[see]
    )
    async def download_page(
        session: ReadSession, config: Config, subject_id: int, attachment_id: int
    ) -> Response:
        """The file itself, never shown in the browser's window."""
        found = await get_attachment(session, place.subject(subject_id), attachment_id)
        return await sent_file(found, config)


def _add_page_deeds(router: APIRouter, place: Place) -> None:
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
        shown = _FileShown(request, place, subject_id, attachment_id, by, now)
        async with database.read() as session:
            return await shown.page(session, form=form)

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
        shown = _FileShown(request, place, subject_id, attachment_id, by, now)
        async with database.read() as session:
            return await shown.page(session, removal=form)


def _add_reading(router: APIRouter, place: Place) -> None:
    see = need(place.see)

    @router.get(place.api_path, tags=TAGS, dependencies=[see])
    async def list_files(session: ReadSession, subject_id: int) -> list[dict[str, Any]]:
        """The files of a subject, the oldest first."""
        await place.find(session, subject_id)
        statement = select_attachments(place.subject(subject_id)).order_by("id")
        return [dict(row) for row in await rows_of(session, statement)]

    @router.get(place.api_path + "/{attachment_id}", tags=TAGS, dependencies=[see])
    async def download_file(
        session: ReadSession, config: Config, subject_id: int, attachment_id: int
    ) -> Response:
        """The file itself."""
        found = await get_attachment(session, place.subject(subject_id), attachment_id)
        return await sent_file(found, config)


def _add_deeds(router: APIRouter, place: Place) -> None:
    act = need(place.act)

    @router.post(place.api_path, status_code=201, tags=TAGS)
    async def attach_file(
        *, file: Annotated[SentFile, File()], by: Principal = act, database: Db,
        config: Config, now: Now, ip: Ip, subject_id: int, description: str = "",
        once: NamedRequest,
    ) -> dict[str, Any]:  # fmt: skip
        """Attach a file (multipart, field `file`)."""
        deed, new = by.deed(at=now, ip=ip), new_file(file, description[:300])

        async def keep(session: AsyncSession) -> dict[str, Any]:
            await place.find(session, subject_id)
            kept = await attachments.attach_within(
                session, store_of(config), place.subject(subject_id), new, deed=deed
            )
            return {"id": kept.id, "name": kept.name, "sha256": kept.sha256}

        return await once.do(database, deed, keep)

    @router.put(place.api_path + "/{attachment_id}/description", status_code=204, tags=TAGS)
    async def describe_file(
        *, asked: DescriptionForm, by: Principal = act, database: Db, now: Now, ip: Ip,
        subject_id: int, attachment_id: int,
    ) -> None:  # fmt: skip
        """Say anew what a file is."""
        await attachments.describe(
            database, place.subject(subject_id), attachment_id, asked.description,
            deed=by.deed(at=now, ip=ip),
        )  # fmt: skip

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


async def sent_file(attachment: Attachment, config: Config) -> Response:
    """A kept file as an answer: to be saved, never shown in the browser's window."""
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
