"""Where each carrier takes contestations, by level: without an address no letter leaves."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.contestations import Act
from api.dependencies import Db, Ip, Now, ReadSession, need
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.rendering import page, redirect
from models.carriers import Carrier
from models.contestation_desks import carriers_with_desks, change_desks, desks_of
from models.people import Deed, record
from rules.contestation import Level
from rules.contestation_words import LEVELS

router = APIRouter()

EMAIL = r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$"
Address = Annotated[str, Field(max_length=120, pattern=EMAIL)]


class DesksInput(Input):
    """The e-mail address of each level; blank: the first one's, the regulator: none."""

    carrier: Address = ""
    second_level: Address = ""
    ombudsman: Address = ""
    regulator: Address = ""

    @property
    def by_level(self) -> dict[int, str]:
        """The addresses by level."""
        return {Level[name.upper()]: text for name, text in self.model_dump().items()}


async def _change(database: Db, carrier_id: int, said: DesksInput, deed: Deed) -> None:
    async with database.write() as session:
        await change_desks(session, carrier_id, said.by_level)
        record(session, deed, "contestation.desks", subject=f"carrier/{carrier_id}")


@router.get(
    "/contestacoes/enderecos", include_in_schema=False, dependencies=[need("contestations:see")]
)
async def desks_page(request: Request, session: ReadSession) -> Response:
    """Every carrier, and where its contestations go."""
    rows = await carriers_with_desks(session)
    return page(request, "pages/contestation/desks.html", rows=rows)


@router.get(
    "/contestacoes/enderecos/{carrier_id:int}",
    include_in_schema=False,
    dependencies=[need("contestations:act")],
)
async def desk_form(request: Request, session: ReadSession, carrier_id: int) -> Response:
    """The addresses of a carrier, to be changed."""
    form = blank(DesksInput, **_told(await desks_of(session, carrier_id)))
    return await _form_page(request, session, carrier_id, form)


@router.post("/contestacoes/enderecos/{carrier_id:int}", include_in_schema=False)
async def change_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, carrier_id: int
) -> Response:
    """Changes the addresses of a carrier; letters of later on go there."""
    form = await submitted(request, DesksInput)
    if form.value:
        await _change(database, carrier_id, form.value, by.deed(at=now, ip=ip))
        return redirect(request, "/contestacoes/enderecos", N_("Endereços gravados."))
    async with database.read() as session:
        return await _form_page(request, session, carrier_id, form)


@router.get(
    "/api/carriers/{carrier_id}/contestation-desks",
    tags=["contestations"],
    dependencies=[need("contestations:see")],
)
async def read_desks(session: ReadSession, carrier_id: int) -> DesksInput:
    """Where a carrier takes contestations."""
    return DesksInput(**_told(await desks_of(session, carrier_id)))


@router.put("/api/carriers/{carrier_id}/contestation-desks", tags=["contestations"])
async def write_desks(
    body: DesksInput, by: Act, database: Db, now: Now, ip: Ip, carrier_id: int
) -> DesksInput:
    """Changes where a carrier takes contestations."""
    await _change(database, carrier_id, body, by.deed(at=now, ip=ip))
    return body


async def _form_page(
    request: Request, session: AsyncSession, carrier_id: int, form: Submitted[Any]
) -> Response:
    carrier = await session.get_one(Carrier, carrier_id)
    fields = [
        (level.name.lower(), gettext(LEVELS[level])) for level in Level if level != Level.EXHAUSTED
    ]
    return page(
        request, "pages/contestation/desk.html", status=form.status, form=form, carrier=carrier,
        fields=fields,
    )  # fmt: skip


def _told(addresses: dict[int, str]) -> dict[str, str]:
    return {Level(level).name.lower(): text for level, text in addresses.items()}
