"""Imports for programs: upload, watch, stop, resume; what was wrong as CSV."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from sqlmodel.ext.asyncio.session import AsyncSession

from api import table_csv
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.import_columns import ColumnsView, columns_of_kinds
from api.import_commands import apply, begin, resume, stop
from api.import_uploads import keep_uploads
from api.import_values import ImportView, shown_error, view_of
from api.listing import Column, Listing
from api.once import NamedRequest
from api.table import Kind
from models import imports
from models.import_list import newest_imports, select_import_errors
from rules.import_columns import ImportKind

router = APIRouter(tags=["imports"])

Act = Annotated[Principal, need("imports:act")]

ERRORS_FILE = Listing(
    columns=(
        Column("file", "file"),
        Column("line", "line", Kind.NUMBER),
        Column("field", "field"),
        Column("code", "code"),
        Column("message", "message"),
        Column("value", "value"),
    ),
    default_sort="id",
)


@router.get("/api/imports", dependencies=[need("imports:see")])
async def list_imports(session: ReadSession, now: Now) -> list[ImportView]:
    """The newest fifty imports."""
    return [view_of(run, now=now) for run in await newest_imports(session, limit=50)]


@router.get("/api/imports/columns", dependencies=[need("imports:see")])
async def list_columns() -> list[ColumnsView]:
    """The columns of each kind of file: their titles, which must be there, and what they want."""
    return columns_of_kinds()


@router.post("/api/imports", status_code=201)
async def create_import(
    by: Act,
    database: Db,
    config: Config,
    now: Now,
    ip: Ip,
    files: Annotated[list[UploadFile], File(description="CSV, up to 512 MB in all")],
    kind: Annotated[ImportKind | None, Form(description="none = by each header")] = None,
    is_dry_run: Annotated[bool, Form(description="look, write nothing")] = False,  # noqa: FBT002
    *,
    once: NamedRequest,
) -> ImportView:
    """Begin an import; follow it at /api/imports/{id}."""
    deed = by.deed(at=now, ip=ip)
    async with keep_uploads(files, config, kind=kind) as kept:
        answer = await kept.begin_once(
            once, database, deed,
            lambda session: begin(session, kept.files, is_dry_run=is_dry_run, deed=deed),
            partial(view_of, now=now),
        )  # fmt: skip
    return ImportView.model_validate(answer)


@router.get("/api/imports/{run_id}", dependencies=[need("imports:see")])
async def read_import(session: ReadSession, now: Now, run_id: int) -> ImportView:
    """How far an import is."""
    return view_of(await imports.run_of(session, run_id), now=now)


@router.get("/api/imports/{run_id}/errors.csv", dependencies=[need("imports:see")])
async def import_errors(request: Request, session: ReadSession, run_id: int) -> Response:
    """What was wrong: file, line, field, code, message, value."""
    await imports.run_of(session, run_id)
    view = ERRORS_FILE.view(request)
    return table_csv.answer(session, select_import_errors(run_id), view, present=shown_error)


@router.post("/api/imports/{run_id}/stop")
async def stop_import(by: Act, database: Db, now: Now, ip: Ip, run_id: int) -> ImportView:
    """Stop after the page under way. Refuses an import that has ended."""
    return view_of(await stop(database, run_id, deed=by.deed(at=now, ip=ip)), now=now)


@router.post("/api/imports/{run_id}/resume")
async def resume_import(by: Act, database: Db, now: Now, ip: Ip, run_id: int) -> ImportView:
    """Go on where it was stopped. Refuses an import that was not stopped."""
    return view_of(await resume(database, run_id, deed=by.deed(at=now, ip=ip)), now=now)


@router.post("/api/imports/{run_id}/apply", status_code=201)
async def apply_import(
    by: Act, database: Db, now: Now, ip: Ip, run_id: int, once: NamedRequest
) -> ImportView:
    """Import for real what a dry run tried; a new import begins."""
    deed = by.deed(at=now, ip=ip)

    async def write(session: AsyncSession) -> dict[str, Any]:
        return view_of(await apply(session, run_id, deed=deed), now=now).model_dump()

    return ImportView.model_validate(await once.do(database, deed, write))
