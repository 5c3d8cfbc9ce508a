"""The pages of imports: upload, try, watch, stop, resume; what was wrong as a list and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.files import saved_as
from api.forms import Submitted
from api.import_columns import columns_of
from api.import_commands import apply, begin, resume, stop
from api.import_samples import sample
from api.import_uploads import keep_uploads
from api.import_values import KIND_LABELS, badge_of, shown, shown_error
from api.language import N_, gettext
from api.listing import Column, Listing
from api.rendering import page, redirect
from api.table import Kind
from models import imports
from models.colleagues import names_by_login
from models.import_list import select_import_errors, select_imports
from rules.import_columns import ImportKind

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("imports:see")]
Act = Annotated[Principal, need("imports:act")]

IMPORTS = Listing(
    columns=(
        Column("files", N_("Arquivos")),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("total", N_("Linhas"), Kind.NUMBER),
        Column("changed", N_("Novas ou alteradas"), Kind.NUMBER),
        Column("unchanged", N_("Sem mudança"), Kind.NUMBER),
        Column("errors", N_("Recusadas"), Kind.NUMBER),
        Column("requested_by", N_("Por"), Kind.PERSON),
        Column("requested_at", N_("Quando"), Kind.MOMENT, is_sortable=True),
    ),
    default_sort="-requested_at",
    empty=N_("Nenhuma importação ainda. Envie o primeiro arquivo acima."),
)
ERRORS = Listing(
    columns=(
        Column("file", N_("Arquivo")),
        Column("line", N_("Linha"), Kind.NUMBER),
        Column("field", N_("Coluna")),
        Column("message", N_("O que há de errado"), Kind.SENTENCE),
        Column("value", N_("Na célula")),
        Column("code", N_("Código"), is_extra=True),
    ),
    default_sort="id",
    empty=N_("Nenhuma linha recusada."),
)


# --- pages ----------------------------------------------------------------------------------------


@router.get("/importacoes")
async def imports_page(request: Request, by: See, session: ReadSession) -> Response:
    """The upload form above the list of imports."""
    return await _list_page(request, by, session, Submitted({"kind": ""}))


@router.post("/importacoes")
async def upload_on_page(
    request: Request, by: Act, database: Db, config: Config, now: Now, ip: Ip
) -> Response:
    """Begin an import of the files that were sent."""
    async with request.form() as sent:
        form: Submitted[Any] = Submitted({"kind": sent.get("kind"), "files": ""})
        with form.refusals():
            deed, is_dry_run = by.deed(at=now, ip=ip), sent.get("dry_run") == "1"
            async with (
                keep_uploads(sent.getlist("files"), config, kind=_kind(sent)) as kept,
                database.write() as session,
            ):
                run = await begin(session, kept.files, is_dry_run=is_dry_run, deed=deed)
            return redirect(request, f"/importacoes/{run.id}")
    async with database.read() as session:
        return await _list_page(request, by, session, form)


@router.get("/importacoes/modelos/{kind}.csv", dependencies=[need("imports:see")])
async def sample_file(kind: ImportKind) -> Response:
    """A sample file of a kind."""
    return Response(
        sample(kind),
        media_type="text/csv; charset=utf-8",
        headers=saved_as(f"{kind}.csv"),
    )


@router.get("/importacoes/colunas/{kind}", dependencies=[need("imports:see")])
async def columns_page(request: Request, kind: ImportKind) -> Response:
    """What the columns of a kind of file mean."""
    return page(
        request,
        "pages/imports/columns.html",
        told=columns_of(kind),
        kinds=[(f"/importacoes/colunas/{each}", label) for each, label in KIND_LABELS.items()],
    )


@router.get("/importacoes/{run_id:int}")
async def import_page(
    request: Request, by: See, session: ReadSession, now: Now, run_id: int
) -> Response:
    """How far an import is, and what was wrong with its rows."""
    run = await imports.run_of(session, run_id)
    wrong = ERRORS.view(request)
    return await wrong.answer(
        session,
        select_import_errors(run_id),
        "pages/imports/import.html",
        present=shown_error,
        may_act=by.may("imports:act"),
        people=await names_by_login(session),
        **shown(run, now=now),
    )


@router.post("/importacoes/{run_id:int}/parar")
async def stop_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, run_id: int
) -> Response:
    """Stop after the page under way."""
    await stop(database, run_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/importacoes/{run_id}")


@router.post("/importacoes/{run_id:int}/retomar")
async def resume_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, run_id: int
) -> Response:
    """Go on where it was stopped."""
    await resume(database, run_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/importacoes/{run_id}")


@router.post("/importacoes/{run_id:int}/importar")
async def apply_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, run_id: int
) -> Response:
    """Import for real what was tried."""
    async with database.write() as session:
        run = await apply(session, run_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/importacoes/{run.id}")


def _kind(sent: FormData) -> ImportKind | None:
    chosen = sent.get("kind")
    return ImportKind(str(chosen)) if chosen in set(ImportKind) else None


async def _list_page(
    request: Request, by: Principal, session: ReadSession, form: Submitted[Any]
) -> Response:
    view = IMPORTS.view(request)
    kinds = [(str(kind), gettext(label)) for kind, label in KIND_LABELS.items()]
    return await view.answer(
        session,
        select_imports(),
        "pages/imports/imports.html",
        present=_shown_row,
        status=form.status,
        form=form,
        kinds=kinds,
        may_act=by.may("imports:act"),
    )


def _shown_row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    names = ", ".join(each["name"] for each in row["parameters"]["files"])
    tried = f" · {gettext('simulação')}" if row["is_dry_run"] else ""
    return {
        **row,
        "href": f"/importacoes/{row['id']}",
        "label": names,
        "files": f"{names}{tried}",
        "state": badge_of(row["status"], is_dry_run=row["is_dry_run"]),
    }
