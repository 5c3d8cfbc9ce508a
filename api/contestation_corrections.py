"""The root causes that carriers were asked to mend, as a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from api.carrier_filters import (
    CARRIER,
    CITY,
    COMPANY,
    OWNER,
    PLAN,
    SINCE,
    TEAM,
    UNTIL,
    scope_of,
    with_choices,
)
from api.dependencies import ReadSession, need
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.table import Badge, FilterKind, Kind, Tone
from models.contestation_lists import CorrectionFilter, select_corrections
from rules.audit_words import RULES
from rules.contestation_corrections import CorrectionStatus
from rules.contestation_words import CORRECTIONS

router = APIRouter(include_in_schema=False)

CORRECTION_LIST = Listing(
    columns=(
        Column("rule_name", N_("Regra")),
        Column("carrier", N_("Operadora")),
        Column("number", N_("Linha")),
        Column("charge", N_("Cobrança")),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("repeats", N_("Voltou"), Kind.NUMBER, is_sortable=True),
        Column("due_on", N_("Prazo"), Kind.DAY, is_sortable=True),
        Column("protocol", N_("Protocolo")),
        Column("requested_at", N_("Pedida em"), Kind.MOMENT, is_extra=True),
    ),
    default_sort="due_on",
    filters=(
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE, tuple(CORRECTIONS.items()), N_("Todas")
        ),
        CARRIER,
        COMPANY,
        Filter("voltou", N_("Erro que voltou"), FilterKind.CHOICE, (("sim", N_("Sim")),)),
        SINCE,
        UNTIL,
        TEAM,
        OWNER,
        CITY,
        PLAN,
    ),
    empty=N_("Nenhuma correção pedida. Cada divergência aceita pede a sua."),
)
CORRECTION_TONES = {
    CorrectionStatus.OPEN: Tone.YELLOW,
    CorrectionStatus.CLOSED: Tone.GREEN,
    CorrectionStatus.RETURNED: Tone.RED,
}


@router.get("/contestacoes/correcoes", dependencies=[need("contestations:see")])
async def corrections_page(request: Request, session: ReadSession) -> Response:
    """Every root cause that a carrier was asked to mend."""
    view = (await with_choices(CORRECTION_LIST, session, request)).view(request)
    wanted = CorrectionFilter(
        status=view.text("situacao"), carrier=view.text("operadora"),
        is_repeated=view.text("voltou") == "sim", since=view.day("de"), until=view.day("ate"),
        scope=scope_of(view.query),
    )  # fmt: skip
    return await view.answer(
        session,
        select_corrections(wanted),
        "pages/contestation/corrections.html",
        present=_shown_correction,
    )


def _shown_correction(row: Mapping[str, Any]) -> Mapping[str, Any]:
    status = CorrectionStatus(row["status"])
    return {
        **row,
        "rule_name": gettext(RULES[row["rule"]]),
        "charge": " ".join(each for each in (row["code"], row["description"]) if each) or "—",
        "number": row["number"] or gettext("conta"),
        "state": Badge(gettext(CORRECTIONS[status]), CORRECTION_TONES[status]),
        "href": f"/contestacoes/{row['contestation_id']}",
        "label": gettext(RULES[row["rule"]]),
    }
