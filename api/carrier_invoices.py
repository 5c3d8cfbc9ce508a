"""Carriers' invoices: the list, the upload of a file, and auditing one anew."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_requests import begin_audit, begin_carrier_import
from activities.import_work import UploadedFile
from api.carrier_filters import (
    CARRIER,
    CITY,
    COMPANY,
    MONTH,
    PLAN,
    SINCE,
    UNTIL,
    scope_of,
    with_choices,
)
from api.carrier_setup import setup_shown
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted
from api.import_uploads import keep_uploads
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.bulk import BulkRun
from models.carrier_invoice_list import InvoiceFilter, InvoiceKind, select_invoices
from models.carrier_invoices import invoice_of
from models.people import Deed, record
from models.sight import seen_company
from settings import Settings

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("carriers:see")]
Act = Annotated[Principal, need("carriers:act")]

INVOICES = Listing(
    columns=(
        Column("number", N_("Fatura")),
        Column("carrier", N_("Operadora")),
        Column("company", N_("Empresa")),
        Column("account", N_("Conta")),
        Column("issue_date", N_("Emissão"), Kind.DAY, is_sortable=True),
        Column("due_date", N_("Vencimento"), Kind.DAY, is_sortable=True, is_nullable=True),
        Column("charges", N_("Cobranças"), Kind.NUMBER),
        Column("total", N_("Total"), Kind.MONEY, is_sortable=True, is_totalled=True),
        Column("findings", N_("Divergências"), Kind.NUMBER),
        Column("overcharged", N_("Cobrado a mais"), Kind.MONEY, is_totalled=True),
        Column("state", N_("Situação"), Kind.BADGE),
    ),
    default_sort="-issue_date",
    filters=(
        Filter("busca", N_("Fatura, conta ou empresa")),
        CARRIER,
        COMPANY,
        MONTH,
        Filter(
            "tipo",
            N_("Tipo"),
            FilterKind.CHOICE,
            (
                (InvoiceKind.ISSUED, N_("Emitidas")),
                (InvoiceKind.PREVIEW, N_("Prévias")),
                (InvoiceKind.REPLACED, N_("Substituídas")),
            ),
            N_("Emitidas e prévias"),
            is_rare=True,
        ),
        SINCE,
        UNTIL,
        CITY,
        PLAN,
    ),
    empty=N_("Nenhuma fatura de operadora ainda. Envie o primeiro arquivo acima."),
)


async def begin(
    session: AsyncSession, file: UploadedFile | None, *, deed: Deed, is_preview: bool = False
) -> BulkRun:
    """This will have a file imported and audited. Refuses one that was imported before.

    What a preview charges too much is contested at once.
    """
    run = await begin_carrier_import(
        session, file, by=deed.by, at=deed.at, is_preview=is_preview, company_id=seen_company()
    )
    name = file.name if file else ""
    record(session, deed, "carrier_file.begin", subject=f"run/{run.id}", file=name)
    return run


async def audit_anew(session: AsyncSession, invoice_id: int, *, deed: Deed) -> BulkRun:
    """This will have an invoice audited by its agreement as it is now."""
    invoice = await invoice_of(session, invoice_id)
    run = await begin_audit(session, invoice, by=deed.by, at=deed.at)
    record(session, deed, "carrier_invoice.audit", subject=f"carrier_invoice/{invoice_id}")
    return run


@router.get("/operadoras", dependencies=[need("carriers:see")])
async def entrance(request: Request) -> Response:
    """The first of its pages."""
    return redirect(request, "/operadoras/faturas")


@router.get("/operadoras/faturas")
async def invoices_page(
    request: Request, by: See, session: ReadSession, config: Config
) -> Response:
    """The upload form above the list of invoices."""
    return await _list_page(request, by, session, Submitted({}), config)


@router.post("/operadoras/faturas")
async def upload_on_page(
    request: Request, by: Act, database: Db, config: Config, now: Now, ip: Ip
) -> Response:
    """Begin the import of the file that was sent."""
    async with request.form() as sent:
        form: Submitted[Any] = Submitted({"files": ""})
        with form.refusals():
            async with (
                keep_uploads(sent.getlist("files")[:1], config) as kept,
                database.write() as session,
            ):
                run = await begin(
                    session, kept.first, deed=by.deed(at=now, ip=ip),
                    is_preview=bool(sent.get("is_preview")),
                )  # fmt: skip
            return redirect(request, f"/operadoras/importacoes/{run.id}")
    async with database.read() as session:
        return await _list_page(request, by, session, form, config)


async def _list_page(
    request: Request, by: Principal, session: ReadSession, form: Submitted[Any], config: Settings
) -> Response:
    view = (await with_choices(INVOICES, session, request)).view(request)
    kind = view.text("tipo") or ""
    wanted = InvoiceFilter(
        carrier=view.text("operadora"), search=view.text("busca"), month=view.day("mes"),
        company=view.text("empresa"), since=view.day("de"), until=view.day("ate"),
        kind=InvoiceKind(kind) if kind in set(InvoiceKind) else None, scope=scope_of(view.query),
    )  # fmt: skip
    return await view.answer(
        session,
        select_invoices(wanted),
        "pages/carriers/invoices.html",
        present=partial(_shown_row, may_see_findings=by.may("findings:see")),
        status=form.status,
        form=form,
        **await setup_shown(session, by),
        may_act=by.may("carriers:act"),
        is_training=config.is_training(),
    )


def _shown_row(row: Mapping[str, Any], *, may_see_findings: bool) -> Mapping[str, Any]:
    name = row["number"] or f"{row['issue_date']:%m/%Y}"
    href = f"/operadoras/faturas/{row['id']}"
    shown = {**row, "number": name, "label": name, "href": href, "state": _state(row)}
    if may_see_findings and row["findings"]:
        found = f"/operadoras/divergencias?fatura={row['id']}&sentido=maior"
        shown["links"] = {"findings": found, "overcharged": found}
    return shown


def _state(row: Mapping[str, Any]) -> Badge:
    if row["replaced_by_id"] is not None:
        return Badge(gettext("Substituída"), Tone.GREY)
    if row["audited_at"] is None:
        return Badge(gettext("Auditando"))
    if row["is_preview"]:
        return Badge(gettext("Prévia auditada"), Tone.BLUE)
    return Badge(gettext("Auditada"), Tone.GREEN)
