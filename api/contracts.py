"""Contracts: their lists, one by JSON, and how one is made; the wizard is in contract_wizard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.coming_prices import prices_from
from activities.contract_charges import services_of
from activities.contract_succession import successor_of
from activities.contract_welcome import keep_welcome
from activities.contracts import fill_in, make_contract
from api.contract_fields import ContractInput
from api.contract_form import asked_of, welcome_of
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.forms import Key
from api.keyset import SortKey, fetch
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.once import NamedRequest, Once
from api.table import Badge, FilterKind, Kind, Tone
from models import contract_lists
from models.connections import connections_of
from models.contract_changes import changes_of
from models.contracts import read_contract
from models.database import Database
from models.people import Deed, record
from rules import contract_words as words
from rules.business_days import local_date
from rules.contracts import ContractStage, PlanType
from rules.contracts import ContractStage as S

router = APIRouter(tags=["contracts"])

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
        Column("signed_on", N_("Assinado em"), Kind.DAY, is_extra=True),
        Column("ends_on", N_("Fim"), Kind.DAY),
    ),
    default_sort="-code",
    filters=(
        Filter("busca", N_("Buscar")),
        Filter(
            "situacao",
            N_("Situação"),
            FilterKind.CHOICE,
            tuple(words.CONTRACT_STAGES.items()),
            blank=N_("Todas"),
        ),
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


class ContractQuery(BaseModel):
    """Which contracts a program wants; what is left out narrows nothing.

    `search` looks into codes, customers' names and plans.
    """

    model_config = ConfigDict(extra="forbid")

    search: str | None = Field(default=None, max_length=80)
    stage: ContractStage | None = None
    plan_type: PlanType | None = None
    customer_id: Key | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class ListedContract(BaseModel):
    """A contract of the list; /api/contracts/{id} tells the whole of it."""

    id: int
    code: str
    customer_id: int
    customer: str
    plan: str
    plan_type: PlanType
    stage: ContractStage
    amount: Decimal
    signed_on: date | None
    ends_on: date | None


class ListedContracts(BaseModel):
    """A page of contracts; `next` is the cursor of the one after it, null at the end."""

    items: list[ListedContract]
    next: str | None


@router.get("/api/contracts")
async def list_contracts(
    _by: SeesContracts, session: ReadSession, asked: Annotated[ContractQuery, Query()]
) -> ListedContracts:
    """Contracts, those that came last first."""
    statement = contract_lists.select_contracts(**asked.model_dump(exclude={"cursor", "limit"}))
    found = await fetch(
        session, statement, sort=SortKey("id", is_descending=True),
        cursor=asked.cursor, limit=asked.limit,
    )  # fmt: skip
    items = [ListedContract.model_validate(dict(row)) for row in found.rows]
    return ListedContracts(items=items, next=found.next)


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
    return await make_once(database, customer_id, body, by.deed(at=now, ip=ip), once)


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
async def read(
    contract_id: int, by: SeesContracts, session: ReadSession, today: Today
) -> dict[str, Any]:
    """A contract with its connections, services, changes and charges; `prices` says from which day
    on its periods cost what, today's first: `monthly_amount` is the last of them."""
    contract = await read_contract(session, contract_id)
    parts = {
        "connections": await connections_of(session, contract_id),
        "services": await services_of(session, contract_id),
        "changes": await changes_of(session, contract_id),
        "charges": await contract_lists.charges_of_page(session, contract_id, limit=1000),
    }
    dumped = {name: [each.model_dump(mode="json") for each in rows] for name, rows in parts.items()}
    successor = await successor_of(session, contract_id)
    follows = {
        "successor_id": successor.id if successor else None,
        "prices": [
            {"since": each.since, "amount": str(each.amount)}
            for each in await prices_from(session, contract, since=today)
        ],
    }
    return {**contract.model_dump(mode="json"), **follows, **dumped}


async def make_once(
    database: Database, customer_id: int, asked: ContractInput, deed: Deed, once: Once
) -> dict[str, Any]:
    """This will make a contract, for page and program; the same request again gets the same one."""
    values = asked_of(asked)

    async def make(session: AsyncSession) -> dict[str, Any]:
        filled = await fill_in(session, customer_id, values, today=local_date(deed.at))
        welcome = welcome_of(asked, filled)
        contract = await make_contract(
            session, customer_id, values, welcome=welcome, by=deed.by, at=deed.at
        )
        await keep_welcome(session, contract, welcome, deed=deed)
        told = asked.model_dump(mode="json", exclude_defaults=True)
        record(session, deed, "contract.make", subject=f"contract/{contract.key}", asked=told)
        return {"contract_id": contract.id, "code": contract.code, "stage": contract.stage}

    return await once.do(database, deed, make)
