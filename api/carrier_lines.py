"""The inventory: lines with their holders, one by its form, many from a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_lines import save_line, save_lines
from api.carrier_filters import CENTRE, COMPANY, with_choices
from api.carrier_tables import TableSent, table_sent
from api.carrier_words import LINE_KINDS, LINE_STATUSES, badge, options
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.files import saved_as
from api.forms import Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import page, redirect
from api.table import FilterKind, Kind
from models.carriers import company_called, company_choices
from models.cost_centres import centre_choices
from models.customers import Customer
from models.finding_list import NO_CENTRE
from models.lines import Line, LineChange, check_line, holders_of, line_of, select_lines
from models.people import Deed, record
from rules.carrier_charges import normalise_number
from rules.carrier_tables import LINES, sample_of
from rules.lines import LineKind, LineStatus

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("carriers:see")]
Act = Annotated[Principal, need("carriers:act")]

LISTED = Listing(
    columns=(
        Column("number", N_("Número"), is_sortable=True),
        Column("kind_name", N_("Tipo")),
        Column("company", N_("Empresa")),
        Column("owner", N_("Usuário")),
        Column("cost_centre", N_("Centro de custo")),
        Column("plan_code", N_("Plano")),
        Column("active_from", N_("Ativa desde"), Kind.DAY),
        Column("active_until", N_("Cancelada em"), Kind.DAY),
        Column("state", N_("Situação"), Kind.BADGE),
    ),
    default_sort="number",
    filters=(
        Filter("busca", N_("Número ou usuário")),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((str(k), v[0]) for k, v in LINE_STATUSES.items()), N_("Todas"),
        ),
        COMPANY,
        CENTRE,
    ),
    empty=N_("Nenhuma linha ainda. Crie a primeira ou importe um CSV."),
)  # fmt: skip


class LineInput(Input):
    """A line as its form says; its holder, where it changes, from today on or as told."""

    company: str = Field(min_length=1, max_length=40)
    number: str = Field(min_length=1, max_length=25)
    kind: LineKind = LineKind.MOBILE
    status: LineStatus = LineStatus.ACTIVE
    plan_code: str = Field(default="", max_length=60)
    active_from: Day | None = None
    active_until: Day | None = None
    owner: str = Field(default="", max_length=120)
    cost_centre: str = Field(default="", max_length=60)
    holder_since: Day | None = None

    def change(self) -> LineChange:
        """As the inventory takes it."""
        told = self.model_dump(exclude={"company"})
        return LineChange(**{**told, "number": normalise_number(self.number)})


@router.get("/operadoras/linhas")
async def lines_page(request: Request, by: See, session: ReadSession) -> Response:
    """The inventory."""
    view = (await with_choices(LISTED, session, request)).view(request)
    centre = view.text("centro")
    statement = select_lines(
        search=view.text("busca"), status=view.text("situacao"), company=view.text("empresa"),
        cost_centre="" if centre == NO_CENTRE else centre,
    )  # fmt: skip
    return await view.answer(
        session,
        statement,
        "pages/carriers/lines.html",
        present=_shown,
        may_act=by.may("carriers:act"),
    )


@router.get("/operadoras/linhas/modelo.csv", dependencies=[need("carriers:see")])
async def sample_file() -> Response:
    """A sample of a spreadsheet of lines."""
    text = sample_of(
        LINES,
        ("11987654321", "móvel", "ativa", "PCRP", "01/02/2024", "", "Ana Souza", "VENDAS", ""),
        ("1133334444", "fixa", "cancelada", "", "10/05/2020", "01/03/2026", "", "RECEPÇÃO",
         "10/05/2020"),
    )  # fmt: skip
    told = saved_as("linhas.csv")
    return Response(text, media_type="text/csv; charset=utf-8", headers=told)


@router.get("/operadoras/linhas/nova", dependencies=[need("carriers:act")])
async def new_line_page(request: Request, session: ReadSession) -> Response:
    """The form of a new line; `?numero=` says which."""
    number = request.query_params.get("numero", "")[:25]
    form = blank(LineInput, number=number, kind="mobile", status="active")
    return await _form_page(request, session, form)


@router.post("/operadoras/linhas/nova")
async def create_on_page(
    request: Request, by: Act, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Make a line."""
    form = await submitted(request, LineInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await make_line(session, form.value, today=today, deed=deed)
            return redirect(request, "/operadoras/linhas", N_("Linha salva."))
    async with database.read() as session:
        return await _form_page(request, session, form)


@router.get("/operadoras/linhas/{line_id:int}")
async def line_page(request: Request, by: See, session: ReadSession, line_id: int) -> Response:
    """A line, and everybody who held it."""
    line = await line_of(session, line_id)
    holders = await holders_of(session, line_id)
    now_held = next((each for each in holders if each.until is None), None)
    told = line.model_dump(include=set(LineInput.model_fields))
    told["company"] = (await session.get_one(Customer, line.customer_id)).code
    if now_held:
        told |= {"owner": now_held.owner, "cost_centre": now_held.cost_centre}
    form = blank(LineInput, **told)
    may_act = by.may("carriers:act")
    return await _form_page(request, session, form, line=line, holders=holders, may_act=may_act)


@router.post("/operadoras/linhas/{line_id:int}")
async def change_on_page(
    request: Request, by: Act, database: Db, now: Now, today: Today, ip: Ip, line_id: int
) -> Response:
    """Change a line; its company stays."""
    form = await submitted(request, LineInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await change_line(session, line_id, form.value, today=today, deed=deed)
            return redirect(request, "/operadoras/linhas", N_("Linha salva."))
    async with database.read() as session:
        line = await line_of(session, line_id)
        holders = await holders_of(session, line_id)
        return await _form_page(request, session, form, line=line, holders=holders)


@router.get("/operadoras/linhas/importacao", dependencies=[need("carriers:act")])
async def import_page(request: Request, session: ReadSession) -> Response:
    """The form of a spreadsheet of lines."""
    form: Submitted[Any] = Submitted({"company": "", "file": ""})
    return await _import_page(request, session, form, TableSent())


@router.post("/operadoras/linhas/importacao")
async def import_on_page(
    request: Request, by: Act, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Take in a company's spreadsheet of lines: all of them, or none."""
    form: Submitted[Any] = Submitted({"company": "", "file": ""})
    sent = TableSent()
    with form.refusals():
        sent, others = await table_sent(request, LINES, key="number", check=_check)
        form.raw["company"] = others.get("company", "")
        if not sent.problems:
            changes = [LineChange(**row) for row in sent.rows]
            async with database.write() as session:
                company = await company_called(session, form.raw["company"].strip())
                new, changed = await save_lines(session, changes, customer_id=company, today=today)
                deed, told = by.deed(at=now, ip=ip), {"new": new, "changed": changed}
                record(session, deed, "lines.import", subject=f"customer/{company}", **told)
            words = N_("%(new)s linhas novas, %(changed)s atualizadas.")
            return redirect(request, "/operadoras/linhas", words, new=new, changed=changed)
    async with database.read() as session:
        return await _import_page(request, session, form, sent)


async def make_line(session: AsyncSession, asked: LineInput, *, today: date, deed: Deed) -> int:
    """This will make a line; page and API share it. Refuses CompanyChosenUnknown and LineTaken."""
    company = await company_called(session, asked.company)
    line = await save_line(session, asked.change(), customer_id=company, today=today)
    told = asked.model_dump(mode="json")
    record(session, deed, "line.create", subject=f"line/{line.id}", **told)
    return line.id or 0


async def change_line(
    session: AsyncSession, line_id: int, asked: LineInput, *, today: date, deed: Deed
) -> None:
    """This will change a line, whose company stays. Refuses LineNotFound and LineTaken."""
    line = await line_of(session, line_id)
    await save_line(session, asked.change(), customer_id=line.customer_id, line=line, today=today)
    told = asked.model_dump(mode="json")
    record(session, deed, "line.change", subject=f"line/{line_id}", **told)


def _check(row: dict[str, Any]) -> None:
    check_line(LineChange(**row))


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **row,
        "kind_name": gettext(LINE_KINDS[LineKind(row["kind"])]),
        "state": badge(LINE_STATUSES[LineStatus(row["status"])]),
        "href": f"/operadoras/linhas/{row['id']}",
        "label": row["number"],
    }


async def _form_page(
    request: Request,
    session: AsyncSession,
    form: Submitted[LineInput],
    *,
    line: Line | None = None,
    holders: Any = (),
    may_act: bool = True,
) -> Response:
    return page(
        request,
        "pages/carriers/line.html",
        status=form.status,
        form=form,
        line=line,
        holders=holders,
        companies=[] if line else await company_choices(session),
        centres=await centre_choices(session, form.raw.get("company") or None),
        kinds=options(LINE_KINDS),
        statuses=[(value, gettext(word)) for value, (word, _) in LINE_STATUSES.items()],
        may_act=may_act,
    )


async def _import_page(
    request: Request, session: AsyncSession, form: Submitted[Any], sent: TableSent
) -> Response:
    return page(
        request,
        "pages/carriers/line_import.html",
        status=422 if sent.problems else form.status,
        form=form,
        sent=sent,
        companies=await company_choices(session),
    )
