"""Carriers' invoices: upload, list, and one with its totals, charges and findings by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_requests import begin_audit, begin_carrier_import
from activities.contestation_invoices import tell_account
from activities.import_work import UploadedFile
from api.carrier_words import KINDS as KIND_WORDS
from api.carrier_words import ROLES, kind_name, layout_name, rule_name
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.forms import Day, Submitted, submitted
from api.import_uploads import keep_uploads
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.bulk import BulkRun
from models.carrier_agreements import CarrierAgreement
from models.carrier_invoices import (
    CarrierInvoice,
    invoice_of,
    select_invoices,
    select_items,
)
from models.carriers import Carrier, CarrierAccount, carrier_choices
from models.customers import Customer
from models.findings import totals_by_rule
from models.people import Deed, record
from models.sight import seen_company
from rules.money import from_cents

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
    filters=(Filter("busca", N_("Buscar")), Filter("operadora", N_("Código da operadora"))),
    empty=N_("Nenhuma fatura de operadora ainda. Envie o primeiro arquivo acima."),
)
KIND_CHOICES = tuple((kind, word) for kind, word in KIND_WORDS.items() if kind)
ITEMS = Listing(
    columns=(
        Column("number", N_("Linha"), is_sortable=True),
        Column("kind_name", N_("Tipo")),
        Column("code", N_("Código")),
        Column("description", N_("Descrição")),
        Column("times", N_("Cobranças"), Kind.NUMBER, is_sortable=True, is_totalled=True),
        Column("quantity", N_("Segundos ou unidades"), Kind.NUMBER, is_sortable=True),
        Column("amount", N_("Valor"), Kind.MONEY, is_sortable=True, is_totalled=True),
    ),
    default_sort="number",
    filters=(
        Filter("busca", N_("Linha")),
        Filter("tipo", N_("Tipo"), FilterKind.CHOICE, KIND_CHOICES),
    ),
    empty=N_("Esta fatura não tem cobranças."),
)  # fmt: skip


class PaidInput(BaseModel):
    """When the company paid the carrier."""

    paid_on: Day | None = None


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
async def invoices_page(request: Request, by: See, session: ReadSession) -> Response:
    """The upload form above the list of invoices."""
    return await _list_page(request, by, session, Submitted({}))


@router.post("/operadoras/faturas")
async def upload_on_page(
    request: Request, by: Act, database: Db, config: Config, now: Now, ip: Ip
) -> Response:
    """Begin the import of the file that was sent."""
    async with request.form() as sent:
        form: Submitted[Any] = Submitted({"files": ""})
        with form.refusals():
            kept = await keep_uploads(sent.getlist("files")[:1], config, kind=None)
            async with database.write() as session:
                run = await begin(
                    session, kept[0] if kept else None, deed=by.deed(at=now, ip=ip),
                    is_preview=bool(sent.get("is_preview")),
                )  # fmt: skip
            return redirect(request, f"/operadoras/importacoes/{run.id}")
    async with database.read() as session:
        return await _list_page(request, by, session, form)


@router.get("/operadoras/faturas/{invoice_id:int}")
async def invoice_page(
    request: Request, by: See, session: ReadSession, invoice_id: int
) -> Response:
    """An invoice: what it says, its totals beside its records, findings by rule, charges."""
    return await _invoice_page(request, by, session, invoice_id)


@router.post("/operadoras/faturas/{invoice_id:int}/auditoria")
async def audit_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, invoice_id: int
) -> Response:
    """Audit again, by the agreement as it is now."""
    async with database.write() as session:
        run = await audit_anew(session, invoice_id, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/operadoras/importacoes/{run.id}")


@router.post("/operadoras/faturas/{invoice_id:int}/pagamento")
async def pay_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, invoice_id: int
) -> Response:
    """Say when the invoice was paid, or that it was not."""
    form = await submitted(request, PaidInput)
    if form.value:
        async with database.write() as session:
            invoice = await invoice_of(session, invoice_id)
            invoice.paid_on = form.value.paid_on
            session.add(invoice)
            news_id = f"carrier-invoice/{invoice_id}/paid/{now.timestamp():.0f}"
            await tell_account(session, invoice.account_id, news_id=news_id, at=now)
            told = {"paid_on": str(form.value.paid_on or "")}
            deed = by.deed(at=now, ip=ip)
            record(
                session,
                deed,
                "carrier_invoice.paid",
                subject=f"carrier_invoice/{invoice_id}",
                **told,
            )
        return redirect(request, f"/operadoras/faturas/{invoice_id}", N_("Pagamento anotado."))
    async with database.read() as session:
        return await _invoice_page(request, by, session, invoice_id, form)


async def _invoice_page(
    request: Request, by: Principal, session: ReadSession, invoice_id: int,
    form: Submitted[Any] | None = None,
) -> Response:  # fmt: skip
    invoice = await invoice_of(session, invoice_id)
    form = form or Submitted({"paid_on": invoice.paid_on})
    view = ITEMS.view(request)
    statement = select_items(invoice_id, search=view.text("busca"), kind=view.text("tipo"))
    return await view.answer(
        session,
        statement,
        "pages/carriers/invoice.html",
        present=lambda row: {**row, "kind_name": kind_name(row["kind"])},
        **await _shown(session, invoice),
        may_act=by.may("carriers:act"),
        may_see_findings=by.may("findings:see"),
        status=form.status,
        form=form,
    )


async def _list_page(
    request: Request, by: Principal, session: ReadSession, form: Submitted[Any]
) -> Response:
    view = INVOICES.view(request)
    statement = select_invoices(carrier=view.text("operadora"), search=view.text("busca"))
    return await view.answer(
        session,
        statement,
        "pages/carriers/invoices.html",
        present=_shown_row,
        status=form.status,
        form=form,
        has_carriers=bool(await carrier_choices(session)),
        may_act=by.may("carriers:act"),
    )


def _shown_row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    is_audited = row["audited_at"] is not None
    state = Badge(gettext("Auditada"), Tone.GREEN) if is_audited else Badge(gettext("Auditando"))
    name = row["number"] or f"{row['issue_date']:%m/%Y}"
    href = f"/operadoras/faturas/{row['id']}"
    return {**row, "number": name, "label": name, "href": href, "state": state}


async def _shown(session: ReadSession, invoice: CarrierInvoice) -> dict[str, Any]:
    account = await session.get_one(CarrierAccount, invoice.account_id)
    agreement = (
        await session.get(CarrierAgreement, invoice.agreement_id) if invoice.agreement_id else None
    )
    found = sorted(await totals_by_rule(session, invoice.key), key=lambda row: -(row["over"] or 0))
    return {
        "invoice": invoice,
        "account": account,
        "agreement": agreement,
        "carrier": await session.get_one(Carrier, account.carrier_id),
        "company": await session.get_one(Customer, account.customer_id),
        "layout_told": layout_name(invoice.layout),
        "records": [_record(code, each, invoice) for code, each in invoice.records.items()],
        "grand": _grand(invoice),
        "rules": [{**row, "name": rule_name(row["rule"])} for row in found],
    }


def _record(code: str, counted: Mapping[str, Any], invoice: CarrierInvoice) -> dict[str, Any]:
    """A record type beside what the trailer says of it."""
    declared = {
        "count" if each["is_count"] else "amount": each
        for each in invoice.totals.values()
        if each["record"] == code
    }
    count, amount = declared.get("count"), declared.get("amount")
    return {
        "code": code if code.isdigit() else "",
        "name": gettext(ROLES[counted["role"]]),
        "count": counted["count"],
        "amount": None if counted["cents"] is None else from_cents(counted["cents"]),
        "told_count": count and count["declared"],
        "told_amount": from_cents(amount["declared"]) if amount else None,
        "agrees": all(each["declared"] == each["found"] for each in declared.values()),
        "is_told": bool(declared),
    }


def _grand(invoice: CarrierInvoice) -> dict[str, Any]:
    return {
        "total": invoice.total,
        "charged": invoice.charged,
        "agrees": invoice.total == invoice.charged,
    }
