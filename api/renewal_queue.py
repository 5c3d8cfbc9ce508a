"""The renewal queue: terms that come to their end, what is proposed, and what happens by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlmodel import col

from api.dependencies import Principal, ReadSession, Today, need
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.table import Badge, FilterKind, Kind, Tone
from models.policies import load_policy
from models.renewal_lists import select_renewals
from models.renewals import ContractRenewal
from models.rows import rows_of
from rules import words
from rules.cases import Process
from rules.contract_words import RENEWAL_FORMS
from rules.contracts import RenewalForm
from rules.renewals import NOTICES, RenewalPolicy, RenewalStage

router = APIRouter(tags=["contracts"])

Sees = Annotated[Principal, need("contracts:see")]
#: Renewals of one answer.
AT_ONCE = 100

TONES = {
    RenewalStage.QUEUED: Tone.BLUE,
    RenewalStage.SUCCEEDING: Tone.GREEN,
    RenewalStage.RENEWED: Tone.GREEN,
    RenewalStage.EXPIRED: Tone.RED,
}
STAGES = words.STAGES[Process.RENEWALS]
QUEUE = Listing(
    columns=(
        Column("contract", N_("Contrato")),
        Column("customer", N_("Cliente")),
        Column("plan", N_("Plano"), is_extra=True),
        Column("ends_on", N_("Fim"), Kind.DAY, is_sortable=True),
        Column("left", N_("Faturas restantes"), Kind.NUMBER),
        Column("told", N_("Avisos")),
        Column("present", N_("Valor atual"), Kind.MONEY),
        Column("amount", N_("Novo valor"), Kind.MONEY),
        Column("months", N_("Meses"), Kind.NUMBER),
        Column("how", N_("Renova")),
        Column("form_told", N_("Forma"), is_extra=True),
        Column("state", N_("Situação"), Kind.BADGE, is_extra=True),
        Column("next_label", N_("Próximo passo")),
        Column("next_at", N_("Quando"), Kind.MOMENT),
    ),
    default_sort="ends_on",
    filters=(
        Filter("busca", N_("Buscar")),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((s, label) for s, label in STAGES.items() if s != RenewalStage.QUEUED),
            blank=N_("Na fila"),
        ),
    ),
    empty=N_(
        "Nenhum contrato na fila: cada um entra quando restam poucas faturas da sua vigência."
    ),
)  # fmt: skip


GIVEN, GIVEN_LOST = N_("%(given)s de %(all)s"), N_("%(given)s de %(all)s, sem alcançar o cliente")


class RenewalView(BaseModel):
    """A renewal as programs read it; `left` are the open invoices of the term that ends."""

    id: int
    contract_id: int
    contract: str
    customer: str
    ends_on: date
    left: int
    notices: int
    present: Decimal
    amount: Decimal
    months: int
    is_by_hand: bool
    form: RenewalForm
    is_untold: bool
    stage: RenewalStage
    next_kind: str | None
    next_at: datetime | None


@router.get("/contratos/renovacoes", include_in_schema=False)
async def queue_page(request: Request, _by: Sees, session: ReadSession, today: Today) -> Response:
    """The contracts in the queue, those that end first before the others."""
    view = QUEUE.view(request)
    stage = view.text("situacao") or RenewalStage.QUEUED
    policy = await load_policy(session, RenewalPolicy())
    return await view.answer(
        session, select_renewals(stage=stage, today=today, search=view.text("busca")),
        "pages/contracts/renewals.html", present=_shown, policy=policy,
    )  # fmt: skip


@router.get("/api/contract-renewals")
async def list_renewals(
    _by: Sees,
    session: ReadSession,
    today: Today,
    stage: RenewalStage = RenewalStage.QUEUED,
    after: Annotated[int, Query(ge=0, le=10**15)] = 0,
) -> list[RenewalView]:
    """Renewals of a stage, 100 at once in their order; the next ones are `after` the last id."""
    statement = select_renewals(stage=stage, today=today)
    wanted = statement.where(col(ContractRenewal.id) > after).order_by(col(ContractRenewal.id))
    rows = await rows_of(session, wanted.limit(AT_ONCE))
    return [RenewalView.model_validate(dict(row)) for row in rows]


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    label, _ = words.next_step_words(
        Process.RENEWALS, row["next_kind"], is_closed=row["closed_at"] is not None
    )
    stage = row["stage"]
    return {
        **row,
        "href": f"/contratos/{row['contract_id']}#renovacao",
        "label": row["contract"],
        "told": gettext(
            GIVEN_LOST if row["is_untold"] else GIVEN, given=row["notices"], all=NOTICES
        ),
        "how": gettext(N_("Por uma pessoa") if row["is_by_hand"] else N_("Automaticamente")),
        "form_told": gettext(RENEWAL_FORMS[row["form"]]),
        "state": Badge(gettext(STAGES[stage]), TONES.get(RenewalStage(stage), Tone.GREY)),
        "next_label": gettext(label),
        "next_at": None if row["closed_at"] else row["next_at"],
    }
