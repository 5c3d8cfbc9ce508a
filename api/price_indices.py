"""Filling an index: a CSV of its months, or the central bank's series."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request, Response, UploadFile
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.clients.central_bank import monthly_rates
from activities.price_indices import IndexWithoutSeries, KeptMonths, keep_months, read_months
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.once import NamedRequest
from api.rendering import page, redirect
from models.people import Deed
from models.plans import PriceIndex
from models.registry_rows import get_row
from rules.business_days import add_months
from rules.contract_words import METHODS
from rules.price_indices import Method

router = APIRouter(tags=["registries"])
Edit = Annotated[Principal, need("registries:edit")]

PATH = "/cadastros/indices/{index_id:int}/meses"
#: As far back as a readjustment that is late may look.
MONTHS_ASKED = 60
KEPT = N_("%(new)s mês(es) novo(s), %(changed)s alterado(s), %(unchanged)s igual(is).")


class MonthsForm(BaseModel):
    """A file of months, and what its values are."""

    model_config = {"arbitrary_types_allowed": True}

    file: UploadFile | None = None
    kind: Method = Method.NUMBER_INDICES


class MonthsInput(Input):
    """Months as a program sends them: the lines of a CSV."""

    csv: str
    kind: Method = Method.NUMBER_INDICES


@router.get(PATH, include_in_schema=False, dependencies=[need("registries:edit")])
async def months_page(request: Request, index_id: int, session: ReadSession) -> Response:
    """The two ways of filling an index."""
    return await _page(request, session, index_id, blank(MonthsForm))


@router.post(PATH, include_in_schema=False)
async def import_by_page(
    request: Request, index_id: int, by: Edit, database: Db, now: Now, ip: Ip
) -> Response:
    """Keeps the months of a file."""
    async with request.form():  # closes the file that came with it
        form = await submitted(request, MonthsForm)
        if form.value:
            with form.refusals():
                content = await form.value.file.read() if form.value.file else b""
                deed = by.deed(at=now, ip=ip)
                async with database.write() as session:
                    kept = await _keep(session, index_id, content, form.value.kind, deed)
                return redirect(request, "/cadastros/valores-de-indices", KEPT, **vars(kept))
    async with database.read() as session:
        return await _page(request, session, index_id, form)


@router.post(PATH + "/banco-central", include_in_schema=False)
async def ask_by_page(
    request: Request, index_id: int, by: Edit, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Asks the central bank; what goes wrong is shown."""
    form = blank(MonthsForm)
    with form.refusals():
        kept = await _ask(database, index_id, today, by.deed(at=now, ip=ip))
        return redirect(request, "/cadastros/valores-de-indices", KEPT, **vars(kept))
    async with database.read() as session:
        return await _page(request, session, index_id, form)


@router.post("/api/price-indices/{index_id}/months")
async def import_months(
    index_id: int, body: MonthsInput, by: Edit, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> dict[str, int]:  # fmt: skip
    """Keeps the months of a CSV: 10/2026;0,45 a line."""
    deed = by.deed(at=now, ip=ip)

    async def keep(session: AsyncSession) -> dict[str, int]:
        return vars(await _keep(session, index_id, body.csv.encode(), body.kind, deed))

    return await once.do(database, deed, keep)


@router.post("/api/price-indices/{index_id}/central-bank")
async def ask_central_bank(
    index_id: int, by: Edit, database: Db, now: Now, today: Today, ip: Ip
) -> dict[str, int]:
    """Asks the central bank for the monthly rates of the index's series."""
    return vars(await _ask(database, index_id, today, by.deed(at=now, ip=ip)))


async def _keep(
    session: AsyncSession, index_id: int, content: bytes, kind: Method, deed: Deed
) -> KeptMonths:
    months = read_months(content)
    return await keep_months(session, index_id, months, kind=kind, source="csv", deed=deed)


async def _ask(database: Db, index_id: int, today: date, deed: Deed) -> KeptMonths:
    async with database.read() as session:
        index = await get_row(session, PriceIndex, index_id)
    if index.series is None:
        raise IndexWithoutSeries
    months = await monthly_rates(
        index.series, since=add_months(today.replace(day=1), months=-MONTHS_ASKED), until=today
    )
    async with database.write() as session:
        return await keep_months(
            session, index_id, months, kind=Method.MONTHLY_RATES, source="bcb", deed=deed
        )


async def _page(
    request: Request, session: AsyncSession, index_id: int, form: Submitted[MonthsForm]
) -> Response:
    index = await get_row(session, PriceIndex, index_id)
    return page(
        request, "pages/registries/index_months.html", status=form.status, form=form, index=index,
        kinds=[(value, gettext(label)) for value, label in METHODS.items()],
    )  # fmt: skip
