"""Which commands the stage of a contestation with a carrier allows to a person."""

from __future__ import annotations

from typing import Any

from api.dependencies import Principal
from models.carrier_invoices import CarrierInvoice
from models.contestations import Contestation, Correction
from rules.contestation import (
    MAY_BE_ANSWERED,
    MAY_BE_WITHDRAWN,
    MAY_ESCALATE,
    ContestationStage,
    Level,
)
from rules.contestation_commands import may_forgo
from rules.contestation_corrections import CorrectionStatus

S = ContestationStage


def allowed_to(
    contestation: Contestation, values: dict[str, Any], by: Principal
) -> dict[str, bool]:
    """Which commands the stage allows to this person, by the name of each in its address."""
    stage, acts = ContestationStage(contestation.stage), by.may("contestations:act")
    is_open = contestation.ended_at is None
    allowed = {
        "envio": stage is S.DRAFT,
        "protocolo": is_open and stage is not S.DRAFT,
        "resposta": stage in MAY_BE_ANSWERED,
        "codigo": stage is S.AWAITING_NEW_BARCODE,
        "pagamento": stage in MAY_BE_WITHDRAWN and _is_unpaid(contestation, values["invoice"]),
        "meio": stage in {S.ACCEPTED, S.PARTLY_ACCEPTED} and not contestation.is_preview,
        "instancia": stage in MAY_ESCALATE and contestation.level < Level.REGULATOR,
        "recusa": may_forgo(stage, round=contestation.round),
        "correcao": is_open and _has_open(values["corrections"]),
        "desistencia": stage in MAY_BE_WITHDRAWN,
    }
    return {name: acts and is_allowed for name, is_allowed in allowed.items()}


def _is_unpaid(contestation: Contestation, invoice: CarrierInvoice) -> bool:
    return not contestation.is_preview and invoice.paid_on is None


def _has_open(corrections: list[dict[str, Any]]) -> bool:
    rows: list[Correction] = [each["row"] for each in corrections]
    return any(each.status != CorrectionStatus.CLOSED for each in rows)
