"""Layouts of carriers' CSVs told in the browser: typed, tried on a sample, kept by version."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from activities.carrier_mappings import (
    LARGEST_SAMPLE,
    Tried,
    change_mapping,
    make_mapping,
    try_mapping,
)
from api.carrier_mapping_inputs import COLUMN, MappingInput, typed
from api.carrier_words import KINDS, options
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.language import N_, gettext, told
from api.listing import Column, Filter, Listing
from api.rendering import page, redirect
from api.table import Kind
from models.carrier_mappings import newest_of, select_mappings, versions_of
from models.colleagues import names_by_login
from rules.carrier_mappings import (
    CELLS,
    HEADER_WITHIN,
    TARGET_WORDS,
    DayForm,
    DurationForm,
    Point,
    Separator,
    Target,
    split_cells,
)

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("registries:see")]
Edit = Annotated[Principal, need("registries:edit")]
ROOT = "/operadoras/mapeamentos"
#: Problems of a sample that the page lists; the rest is counted.
LISTED = 50

MAPPINGS = Listing(
    columns=(
        Column("code", N_("Código"), is_sortable=True),
        Column("name", N_("Nome"), is_sortable=True),
        Column("version", N_("Versão"), Kind.NUMBER),
        Column("made_at", N_("Salvo em"), Kind.MOMENT),
        Column("made_by", N_("Por"), Kind.PERSON),
        Column("is_active", N_("Ativo"), Kind.YES_NO),
    ),
    default_sort="code",
    filters=(Filter("busca", N_("Buscar")),),
    empty=N_("Nenhum mapeamento ainda. Crie o primeiro com as primeiras linhas de um arquivo."),
)
SEPARATORS = {
    Separator.SEMICOLON: N_("ponto e vírgula (;)"), Separator.COMMA: N_("vírgula (,)"),
    Separator.TAB: N_("tabulação"), Separator.BAR: N_("barra (|)"),
}  # fmt: skip
POINTS = {Point.COMMA: N_("vírgula: 1.234,56"), Point.POINT: N_("ponto: 1,234.56")}
DAYS = {each: each.value for each in DayForm}
DURATIONS = {
    DurationForm.CLOCK: N_("horas: 00:04:18 ou 04:18"), DurationForm.SECONDS: N_("segundos: 258"),
    DurationForm.MINUTES: N_("minutos com decimais: 4,3"),
    DurationForm.LETTERS: N_("letras: 04m18s"),
}  # fmt: skip


@router.get(ROOT)
async def mappings_page(request: Request, by: See, session: ReadSession) -> Response:
    """The mappings, each as it is now."""
    view = MAPPINGS.view(request)
    return await view.answer(
        session, select_mappings(search=view.text("busca")), "pages/carriers/mappings.html",
        present=lambda row: {**row, "href": f"{ROOT}/{row['code']}"},
        may_edit=by.may("registries:edit"),
    )  # fmt: skip


@router.get(f"{ROOT}/novo", dependencies=[need("registries:edit")])
async def new_mapping_page(request: Request) -> Response:
    """The form of a new mapping."""
    return _form_page(request, blank(MappingInput))


@router.post(f"{ROOT}/novo")
async def create_on_page(request: Request, by: Edit, database: Db, now: Now, ip: Ip) -> Response:
    """Keep a new mapping."""
    form = await submitted(request, MappingInput)
    if form.value:
        with form.refusals():
            mapping = form.value.told()
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await make_mapping(session, mapping, is_active=form.value.is_active, deed=deed)
            return redirect(request, f"{ROOT}/{mapping.code}", N_("Mapeamento salvo."))
    return _form_page(request, form)


@router.post(f"{ROOT}/experimento", dependencies=[need("registries:see")])
async def try_on_page(request: Request) -> Response:
    """What the mapping as it was typed makes of the sample; nothing is saved."""
    async with request.form():  # closes the file that came with it
        form = await submitted(request, MappingInput)
        raw = await _sample(form)
    tried = None
    if form.value:
        with form.refusals():
            tried = try_mapping(form.value.told(), raw)
    is_new = request.query_params.get("codigo") is None
    return _form_page(request, form, tried=tried, is_new=is_new)


@router.get(f"{ROOT}/{{code}}")
async def mapping_page(request: Request, by: See, session: ReadSession, code: str) -> Response:
    """The form of a mapping, and who saved which of its versions."""
    row = await newest_of(session, code)
    form = blank(MappingInput, **typed(row.as_layout(), is_active=row.is_active))
    people = await names_by_login(session)
    versions = [
        (each, people.get(each.made_by, each.made_by)) for each in await versions_of(session, code)
    ]
    may_edit = by.may("registries:edit")
    return _form_page(request, form, is_new=False, versions=versions, may_edit=may_edit)


@router.post(f"{ROOT}/{{code}}")
async def change_on_page(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, code: str
) -> Response:
    """Keep a mapping's next version; what was read before keeps its own."""
    form = await submitted(request, MappingInput)
    if form.value:
        with form.refusals():
            mapping = replace(form.value.told(), code=code)
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await change_mapping(session, mapping, is_active=form.value.is_active, deed=deed)
            return redirect(request, f"{ROOT}/{code}", N_("Mapeamento salvo."))
    return _form_page(request, form, is_new=False)


