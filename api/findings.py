"""Findings: the list with its filters and totals, one with its evidence, picking them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import Select

from api.carrier_words import KINDS, STATUSES, badge, kind_name, rule_name, told_fields
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import submitted
from api.language import N_, gettext
from api.listing import Column, Filter, Listing, View
from api.rendering import page, redirect
from api.table import FilterKind, Kind
from models import findings
from models.carrier_invoices import invoice_of
from models.finding_list import FindingFilter, pick, select_findings
from models.people import record
from rules.audit_words import RULES
from rules.contestation_numbers import Detail, Part
from rules.contestation_words import PARTS
from rules.findings import FindingStatus

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("findings:see")]
Act = Annotated[Principal, need("findings:act")]

FINDINGS = Listing(
    columns=(
        Column("rule_name", N_("Regra")),
        Column("carrier", N_("Operadora")),
        Column("invoice", N_("Fatura")),
        Column("number", N_("Linha"), is_sortable=True),
        Column("charge", N_("Cobrança")),
        Column("times", N_("Quantas"), Kind.NUMBER, is_sortable=True, is_totalled=True),
        Column("expected", N_("Esperado"), Kind.MONEY, is_totalled=True),
        Column("charged", N_("Cobrado"), Kind.MONEY, is_totalled=True),
        Column("difference", N_("Diferença"), Kind.MONEY, is_sortable=True, is_totalled=True),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("company", N_("Empresa"), is_extra=True),
        Column("owner", N_("Usuário da linha"), is_extra=True),
        Column("cost_centre", N_("Centro de custo"), is_extra=True),
        Column("found_at", N_("Encontrada em"), Kind.MOMENT, is_extra=True),
    ),
    default_sort="-difference",
    filters=(
        Filter("busca", N_("Linha ou fatura")),
        Filter(
            "regra", N_("Regra"), FilterKind.CHOICE, tuple((str(k), v) for k, v in RULES.items()),
            N_("Todas"),
        ),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((str(k), v[0]) for k, v in STATUSES.items()), N_("Todas"),
        ),
        Filter(
            "sentido", N_("Sentido"), FilterKind.CHOICE,
            (("maior", N_("Cobrado a mais")), ("menor", N_("Cobrado a menos"))),
        ),
        Filter("operadora", N_("Código da operadora")),
        Filter("centro", N_("Centro de custo (-: nenhum)")),
        Filter("minimo", N_("Diferença mínima"), FilterKind.AMOUNT),
        Filter("fatura", N_("Nº interno da fatura"), FilterKind.NUMBER),
        Filter("mes", N_("Mês da fatura (dia 1º)"), FilterKind.DAY),
        Filter("de", N_("Do mês (dia 1º)"), FilterKind.DAY),
        Filter("ate", N_("Até o mês (dia 1º)"), FilterKind.DAY),
        Filter(
            "previas", N_("Prévias"), FilterKind.CHOICE,
            (("nao", N_("Sem prévias")), ("sim", N_("Só prévias"))),
        ),
        Filter(
            "parte", N_("O que houve"), FilterKind.CHOICE,
            tuple((str(k), v) for k, v in PARTS.items()), N_("Tudo"),
        ),
    ),
    empty=N_("Nenhuma divergência. Importe a fatura de uma operadora para auditá-la."),
)  # fmt: skip


class Picked(BaseModel):
    """The rows that were ticked, or the filter whose rows are all meant."""

    ids: list[int] = []
    filtro: str = ""


def filter_of(view: View) -> FindingFilter:
    """What the list's address asks for."""
    return FindingFilter(
        search=view.text("busca"),
        rule=view.text("regra"),
        status=view.text("situacao"),
        side=view.text("sentido"),
        carrier=view.text("operadora"),
        cost_centre=view.text("centro"),
        least=view.amount("minimo"),
        invoice_id=view.number("fatura"),
        month=view.day("mes"),
        since=view.day("de"),
        until=view.day("ate"),
        part=_part(view.text("parte") or ""),
        is_preview={"nao": False, "sim": True}.get(view.text("previas") or ""),
    )


def _part(told: str) -> Part | Detail | None:
    known: dict[str, Part | Detail] = {str(each): each for each in (*Part, *Detail)}
    return known.get(told)


@router.get("/operadoras/divergencias")
async def findings_page(request: Request, by: See, session: ReadSession) -> Response:
    """The list of findings, with their totals."""
    view = FINDINGS.view(request)
    return await view.answer(
        session,
        select_findings(filter_of(view)),
        "pages/findings/findings.html",
        present=_shown,
        may_act=by.may("findings:act"),
    )


@router.get("/operadoras/divergencias/{finding_id:int}", dependencies=[need("findings:see")])
async def finding_page(request: Request, session: ReadSession, finding_id: int) -> Response:
    """A finding with the lines of the file behind it."""
    finding = await findings.finding_of(session, finding_id)
    invoice = await invoice_of(session, finding.invoice_id)
    rows = await findings.rows_of_finding(session, finding_id)
    return page(
        request,
        "pages/findings/finding.html",
        finding=finding,
        invoice=invoice,
        rule=rule_name(finding.rule),
        kind=kind_name(finding.kind),
        state=badge(STATUSES[FindingStatus(finding.status)]),
        rows=[(row, told_fields(row.fields)) for row in rows],
    )


@router.post("/operadoras/divergencias/separacao")
async def pick_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Pick open findings for a contestation; what was charged too low cannot be."""
    return await _pick(request, by, database, now, ip, is_picked=True)


@router.post("/operadoras/divergencias/devolucao")
async def put_back_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Put picked findings back among the open ones."""
    return await _pick(request, by, database, now, ip, is_picked=False)


async def _pick(
    request: Request, by: Principal, database: Db, now: Now, ip: Ip, *, is_picked: bool
) -> Response:
    form = await submitted(request, Picked)
    picked = form.value or Picked()
    async with database.write() as session:
        chosen = _meant(request, picked)
        count = await pick(session, chosen, is_picked=is_picked, at=now)
        action = "findings.pick" if is_picked else "findings.put_back"
        record(session, by.deed(at=now, ip=ip), action, count=count)
    told = N_("%(n)s separadas.") if is_picked else N_("%(n)s devolvidas.")
    return redirect(request, "/operadoras/divergencias", told, n=count)


def _meant(request: Request, picked: Picked) -> Select[Any]:
    """The findings that were ticked, or all of the filter, which must be understood."""
    if not picked.filtro:
        return select_findings(FindingFilter(ids=tuple(picked.ids)))
    asked = Request({**request.scope, "query_string": picked.filtro.strip("*").encode()})
    view = FINDINGS.view(asked)
    view.check()
    return select_findings(filter_of(view))


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    charge = " ".join(each for each in (row["code"], row["description"]) if each)
    return {
        **row,
        "rule_name": rule_name(row["rule"]),
        "charge": charge or gettext(KINDS.get(row["kind"], "—")),
        "invoice": row["invoice_number"] or str(row["invoice_id"]),
        "number": row["number"] or gettext("conta"),
        "state": badge(STATUSES[FindingStatus(row["status"])]),
        "label": f"{rule_name(row['rule'])} {row['number']}",
        "href": f"/operadoras/divergencias/{row['id']}",
        "links": {"invoice": f"/operadoras/faturas/{row['invoice_id']}"},
    }
