"""Findings: the list with its filters and totals, one with its evidence, picking them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import Select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.carrier_filters import (
    CARRIER,
    CENTRE,
    CITY,
    COMPANY,
    INVOICE,
    MONTH,
    OWNER,
    PLAN,
    SINCE,
    TEAM,
    UNTIL,
    scope_of,
    with_choices,
)
from api.carrier_words import KINDS, STATUSES, badge, kind_name, rule_name
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import submitted
from api.language import N_, gettext
from api.listing import Column, Filter, Listing, View
from api.rendering import page, redirect
from api.security import came_from
from api.table import Chip, FilterKind, Kind
from models import findings
from models.carrier_invoices import invoice_of
from models.contestations import contestation_about
from models.finding_list import FindingFilter, count_by_status, pick, select_findings
from models.people import Deed, record
from rules.audit_words import FIELDS, RULES, told_fields
from rules.contestation_numbers import Detail, Part
from rules.contestation_words import PARTS
from rules.findings import FindingStatus

router = APIRouter(include_in_schema=False)

ROOT = "/operadoras/divergencias"
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
        Filter("busca", N_("Linha, usuário, fatura ou cobrança")),
        CARRIER,
        COMPANY,
        MONTH,
        Filter(
            "regra", N_("Regra"), FilterKind.CHOICE, tuple((str(k), v) for k, v in RULES.items()),
            N_("Todas"),
        ),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((str(k), v[0]) for k, v in STATUSES.items()), N_("Todas"),
        ),
        CENTRE,
        Filter("minimo", N_("A partir de (R$)"), FilterKind.AMOUNT),
        INVOICE,
        Filter(
            "sentido", N_("Sentido"), FilterKind.CHOICE,
            (("maior", N_("Cobrado a mais")), ("menor", N_("Cobrado a menos"))), is_rare=True,
        ),
        SINCE,
        UNTIL,
        CITY,
        PLAN,
        TEAM,
        OWNER,
        Filter(
            "previas", N_("Prévias"), FilterKind.CHOICE,
            (("nao", N_("Sem prévias")), ("sim", N_("Só prévias"))), is_rare=True,
        ),
        Filter(
            "parte", N_("O que houve"), FilterKind.CHOICE,
            tuple((str(k), v) for k, v in PARTS.items()), N_("Tudo"), is_rare=True,
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
        company=view.text("empresa"),
        cost_centre=view.text("centro"),
        least=view.amount("minimo"),
        invoice_id=view.number("fatura"),
        month=view.day("mes"),
        since=view.day("de"),
        until=view.day("ate"),
        part=_part(view.text("parte") or ""),
        is_preview={"nao": False, "sim": True}.get(view.text("previas") or ""),
        scope=scope_of(view.query),
    )


def _part(told: str) -> Part | Detail | None:
    known: dict[str, Part | Detail] = {str(each): each for each in (*Part, *Detail)}
    return known.get(told)


@router.get("/operadoras/divergencias")
async def findings_page(request: Request, by: See, session: ReadSession) -> Response:
    """The list of findings, with their totals."""
    view = (await with_choices(FINDINGS, session, request)).view(request)
    wanted = filter_of(view)
    return await view.answer(
        session,
        select_findings(wanted),
        "pages/findings/findings.html",
        present=_shown,
        chips=[] if view.problems else await _chips(session, view, wanted),
        may_act=by.may("findings:act"),
    )


@router.get("/operadoras/divergencias/{finding_id:int}")
async def finding_page(
    request: Request, by: See, session: ReadSession, finding_id: int
) -> Response:
    """A finding with the lines of the file behind it, and what can be done about it."""
    finding = await findings.finding_of(session, finding_id)
    is_open = finding.status in (FindingStatus.OPEN, FindingStatus.PICKED)
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
        rows=[(row, _told(row.fields)) for row in rows],
        contestation_id=await contestation_about(session, finding_id),
        may_contest=is_open and by.may("contestations:act"),
        may_see_contestations=by.may("contestations:see"),
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
        chosen = await meant(request, session, ids=picked.ids, asked=picked.filtro)
        count = await set_picked(session, chosen, is_picked=is_picked, deed=by.deed(at=now, ip=ip))
    told = N_("%(n)s separadas.") if is_picked else N_("%(n)s devolvidas.")
    back = came_from(request)  # the list as it was narrowed
    return redirect(request, back if back.startswith(ROOT) else ROOT, told, n=count)


async def set_picked(
    session: AsyncSession, chosen: Select[Any], *, is_picked: bool, deed: Deed
) -> int:
    """This will pick open findings for a contestation, or put picked ones back; gives how many."""
    count = await pick(session, chosen, is_picked=is_picked, at=deed.at)
    record(session, deed, "findings.pick" if is_picked else "findings.put_back", count=count)
    return count


async def meant(
    request: Request, session: AsyncSession, *, ids: Sequence[int], asked: str
) -> Select[Any]:
    """The findings that were ticked, or all of the filter, which must be understood."""
    if not asked:
        return select_findings(FindingFilter(ids=tuple(ids)))
    told = Request({**request.scope, "query_string": asked.strip("*").encode()})
    view = (await with_choices(FINDINGS, session, told)).view(told)
    view.check()
    return select_findings(filter_of(view))


async def _chips(session: AsyncSession, view: View, wanted: FindingFilter) -> list[Chip]:
    """How many findings of the filter stand where, whatever situation it asks for."""
    found = await count_by_status(session, replace(wanted, status=None))
    return [
        Chip(
            gettext(word), found[status][0],
            view.url(situacao=None if wanted.status == status else status, cursor=None),
            amount=found[status][1], is_current=wanted.status == status,
        )
        for status, (word, _) in STATUSES.items()
        if status in found
    ]  # fmt: skip


def _told(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(gettext(FIELDS[name]), text) for name, text in told_fields(fields)]


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
