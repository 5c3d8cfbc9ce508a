"""Contracts: their list, the wizard that makes one, and a contract's page; the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_charges import services_of
from activities.contracts import fill_in, make_contract
from api.contract_form import (
    LAST,
    ContractForm,
    ContractInput,
    asked_of,
    welcome_of,
    wizard,
)
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Submitted, blank, submitted
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.once import NamedRequest, Once
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models import contract_lists
from models.connections import connections_of
from models.contract_changes import changes_of
from models.contract_drafts import draft_of, drop_draft, save_draft
from models.contracts import Contract, ContractNotFound
from models.customers import Customer, CustomerNotFound
from models.database import Database
from models.people import Deed, record
from rules import contract_words as words
from rules.business_days import local_date
from rules.contracts import ContractStage
from rules.contracts import ContractStage as S

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)

SeesContracts = Annotated[Principal, need("contracts:see")]
MakesContracts = Annotated[Principal, need("contracts:act")]

TONES = {
    S.ACTIVE: Tone.GREEN,
    S.AWAITING_ACTIVATION: Tone.BLUE,
    S.RENEWAL_QUEUE: Tone.BLUE,
    S.REDUCED: Tone.YELLOW,
    S.SUSPENDED: Tone.YELLOW,
    S.BLOCKED: Tone.RED,
    S.TERMINATED: Tone.RED,
}
CONTRACTS = Listing(
    columns=(
        Column("code", N_("Contrato"), is_sortable=True),
        Column("customer", N_("Cliente")),
        Column("plan", N_("Plano")),
        Column("stage", N_("Situação"), Kind.BADGE),
        Column("amount", N_("Valor"), Kind.MONEY, is_totalled=True),
        Column("signed_on", N_("Assinatura"), Kind.DAY, is_extra=True),
        Column("ends_on", N_("Fim"), Kind.DAY),
    ),
    default_sort="-code",
    filters=(
        Filter("busca", N_("Buscar")),
        Filter("situacao", N_("Situação"), FilterKind.CHOICE, tuple(words.CONTRACT_STAGES.items())),
        Filter("tipo", N_("Tipo"), FilterKind.CHOICE, tuple(words.PLAN_TYPES.items())),
    ),
    empty=N_("Nenhum contrato ainda. Crie o primeiro."),
)


@router.get("/contratos", include_in_schema=False)
async def contracts(request: Request, by: SeesContracts, session: ReadSession) -> Response:
    """All contracts."""
    view = CONTRACTS.view(request)
    statement = contract_lists.select_contracts(
        search=view.text("busca"), stage=view.text("situacao"), plan_type=view.text("tipo")
    )
    return await view.answer(
        session, statement, "pages/contracts/contracts.html", present=_row,
        may_make=by.may("contracts:act"), may_see_billing=by.may("billing:see"),
    )  # fmt: skip


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "href": f"/contratos/{row['id']}",
        "label": row["code"],
        "stage": badge_of(row["stage"]),
    }


def badge_of(stage: str) -> Badge:
    """A contract's stage as a word on its colour."""
    tone = TONES.get(ContractStage(stage), Tone.GREY)
    return Badge(gettext(words.CONTRACT_STAGES[stage]), tone)


# --- the wizard -----------------------------------------------------------------------------------


@pages.get("/contratos/novo")
async def begin(
    request: Request, by: MakesContracts, session: ReadSession, today: Today
) -> Response:
    """Whom the contract is for; then its first step, or the draft that was left open."""
    asked = request.query_params.get("cliente", "").strip()
    if not asked.isdecimal() or await session.get(Customer, int(asked)) is None:
        found = await contract_lists.customers_like(session, asked) if asked else []
        return page(request, "pages/contracts/customer.html", asked=asked, found=found)
    form = blank(ContractForm)
    draft = await draft_of(session, customer_id=int(asked), by=by.login)
    form.raw.update(draft.form if draft else {})
    form.raw |= {"step": 1, "command_id": uuid4().hex}
    return await _wizard_page(request, session, form, customer_id=int(asked), today=today)


