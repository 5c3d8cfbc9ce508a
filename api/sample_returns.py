"""Return files to train with, made of open invoices: the page, and the same for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from activities.sample_returns import AskedSample, SampleFile, make_sample
from api.contracts import badge_of
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, Today, need
from api.files import saved_as
from api.forms import Day, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext
from api.payment_words import bank_name
from api.rendering import page
from models.database import Database
from models.people import Deed, record
from models.sample_returns import open_invoices
from rules.sample_returns import MOST, Fate, NotForTraining

router = APIRouter(tags=["payments"])

Act = Annotated[Principal, need("payments:act")]
PATH = "/pagamentos/retornos/treino"
#: So many invoices are offered; the search finds the others.
SHOWN = 25
FATES = {
    Fate.DUE: N_("Pago: o valor do dia, com encargos se atrasada"),
    Fate.OPEN: N_("Pago sem os encargos"),
    Fate.SHORT: N_("Pago pela metade"),
    Fate.OVER: N_("Pago com R$ 10,00 a mais"),
    Fate.TWICE: N_("Pago duas vezes"),
    Fate.REJECTED: N_("Boleto recusado"),
    Fate.WRITTEN_OFF: N_("Boleto baixado sem pagamento"),
}


class SampleForm(BaseModel):
    """What the file is to tell beside the invoices chosen; `every` of the others that were shown,
    `busca` is what they were looked for by."""

    paid_on: Day
    columns: Literal["", "240", "400"] = ""
    every: Fate | None = None
    has_unknown: bool = False
    has_unreadable: bool = False
    busca: str = Field(default="", max_length=80)
    bloqueados: bool = False


class FateInput(Input):
    """An open invoice, and what happens to it at its bank."""

    invoice_id: int = Field(ge=1, le=10**15)
    fate: Fate = Fate.DUE


class SampleInput(Input):
    """What the file is to tell; `paid_on` None: today, `columns` None: as the bank's are read."""

    invoices: list[FateInput] = Field(default=[], max_length=MOST)
    paid_on: date | None = Field(default=None, ge=date(2000, 1, 1))
    columns: Literal[240, 400] | None = None
    has_unknown: bool = Field(default=False, description="a payment of nobody's boleto")
    has_unreadable: bool = Field(default=False, description="a line that cannot be read")


@router.get(PATH, include_in_schema=False)
async def sample_page(
    request: Request, _by: Act, session: ReadSession, config: Config, today: Today,
    *, busca: Annotated[str, Query(max_length=80)] = "", bloqueados: bool = False,
) -> Response:  # fmt: skip
    """Open invoices, each with what may happen to it; a search keeps what was chosen before it.
    Refused where it is earnest."""
    if not config.is_training():
        raise NotForTraining
    sent = request.query_params
    typed = {name: sent[name] for name in SampleForm.model_fields if name in sent}
    form = blank(
        SampleForm, **{"paid_on": today, **typed, "busca": busca, "bloqueados": bloqueados}
    )
    return await _page(request, session, form, _chosen(sent, None))


@router.post(PATH, include_in_schema=False)
async def make_on_page(
    request: Request, by: Act, database: Db, config: Config, now: Now, ip: Ip
) -> Response:
    """Make the file, to be saved and sent in as a bank's."""
    form, sent = await submitted(request, SampleForm), await request.form()
    every = form.value.every if form.value else None
    chosen = _chosen(sent, every)
    if form.value:
        with form.refusals():
            asked = AskedSample(
                list(chosen.items()), form.value.paid_on,
                int(form.value.columns) if form.value.columns else None,
                has_unknown=form.value.has_unknown, has_unreadable=form.value.has_unreadable,
            )  # fmt: skip
            return _saved(await _make(database, config, asked, by.deed(at=now, ip=ip)))
    async with database.read() as session:
        return await _page(request, session, form, _chosen(sent, None))


@router.post(
    "/api/bank-returns/samples",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "CNAB 240 or 400"}},
)
async def make(
    body: SampleInput, by: Act, database: Db, config: Config, now: Now, today: Today, ip: Ip
) -> Response:
    """Makes a return file to train with; refused where nobody trains."""
    asked = AskedSample(
        [(each.invoice_id, each.fate) for each in body.invoices], body.paid_on or today,
        body.columns, has_unknown=body.has_unknown, has_unreadable=body.has_unreadable,
    )  # fmt: skip
    return _saved(await _make(database, config, asked, by.deed(at=now, ip=ip)))


def _chosen(sent: Mapping[str, Any], every: Fate | None) -> dict[int, Fate]:
    """The invoices that were shown, by their fields' names, with the fate of each that has one."""
    found = {}
    for name, value in sent.items():
        begins, _, number = name.partition("-")
        fate = Fate(value) if value in set(Fate) else every
        if begins == "fate" and number.isdecimal() and len(number) < 16 and fate is not None:
            found[int(number)] = fate
    return dict(list(found.items())[: MOST + 1])


async def _make(database: Database, config: Config, asked: AskedSample, deed: Deed) -> SampleFile:
    if not config.is_training():
        raise NotForTraining
    async with database.write() as session:
        made = await make_sample(session, asked, at=deed.at)
        invoices = [number for number, _ in asked.fates]
        record(session, deed, "bank_return.sample", file=made.name, invoices=invoices)
        return made


def _saved(made: SampleFile) -> Response:
    return Response(made.content, media_type="text/plain", headers=saved_as(made.name))


async def _page(
    request: Request,
    session: ReadSession,
    form: Submitted[SampleForm],
    chosen: dict[int, Fate],
) -> Response:
    search = str(form.raw["busca"] or "").strip()[:80]
    only_blocked = form.raw["bloqueados"] in {True, "1"}
    offered = await open_invoices(
        session, search=search, only_blocked=only_blocked, chosen=chosen, limit=SHOWN
    )
    return page(
        request, "pages/payments/sample_return.html", status=form.status, form=form,
        offered=offered, is_cut=len(offered) - len(chosen) >= SHOWN, shown=SHOWN,
        only_blocked=only_blocked, chosen=chosen,
        bank_name=bank_name, badge_of=badge_of,
        fates=[(str(fate), gettext(words)) for fate, words in FATES.items()],
    )  # fmt: skip
