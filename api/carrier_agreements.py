"""Agreements with carriers: their list, their form, and the switches of the audit's rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_agreements import change_rules
from activities.rule_trials import try_rules
from api.carrier_words import ALLOWED, SHARINGS, TARIFF_KINDS, UNITS
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Percent, Submitted, blank, submitted
from api.inputs import Input
from api.language import N_, gettext, parse_number
from api.listing import Column, Listing
from api.rendering import page, redirect
from api.table import Kind
from models.carrier_agreements import (
    CarrierAgreement,
    agreement_of,
    select_agreements,
    select_tariffs,
    settings_of,
)
from models.people import Deed
from models.registry_rows import add_row, change_row
from rules.audit_rules import Rule
from rules.audit_words import RULES
from rules.carrier_tariff_words import written_price
from rules.carrier_terms import RuleSetting, TariffKind
from rules.money import parse_not_negative
from rules.refusals import Refusal

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("carriers:see")]
Act = Annotated[Principal, need("carriers:act")]

AGREEMENTS = Listing(
    columns=(
        Column("code", N_("Código"), is_sortable=True),
        Column("name", N_("Nome"), is_sortable=True),
        Column("tariffs", N_("Tarifas"), Kind.NUMBER),
        Column("is_active", N_("Ativo"), Kind.YES_NO),
    ),
    default_sort="name",
    empty=N_("Nenhum contrato ainda. Crie o primeiro."),
)
TARIFFS = Listing(
    columns=(
        Column("kind_name", N_("Tipo")),
        Column("code", N_("Código"), is_sortable=True),
        Column("description", N_("Descrição")),
        Column("price", N_("Preço (R$)")),
        Column("unit_name", N_("Unidade")),
        Column("percent", N_("Percentual"), Kind.PERCENT),
        Column("quantity", N_("Quantidade"), Kind.NUMBER),
        Column("base_code", N_("Sobre")),
        Column("number", N_("Só da linha")),
        Column("valid_from", N_("Vale desde"), Kind.DAY, is_sortable=True),
        Column("valid_until", N_("Até (exclusive)"), Kind.DAY),
    ),
    default_sort="code",
    empty=N_("Nenhuma tarifa ainda. Crie a primeira ou importe um CSV."),
)


class ToleranceNotValid(Refusal):
    message = "A tolerância de %(rule_word)s não é um valor. Informe-a no formato 1.234,56."


class AgreementInput(Input):
    """An agreement as its form says."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    max_age_days: int = Field(default=60, ge=1, le=3650)
    late_call_days: int = Field(default=0, ge=0, le=3650)
    fine_percent: Percent = Field(default=Decimal(2), ge=0, le=10)
    interest_percent: Percent = Field(default=Decimal(1), ge=0, le=10)
    is_active: bool = True


@router.get("/operadoras/contratos")
async def agreements_page(request: Request, by: See, session: ReadSession) -> Response:
    """The list of agreements."""
    return await AGREEMENTS.view(request).answer(
        session,
        select_agreements(),
        "pages/carriers/agreements.html",
        present=lambda row: {**row, "href": f"/operadoras/contratos/{row['id']}"},
        may_act=by.may("carriers:act") and by.is_of_house,
    )


@router.get("/operadoras/contratos/novo", dependencies=[need("carriers:act")])
async def new_agreement_page(request: Request) -> Response:
    """The form of a new agreement."""
    return page(
        request, "pages/carriers/new_agreement.html", form=blank(AgreementInput, is_active=True)
    )


