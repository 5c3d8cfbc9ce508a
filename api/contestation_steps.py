"""The seven steps of an adjustment, as the page of a contestation shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.contestation_shown import StepMark
from api.language import gettext
from models.carrier_invoices import CarrierInvoice
from models.contestations import Contestation, Correction
from rules.business_days import local_date
from rules.contestation import ContestationStage as S
from rules.contestation_corrections import CorrectionStatus


def steps_done(
    contestation: Contestation,
    invoice: CarrierInvoice,
    corrections: Sequence[Correction],
    dues: Sequence[Mapping[str, Any]],
) -> list[StepMark]:
    """The seven steps of an adjustment, each with the day on which it was done.

    A credit came with the last invoice that brought one; a corrected barcode, with the answer.
    """
    came_on = max((each.issue_date for due in dues for each in due["credits"]), default=None)
    are_mended = corrections and all(each.status == CorrectionStatus.CLOSED for each in corrections)
    mended = max((each.closed_at for each in corrections if each.closed_at), default=None)
    is_back = contestation.credited > 0 and contestation.stage in {
        S.VERIFIED, S.CORRECTING_ROOT_CAUSE, S.CLOSED,
    }  # fmt: skip
    return [
        StepMark(gettext("Emitida"), invoice.issue_date),
        StepMark(gettext("Processada"), local_date(invoice.imported_at)),
        StepMark(
            gettext("Auditada"), local_date(invoice.audited_at) if invoice.audited_at else None
        ),
        StepMark(gettext("Contestada"), contestation.filed_on),
        StepMark(gettext("Crédito"), came_on or contestation.answered_on if is_back else None),
        StepMark(gettext("Estrutura"), local_date(mended) if are_mended and mended else None),
        StepMark(
            gettext("Emitida certa"),
            local_date(contestation.ended_at)
            if contestation.avoided and contestation.ended_at
            else None,
        ),
    ]
