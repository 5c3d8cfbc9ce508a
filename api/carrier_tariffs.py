"""Tariffs of an agreement: one by its form, many from a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, Field

from activities.carrier_tariffs import take_in
from api.carrier_tables import TableSent, table_sent
from api.carrier_words import CROSSINGS, SHARINGS, TARIFF_KINDS, UNITS, options
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.files import saved_as
from api.forms import Day, Percent, Price, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_
from api.rendering import page, redirect
from models.carrier_agreements import (
    CarrierAgreement,
    CarrierTariff,
    agreement_of,
    tariff_of,
)
from models.registry_rows import add_row, change_row
from rules.carrier_charges import normalise_number
from rules.carrier_tables import TARIFFS, sample_of
from rules.carrier_tariffs import check_tariff, check_told_once
from rules.carrier_terms import Crossing, Sharing, TariffKind, TariffUnit

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("carriers:see")]
Act = Annotated[Principal, need("carriers:act")]
PATH = "/operadoras/contratos/{agreement_id:int}/tarifas"


class TariffInput(Input):
    """A tariff as its form says."""

    kind: TariffKind
    code: str = Field(min_length=1, max_length=60)
    description: str = Field(default="", max_length=160)
    price: Price = Decimal(0)
    unit: TariffUnit = TariffUnit.EACH
    percent: Percent = Field(default=Decimal(0), ge=0, le=100)
    quantity: int = Field(default=0, ge=0, le=10**9)
    base_code: str = Field(default="", max_length=60)
    minimum_seconds: int = Field(default=30, ge=0, le=3600)
    step_seconds: int = Field(default=6, ge=1, le=3600)
    valid_from: Day = date(2000, 1, 1)
    valid_until: Day | None = None
    number: Annotated[str, AfterValidator(normalise_number)] = Field(default="", max_length=25)
    sharing: Sharing = Sharing.LINE
    crossing: Crossing = Crossing.WHOLE


CHECKED = (
    "price", "unit", "percent", "quantity", "base_code", "valid_from", "valid_until", "number",
    "sharing",
)  # fmt: skip


@router.get("/operadoras/contratos/modelo-tarifas.csv", dependencies=[need("carriers:see")])
async def sample_file() -> Response:
    """A sample of a spreadsheet of tariffs."""
    text = sample_of(
        TARIFFS,
        ("assinatura", "PCRP", "Plano Corporativo", "49,90", "unidade", "", "", "",
         "", "", "01/01/2026", "", "", "", ""),
        ("assinatura", "PCRP", "Plano de uma linha", "39,90", "unidade", "", "", "",
         "", "", "01/01/2026", "", "11987654321", "", ""),
        ("chamada", "VC1", "Móvel local", "0,2950", "minuto", "", "", "",
         "30", "6", "", "", "", "", ""),
        ("franquia", "PCRP", "Minutos locais", "", "minuto", "", "20", "LOC",
         "", "", "", "", "", "por_linha", "inteira"),
        ("franquia", "PDAD", "Dados", "", "megabyte", "", "2048", "STD",
         "", "", "", "", "", "somada", ""),
        ("desconto", "DSP", "Desconto do plano", "", "", "10", "", "PCRP",
         "", "", "", "", "", "", ""),
        ("aliquota", "VC1", "ICMS", "", "", "25", "", "", "", "", "", "", "", "", ""),
        ("parcelas", "PARC APARELHO", "Aparelhos", "60,00", "", "", "12", "",
         "", "", "", "", "", "", ""),
    )  # fmt: skip
    told = saved_as("tarifas.csv")
    return Response(text, media_type="text/csv; charset=utf-8", headers=told)


@router.get(f"{PATH}/nova", dependencies=[need("carriers:act")])
async def new_tariff_page(request: Request, session: ReadSession, agreement_id: int) -> Response:
    """The form of a new tariff."""
    form = blank(
        TariffInput, unit="each", minimum_seconds=30, step_seconds=6, sharing=Sharing.LINE,
        crossing=Crossing.WHOLE,
    )  # fmt: skip
    return _form_page(request, await agreement_of(session, agreement_id), form)


@router.post(f"{PATH}/nova")
async def create_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, agreement_id: int
) -> Response:
    """Make a tariff."""
    form = await submitted(request, TariffInput)
    if form.value:
        with form.refusals():
            check(form.value.model_dump())
            row = CarrierTariff(agreement_id=agreement_id, **form.value.model_dump())
            async with database.write() as session:
                await agreement_of(session, agreement_id)
                await add_row(session, row, deed=by.deed(at=now, ip=ip))
            return redirect(request, f"/operadoras/contratos/{agreement_id}", N_("Tarifa salva."))
    async with database.read() as session:
        return _form_page(request, await agreement_of(session, agreement_id), form)


@router.get(f"{PATH}/{{tariff_id:int}}")
async def tariff_page(
    request: Request, by: See, session: ReadSession, agreement_id: int, tariff_id: int
) -> Response:
    """The form of a tariff; only to be read without the permission to act."""
    row = await tariff_of(session, agreement_id, tariff_id)
    form = blank(TariffInput, **row.model_dump(include=set(TariffInput.model_fields)))
    agreement = await agreement_of(session, agreement_id)
    return _form_page(request, agreement, form, may_act=by.may("carriers:act") and by.is_of_house)


@router.post(f"{PATH}/{{tariff_id:int}}")
async def change_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, agreement_id: int, tariff_id: int
) -> Response:
    """Change a tariff; invoices audited before keep their findings until they are audited anew."""
    form = await submitted(request, TariffInput)
    if form.value:
        with form.refusals():
            check(form.value.model_dump())
            async with database.write() as session:
                row = await tariff_of(session, agreement_id, tariff_id)
                values = form.value.model_dump()
                await change_row(session, row, values, deed=by.deed(at=now, ip=ip))
            return redirect(request, f"/operadoras/contratos/{agreement_id}", N_("Tarifa salva."))
    async with database.read() as session:
        return _form_page(request, await agreement_of(session, agreement_id), form)


@router.get(f"{PATH}/importacao", dependencies=[need("carriers:act")])
async def import_page(request: Request, session: ReadSession, agreement_id: int) -> Response:
    """The form of a spreadsheet of tariffs."""
    agreement = await agreement_of(session, agreement_id)
    return _import_page(request, agreement, Submitted({"file": ""}), TableSent())


@router.post(f"{PATH}/importacao")
async def import_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, agreement_id: int
) -> Response:
    """Take in a spreadsheet of tariffs: what is new or changed in it, or nothing at all."""
    form: Submitted[Any] = Submitted({"file": ""})
    sent = TableSent()
    with form.refusals():
        sent, _ = await table_sent(request, TARIFFS, check=_check_rows())
        if not sent.problems:
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                taken = await take_in(session, agreement_id, sent.rows, deed=deed)
            told = N_("%(n)s tarifas novas, %(changed)s alteradas; %(same)s já estavam aqui.")
            return redirect(
                request, f"/operadoras/contratos/{agreement_id}", told, n=taken.new,
                changed=taken.changed, same=taken.same,
            )  # fmt: skip
    async with database.read() as session:
        agreement = await agreement_of(session, agreement_id)
        return _import_page(request, agreement, form, sent)


def check(values: dict[str, Any]) -> None:
    """This will refuse a tariff that lacks what its kind is about."""
    check_tariff(TariffKind(values["kind"]), **{name: values[name] for name in CHECKED})


def _check_rows() -> Callable[[dict[str, Any]], None]:
    """What a file's rows must be: each of use, and none saying another thing of the same tariff."""
    told_once = check_told_once()

    def check_row(values: dict[str, Any]) -> None:
        check(values)
        told_once(values)

    return check_row


def _form_page(
    request: Request,
    agreement: CarrierAgreement,
    form: Submitted[TariffInput],
    *,
    may_act: bool = True,
) -> Response:
    return page(
        request,
        "pages/carriers/tariff.html",
        status=form.status,
        form=form,
        agreement=agreement,
        kinds=options(TARIFF_KINDS),
        units=options(UNITS),
        sharings=options(SHARINGS),
        crossings=options(CROSSINGS),
        may_act=may_act,
    )


def _import_page(
    request: Request, agreement: CarrierAgreement, form: Submitted[Any], sent: TableSent
) -> Response:
    return page(
        request,
        "pages/carriers/tariff_import.html",
        status=422 if sent.problems else form.status,
        form=form,
        agreement=agreement,
        sent=sent,
    )