@router.post("/operadoras/contratos/novo")
async def create_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Make an agreement."""
    form = await submitted(request, AgreementInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                made = await make_agreement(session, form.value, deed=by.deed(at=now, ip=ip))
            return redirect(request, f"/operadoras/contratos/{made}", N_("Contrato salvo."))
    return page(request, "pages/carriers/new_agreement.html", status=form.status, form=form)


@router.get("/operadoras/contratos/{agreement_id:int}")
async def agreement_page(
    request: Request, by: See, session: ReadSession, agreement_id: int
) -> Response:
    """An agreement: its form, its rules, its tariffs."""
    agreement = await agreement_of(session, agreement_id)
    form = blank(AgreementInput, **agreement.model_dump(include=set(AgreementInput.model_fields)))
    return await _agreement_page(request, by, session, agreement, form)


@router.post("/operadoras/contratos/{agreement_id:int}")
async def change_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, agreement_id: int
) -> Response:
    """Change an agreement."""
    form = await submitted(request, AgreementInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await change_agreement(session, agreement_id, form.value, deed=deed)
            return redirect(request, f"/operadoras/contratos/{agreement_id}", N_("Contrato salvo."))
    async with database.read() as session:
        agreement = await agreement_of(session, agreement_id)
        return await _agreement_page(request, by, session, agreement, form)


@router.post("/operadoras/contratos/{agreement_id:int}/regras")
async def change_rules_on_page(
    request: Request, by: Act, database: Db, now: Now, ip: Ip, agreement_id: int
) -> Response:
    """Switch the rules on and off, each with its tolerance."""
    settings = await _settings_sent(request)
    async with database.write() as session:
        await change_rules(session, agreement_id, settings, deed=by.deed(at=now, ip=ip))
    return redirect(request, f"/operadoras/contratos/{agreement_id}", N_("Regras salvas."))


@router.post("/operadoras/contratos/{agreement_id:int}/regras/experimento")
async def try_rules_on_page(request: Request, by: See, database: Db, agreement_id: int) -> Response:
    """What the rules as they were typed would have found on past invoices; nothing is saved."""
    async with database.read() as session:
        agreement = await agreement_of(session, agreement_id)
    trial = await try_rules(database, agreement_id, await _settings_sent(request))
    names = {rule: gettext(RULES[rule]) for rule in Rule}
    return page(
        request, "pages/carriers/rule_trial.html", agreement=agreement, trial=trial, names=names
    )


async def make_agreement(session: AsyncSession, asked: AgreementInput, *, deed: Deed) -> int:
    """This will make an agreement; page and API share it. Refuses a code that is taken."""
    return await add_row(session, CarrierAgreement(**asked.model_dump()), deed=deed)


async def change_agreement(
    session: AsyncSession, agreement_id: int, asked: AgreementInput, *, deed: Deed
) -> int:
    """This will change an agreement. Refuses CarrierAgreementNotFound, a code that is taken."""
    agreement = await agreement_of(session, agreement_id)
    return await change_row(session, agreement, asked.model_dump(), deed=deed)


async def _settings_sent(request: Request) -> dict[Rule, RuleSetting]:
    """Each rule's switch and tolerance as the form says them."""
    sent = await request.form()
    return {
        rule: RuleSetting(
            f"on_{rule}" in sent, _tolerance(rule, str(sent.get(f"tolerance_{rule}", "")))
        )
        for rule in Rule
    }


def _tolerance(rule: Rule, typed: str) -> Decimal:
    if not typed.strip():
        return Decimal(0)
    try:
        return parse_not_negative(parse_number(typed.strip()))
    except (ValueError, Refusal):
        raise ToleranceNotValid(rule_word=RULES[rule]) from None


async def _agreement_page(
    request: Request,
    by: Principal,
    session: AsyncSession,
    agreement: CarrierAgreement,
    form: Submitted[AgreementInput],
) -> Response:
    found = await settings_of(session, agreement.id or 0)
    rules = [(rule, gettext(RULES[rule]), found.get(rule, RuleSetting())) for rule in Rule]
    return await TARIFFS.view(request).answer(
        session,
        select_tariffs(agreement.id or 0),
        "pages/carriers/agreement.html",
        present=lambda row: _shown(agreement.id or 0, row),
        status=form.status,
        form=form,
        agreement=agreement,
        rules=rules,
        may_act=by.may("carriers:act") and by.is_of_house,
    )


def _shown(agreement_id: int, row: Any) -> dict[str, Any]:
    return {
        **row,
        "kind_name": gettext(TARIFF_KINDS[row["kind"]]),
        "unit_name": _unit_name(row),
        "price": written_price(row["price"]) if row["price"] else None,
        "percent": row["percent"] or None,
        "quantity": row["quantity"] or None,
        "label": row["code"],
        "href": f"/operadoras/contratos/{agreement_id}/tarifas/{row['id']}",
    }


def _unit_name(row: Any) -> str:
    if row["kind"] == TariffKind.ALLOWANCE:
        return f"{gettext(ALLOWED[row['unit']])}, {gettext(SHARINGS[row['sharing']])}"
    return gettext(UNITS[row["unit"]]) if row["price"] else ""