async def _sample(form: Submitted[MappingInput]) -> bytes:
    """The file that was chosen, else what was pasted; shown again as text either way."""
    file = form.raw.get("file")
    pasted = str(form.raw.get("sample") or "")
    raw = pasted.encode()
    if isinstance(file, UploadFile) and file.filename:
        raw = await file.read(LARGEST_SAMPLE + 1)
        form.raw["sample"] = _as_text(raw)
    form.raw["file"] = ""
    return raw


def _as_text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _form_page(
    request: Request,
    form: Submitted[MappingInput],
    *,
    tried: Tried | None = None,
    is_new: bool = True,
    may_edit: bool = True,
    versions: Any = (),
) -> Response:
    return page(
        request, "pages/carriers/mapping.html", status=form.status, form=form, is_new=is_new,
        may_edit=may_edit, versions=versions, root=ROOT, column=COLUMN,
        cells=[(cell, gettext(word)) for cell, word in CELLS.items()],
        titles=_titles(form), separators=options(SEPARATORS), points=options(POINTS),
        days=list(DAYS.items()), durations=options(DURATIONS),
        targets=[(str(t), gettext(TARGET_WORDS[t])) for t in Target],
        kinds={kind: gettext(word) for kind, word in KINDS.items()},
        tried=tried, header=_header(tried), problems=_told(tried),
    )  # fmt: skip


def _titles(form: Submitted[MappingInput]) -> list[str]:
    """What the sample's header calls its columns, to choose from while typing."""
    lines = str(form.raw.get("sample") or "").lstrip("\ufeff").split("\n")[:HEADER_WITHIN]
    separator = form.raw.get("separator") or Separator.SEMICOLON
    if separator not in {str(each) for each in Separator}:
        return []
    rows = [split_cells(line.strip(), Separator(separator)) for line in lines]
    return max(rows, key=lambda cells: len(list(filter(None, cells))))


def _header(tried: Tried | None) -> dict[str, str]:
    """What the sample's rows say of the invoice as a whole, dates as people write them."""
    found = dict(tried.header) if tried else {}
    for name in ("issue_date", "due_date"):
        text = found.get(name, "")
        if len(text) == 8:
            found[name] = f"{text[6:]}/{text[4:6]}/{text[:4]}"
    return found


def _told(tried: Tried | None) -> list[Any]:
    """The problems of a sample in the reader's language."""
    found = tried.problems[:LISTED] if tried else []
    return [replace(each, message=told(each.message, each.places)) for each in found]
