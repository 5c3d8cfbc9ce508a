"""One carrier's invoice: its totals beside its records, charges and findings; audited, paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from activities.contestation_invoices import note_payment
from api.carrier_invoices import Act, See, audit_anew
from api.carrier_words import KINDS as KIND_WORDS
from api.carrier_words import ROLES, kind_name, layout_name, rule_name
from api.dependencies import Db, Ip, Now, Principal, ReadSession
from api.forms import Day, Submitted, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import redirect
from api.table import FilterKind, Kind
from models.bulk import BulkRun
from models.carrier_agreements import CarrierAgreement
from models.carrier_invoice_list import others_of_month, select_items
from models.carrier_invoices import CarrierInvoice, invoice_of, replaced_by
from models.carriers import Carrier, CarrierAccount
from models.colleagues import names_by_login
from models.customers import Customer
from models.findings import totals_by_rule
from rules.money import from_cents

router = APIRouter(include_in_schema=False)

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


class PaidInput(Input):
    """When the company paid the carrier."""

    paid_on: Day | None = None


@router.get("/operadoras/faturas/{invoice_id:int}")
async def invoice_page(
    request: Request, by: See, session: ReadSession, invoice_id: int
) -> Response:
    """An invoice: what it says, its totals beside its records, findings by rule, charges."""
    return await invoice_shown(request, by, session, invoice_id)


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
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await note_payment(session, invoice_id, form.value.paid_on, deed=deed)
            return redirect(request, f"/operadoras/faturas/{invoice_id}", N_("Pagamento anotado."))
    async with database.read() as session:
        return await invoice_shown(request, by, session, invoice_id, form=form)


async def invoice_shown(
    request: Request,
    by: Principal,
    session: ReadSession,
    invoice_id: int,
    *,
    form: Submitted[Any] | None = None,
    replacement: Submitted[Any] | None = None,
    known: Submitted[Any] | None = None,
) -> Response:
    """This will answer with an invoice's page, and with what a form of it was refused for."""
    invoice = await invoice_of(session, invoice_id)
    form = form or Submitted({"paid_on": invoice.paid_on})
    replacement = (replacement or Submitted({})).within("replacement")
    known = (known or Submitted({})).within("known")
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
        status=max(form.status, replacement.status, known.status),
        form=form,
        replacement=replacement,
        known=known,
    )


async def _shown(session: ReadSession, invoice: CarrierInvoice) -> dict[str, Any]:
    account = await session.get_one(CarrierAccount, invoice.account_id)
    agreement = (
        await session.get(CarrierAgreement, invoice.agreement_id) if invoice.agreement_id else None
    )
    found = sorted(await totals_by_rule(session, invoice.key), key=lambda row: -(row["over"] or 0))
    others = await others_of_month(session, invoice)
    return {
        "invoice": invoice,
        "replaced_by": await session.get(CarrierInvoice, invoice.replaced_by_id or 0),
        "replaced": await replaced_by(session, invoice.key),
        "others": others,
        "known_choices": [(each.key, each.number or each.file_name) for each in others],
        "people": await names_by_login(session),
        "may_see_run": await session.get(BulkRun, invoice.run_id or 0) is not None,
        "account": account,
        "agreement": agreement,
        "carrier": await session.get_one(Carrier, account.carrier_id),
        "company": await session.get_one(Customer, account.customer_id),
        "layout_told": layout_name(invoice.layout),
        "records": [_record(code, each, invoice) for code, each in invoice.records.items()],
        "grand": _grand(invoice),
        "rules": [{**row, "name": rule_name(row["rule"])} for row in found],
        "unjudged": [
            {
                "rule": rule_name(rule),
                "amount": from_cents(told["cents"]),
                "invoices": [await invoice_of(session, key) for key in told["invoices"]],
            }
            for rule, told in invoice.unjudged.items()
        ],
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
