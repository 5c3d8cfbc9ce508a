"""What customers answered by e-mail in a case, for whoever may see the case; as page and JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.inbound_mail import understood
from api.case_head import head_of
from api.cases import SignedIn, visible_case
from api.dependencies import Now, Principal, ReadSession
from api.files import saved_as
from api.keyset import SortKey, fetch
from api.rendering import page
from models import inbound_mails
from models.attachments import AttachmentNotFound
from models.cases import Case
from models.inbound_mails import InboundMail, InboundMailNotFound
from rules.attachments import HEAD_BYTES, clean_name, media_type_of
from rules.inbound_mail import InboundFile, ReadMail
from rules.refusals import Refusal

router = APIRouter(tags=["cases"])


class CaseMailOut(BaseModel):
    """A mail that joined the case."""

    id: int
    received_at: datetime
    sender: str
    subject: str


class CaseMailsOut(BaseModel):
    """A page of mails; `next` is the cursor of the following page."""

    items: list[CaseMailOut]
    next: str | None


class MailFileOut(BaseModel):
    """A file that came along; `media_type` is null for one of a kind that is not taken in."""

    number: int
    name: str
    size: int
    media_type: str | None


class WholeMailOut(CaseMailOut):
    """A mail with all that was written."""

    text: str
    files: list[MailFileOut]


@router.get("/api/cases/{case_id}/mails")
async def list_case_mails(
    by: SignedIn,
    session: ReadSession,
    case_id: int,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CaseMailsOut:
    """The mails that joined a case, by identity."""
    await visible_case(session, case_id, by=by)
    statement = inbound_mails.select_mails_of_case(case_id)
    found = await fetch(session, statement, sort=SortKey("id"), cursor=cursor, limit=limit)
    items = [CaseMailOut.model_validate(dict(row)) for row in found.rows]
    return CaseMailsOut(items=items, next=found.next)


@router.get("/api/cases/{case_id}/mails/{mail_id}")
async def read_case_mail(
    by: SignedIn, session: ReadSession, case_id: int, mail_id: int
) -> WholeMailOut:
    """What was written in a mail, and the files that came with it."""
    _case, mail, read = await _mail_of(session, case_id, mail_id, by=by)
    return WholeMailOut.model_validate(
        {**mail.model_dump(), "text": read.text, "files": _files(read)}
    )


@router.get("/api/cases/{case_id}/mails/{mail_id}/files/{number}", response_class=Response)
@router.get(
    "/casos/{case_id:int}/emails/{mail_id:int}/arquivos/{number:int}", include_in_schema=False
)
async def case_mail_file(
    by: SignedIn, session: ReadSession, case_id: int, mail_id: int, number: int
) -> Response:
    """A file that came with a mail; saved, never shown in the browser's window."""
    _case, _mail, read = await _mail_of(session, case_id, mail_id, by=by)
    if not 0 < number <= len(read.files):
        raise AttachmentNotFound
    file = read.files[number - 1]
    headers = {**saved_as(clean_name(file.name)), "X-Content-Type-Options": "nosniff",
               "Cache-Control": "private, no-store"}  # fmt: skip
    return Response(file.content, media_type=_type_of(file), headers=headers)


@router.get("/casos/{case_id:int}/emails/{mail_id:int}", include_in_schema=False)
async def case_mail_page(
    request: Request, by: SignedIn, session: ReadSession, now: Now, case_id: int, mail_id: int
) -> Response:
    """A mail of a case: who wrote, when, what, and the files that came along."""
    case, mail, read = await _mail_of(session, case_id, mail_id, by=by)
    return page(
        request, "pages/cases/mail.html", now=now, mail=mail, read=read, files=_files(read),
        head=await head_of(session, case, by=by, now=now),
    )  # fmt: skip


async def _mail_of(
    session: AsyncSession, case_id: int, mail_id: int, *, by: Principal
) -> tuple[Case, InboundMail, ReadMail]:
    case = await visible_case(session, case_id, by=by)
    mail, raw = await inbound_mails.find_mail(session, mail_id)
    if mail.case_id != case_id:
        raise InboundMailNotFound
    return case, mail, await understood(raw, mail.envelope)


def _files(read: ReadMail) -> list[MailFileOut]:
    return [
        MailFileOut(number=n, name=file.name, size=len(file.content), media_type=_kind(file))
        for n, file in enumerate(read.files, start=1)
    ]


def _kind(file: InboundFile) -> str | None:
    try:
        return _type_of(file)
    except Refusal:
        return None


def _type_of(file: InboundFile) -> str:
    """What kind of file it is. Refuses the kinds that nobody may attach either."""
    return media_type_of(clean_name(file.name), file.content[:HEAD_BYTES])
