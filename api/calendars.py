"""Service calendars: hours by weekday, holidays and closures, as pages and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Listing
from api.once import NamedRequest
from api.rendering import page, redirect
from api.table import Badge, Kind, Tone
from models import calendars
from models.calendars import ServiceCalendar
from models.database import Database
from models.deadlines import older_versions
from models.people import Deed
from models.rows import rows_of
from rules.business_days import HOUSE, CalendarKind, add_business_seconds
from rules.calendar_hours import WEEKDAYS, read_week, written_week
from rules.house import ZONES

router = APIRouter(tags=["registries"])

PATH = "/cadastros/calendarios"
See = Annotated[Principal, need("registries:see")]
Edit = Annotated[Principal, need("registries:edit")]
KINDS = {
    CalendarKind.NATIONAL: N_("Lei"),
    CalendarKind.BANK: N_("Bancos"),
    CalendarKind.NONE: N_("Nenhum"),
}
DAY_NAMES = (
    *(N_("Segunda-feira"), N_("Terça-feira"), N_("Quarta-feira"), N_("Quinta-feira")),
    *(N_("Sexta-feira"), N_("Sábado"), N_("Domingo")),
)
#: What a calendar's page shows of it: when so many working hours from now are over.
SAMPLE_HOURS = (1, 4, 8, 24)

CALENDARS = Listing(
    columns=(
        Column("code", N_("Código"), is_sortable=True),
        Column("name", N_("Nome"), is_sortable=True),
        Column("kind", N_("Feriados"), Kind.BADGE),
        Column("uf", N_("UF")),
        Column("time_zone", N_("Fuso horário")),
        Column("version", N_("Versão"), Kind.NUMBER),
        Column("is_active", N_("Ativo"), Kind.YES_NO),
    ),
    default_sort="name",
    empty=N_("Nenhum calendário: prazos contam de segunda a sexta, das 9h às 18h."),
)


class CalendarInput(Input):
    """What a form or a program says of a calendar; hours as 08:00-12:00, 13:00-18:00."""

    code: str = Field(min_length=1, max_length=12, pattern=r"^[\w-]+$")
    name: str = Field(min_length=1, max_length=120)
    kind: CalendarKind = CalendarKind.NATIONAL
    uf: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    time_zone: str = Field(default_factory=lambda: HOUSE.zone, pattern=f"^({'|'.join(ZONES)})$")
    is_active: bool = False
    monday: str = Field(default="", max_length=120)
    tuesday: str = Field(default="", max_length=120)
    wednesday: str = Field(default="", max_length=120)
    thursday: str = Field(default="", max_length=120)
    friday: str = Field(default="", max_length=120)
    saturday: str = Field(default="", max_length=120)
    sunday: str = Field(default="", max_length=120)


@router.get(PATH, include_in_schema=False)
async def calendars_page(request: Request, by: See, session: ReadSession) -> Response:
    """All calendars."""
    view = CALENDARS.view(request)
    return await view.answer(
        session,
        calendars.select_calendars(),
        "pages/calendars/calendars.html",
        present=_shown,
        may_edit=by.may("registries:edit"),
        older=sum(each.tasks + each.clocks for each in await older_versions(session)),
    )


@router.get(PATH + "/novo", include_in_schema=False, dependencies=[need("registries:edit")])
async def new_calendar_page(request: Request, now: Now) -> Response:
    """The form of a new calendar, with office hours to start from."""
    week = dict.fromkeys(WEEKDAYS[:5], "08:00-12:00, 13:00-18:00")
    form = blank(CalendarInput, time_zone=HOUSE.zone, is_active=True, **week)
    return _form_page(request, form, now=now)


@router.post(PATH + "/novo", include_in_schema=False)
async def add_on_page(request: Request, by: Edit, database: Db, now: Now, ip: Ip) -> Response:
    """Add a calendar."""
    form = await submitted(request, CalendarInput)
    if form.value:
        with form.refusals():
            new = ServiceCalendar(code="", name="")
            async with database.write() as session:
                await _save(new, form.value, session, by.deed(at=now, ip=ip))
            return redirect(request, PATH, N_("Calendário salvo."))
    return _form_page(request, form, now=now)


@router.get(PATH + "/{calendar_id:int}", include_in_schema=False)
async def calendar_page(
    request: Request, by: See, session: ReadSession, now: Now, calendar_id: int
) -> Response:
    """A calendar: its hours, its days off, and when a few deadlines from now would fall."""
    row = await calendars.get_calendar(session, calendar_id)
    form = blank(CalendarInput, **await _as_asked(session, row))
    return await _known_page(request, session, row, form, by=by, now=now)


@router.post(PATH + "/{calendar_id:int}", include_in_schema=False)
async def change_on_page(
    request: Request, by: Edit, database: Db, now: Now, ip: Ip, calendar_id: int
) -> Response:
    """Change a calendar: a new version, for what is counted from now on."""
    form = await submitted(request, CalendarInput)
    if form.value:
        with form.refusals():
            await _change(calendar_id, form.value, database, by.deed(at=now, ip=ip))
            return redirect(request, PATH, N_("Calendário salvo."))
    async with database.read() as session:
        row = await calendars.get_calendar(session, calendar_id)
        return await _known_page(request, session, row, form, by=by, now=now)


@router.get("/api/calendars", dependencies=[need("registries:see")])
async def list_calendars(session: ReadSession) -> list[dict[str, Any]]:
    """Every calendar with its hours."""
    rows = await rows_of(session, calendars.select_calendars().order_by("id"))
    return [{**row, **written_week(await calendars.windows_of(session, row["id"]))} for row in rows]


@router.post("/api/calendars", status_code=201)
async def add_calendar(
    asked: CalendarInput, by: Edit, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, int]:
    """Add a calendar."""
    deed = by.deed(at=now, ip=ip)

    async def add(session: AsyncSession) -> dict[str, int]:
        return {"id": await _save(ServiceCalendar(code="", name=""), asked, session, deed)}

    return await once.do(database, deed, add)


@router.put("/api/calendars/{calendar_id}")
async def change_calendar(
    asked: CalendarInput, by: Edit, database: Db, now: Now, ip: Ip, calendar_id: int
) -> dict[str, int]:
    """Change a calendar: all of its fields, as a PUT says."""
    return {"id": await _change(calendar_id, asked, database, by.deed(at=now, ip=ip))}


async def _change(calendar_id: int, asked: CalendarInput, database: Database, deed: Deed) -> int:
    async with database.read() as session:
        row = await calendars.get_calendar(session, calendar_id)
    async with database.write() as session:
        return await _save(row, asked, session, deed)


async def _save(
    row: ServiceCalendar, asked: CalendarInput, session: AsyncSession, deed: Deed
) -> int:
    windows = read_week(asked.model_dump(include=set(WEEKDAYS)))
    row.sqlmodel_update(asked.model_dump(exclude=set(WEEKDAYS)))
    return await calendars.save_calendar(session, row, windows, deed=deed)


async def _as_asked(session: AsyncSession, row: ServiceCalendar) -> dict[str, Any]:
    week = written_week(await calendars.windows_of(session, row.id or 0))
    return {**row.model_dump(include=set(CalendarInput.model_fields)), **week}


async def _known_page(
    request: Request,
    session: AsyncSession,
    row: ServiceCalendar,
    form: Submitted[CalendarInput],
    *,
    by: Principal,
    now: datetime,
) -> Response:
    calendar = await calendars.load_service_calendar(session, row.code)
    samples = [
        (hours, add_business_seconds(now, seconds=hours * 3600, calendar=calendar))
        for hours in SAMPLE_HOURS
    ]
    return _form_page(
        request, form, now=now, row=row, may_edit=by.may("registries:edit"), samples=samples,
        closures=await calendars.closures_of(session, row), version=calendar.version,
        older=sum(
            each.tasks + each.clocks
            for each in await older_versions(session)
            if each.calendar == row.code
        ),
    )  # fmt: skip


def _form_page(
    request: Request,
    form: Submitted[CalendarInput],
    *,
    now: datetime,
    may_edit: bool = True,
    **values: Any,
) -> Response:
    return page(
        request,
        "pages/calendars/calendar.html",
        status=form.status,
        now=now,
        form=form,
        may_edit=may_edit,
        days=[(name, gettext(label)) for name, label in zip(WEEKDAYS, DAY_NAMES, strict=True)],
        kinds=[(kind.value, gettext(label)) for kind, label in KINDS.items()],
        zones=[(zone, zone) for zone in ZONES],
        **values,
    )


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **row,
        "href": f"{PATH}/{row['id']}",
        "label": row["name"],
        "kind": Badge(gettext(KINDS[CalendarKind(row["kind"])]), Tone.BLUE),
    }