@pages.post("/contratos/novo")
async def go_on(
    request: Request, by: MakesContracts, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """One step on or back, or the contract itself; what was typed is kept as a draft."""
    form = await submitted(request, ContractForm)
    customer_id = await _customer_of(request, database)
    async with database.write() as session:
        await save_draft(
            session, customer_id=customer_id, by=by.login, form=_kept(form.raw), at=now
        )
    if form.value and form.value.go == "make" and form.value.confirmed:
        with form.refusals():
            deed = by.deed(at=now, ip=ip)
            once = Once(request.url.path, form.value.command_id)
            made = await _make(database, customer_id, form.value, deed, once)
            async with database.write() as session:
                await drop_draft(session, customer_id=customer_id, by=by.login)
            return redirect(request, f"/contratos/{made['contract_id']}", MADE, code=made["code"])
    async with database.read() as session:
        return await _wizard_page(request, session, form, customer_id=customer_id, today=today)


MADE = N_("Contrato %(code)s criado.")


async def _customer_of(request: Request, database: Database) -> int:
    asked = str((await request.form()).get("cliente", ""))
    async with database.read() as session:
        known = await session.get(Customer, int(asked)) if asked.isdecimal() else None
    if known is None:
        raise CustomerNotFound
    return int(asked)


async def _wizard_page(
    request: Request,
    session: ReadSession,
    form: Submitted[ContractForm],
    *,
    customer_id: int,
    today: Today,
) -> Response:
    state = await wizard(session, form, customer_id=customer_id, today=today)
    values = {**vars(state), "last": LAST}
    return page(request, "pages/contracts/wizard.html", status=form.status, **values)


def _kept(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in raw.items()
        if isinstance(value, str | bool) and name not in {"confirmed", "go", "command_id"}
    }


async def _make(
    database: Database, customer_id: int, asked: ContractInput, deed: Deed, once: Once
) -> dict[str, Any]:
    """The one call that page and JSON share; the same request again gets the same contract."""
    values = asked_of(asked)

    async def make(session: AsyncSession) -> dict[str, Any]:
        filled = await fill_in(session, customer_id, values, today=local_date(deed.at))
        contract = await make_contract(
            session, customer_id, values, welcome=welcome_of(asked, filled), by=deed.by, at=deed.at
        )
        told = asked.model_dump(mode="json", exclude_defaults=True)
        record(session, deed, "contract.make", subject=f"contract/{contract.key}", asked=told)
        return {"contract_id": contract.id, "code": contract.code, "stage": contract.stage}

    return await once.do(database, deed, make)


# --- JSON -----------------------------------------------------------------------------------------


@router.post("/api/customers/{customer_id}/contracts", status_code=201)
async def make(
    customer_id: int,
    body: ContractInput,
    by: MakesContracts,
    database: Db,
    now: Now,
    ip: Ip,
    once: NamedRequest,
) -> dict[str, Any]:
    """Makes a contract; what is left out takes the default of customer, plan or house."""
    return await _make(database, customer_id, body, by.deed(at=now, ip=ip), once)


@router.post("/api/customers/{customer_id}/contracts/preview")
async def preview(
    customer_id: int, body: ContractInput, by: MakesContracts, session: ReadSession, today: Today
) -> dict[str, Any]:
    """Every default with its source, and everything that would be refused; changes nothing."""
    filled = await fill_in(session, customer_id, asked_of(body), today=today)
    return {
        "defaults": {
            name: {"value": str(each.value), "source": each.source}
            for name, each in filled.defaults.items()
        },
        "refusals": [
            {
                "code": fault.code,
                "field": fault.field,
                "detail": gettext(fault.message, **fault.params),
            }
            for fault in filled.faults
        ],
    }


@router.get("/api/contracts/{contract_id}")
async def read(contract_id: int, by: SeesContracts, session: ReadSession) -> dict[str, Any]:
    """A contract with its connections, services, changes and charges."""
    contract = await session.get(Contract, contract_id)
    if contract is None:
        raise ContractNotFound
    parts = {
        "connections": await connections_of(session, contract_id),
        "services": await services_of(session, contract_id),
        "changes": await changes_of(session, contract_id),
        "charges": await contract_lists.charges_of_page(session, contract_id, limit=1000),
    }
    dumped = {name: [each.model_dump(mode="json") for each in rows] for name, rows in parts.items()}
    return {**contract.model_dump(mode="json"), **dumped}


router.include_router(pages)
