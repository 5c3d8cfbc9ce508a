"""What would become of invoices at the bureau, in words; and the same for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from activities.bureau_simulation import simulate, totals_of
from api.dependencies import ReadSession, Today, need
from api.forms import Key
from api.inputs import Input
from api.language import N_, gettext
from api.table import Badge, Tone
from rules.bureau_entry import Judgement, Verdict

router = APIRouter(tags=["collections"])

#: What one answer holds; more is the work of a run (api/panel_runs.py).
MOST_JUDGED = 10_000
VERDICTS = {
    Verdict.FREE: (N_("Pode ir"), Tone.GREEN),
    Verdict.GATED: (N_("Só por exceção"), Tone.YELLOW),
    Verdict.BARRED: (N_("Não pode"), Tone.RED),
}


@dataclass(frozen=True)
class Told:
    """A judgement as people read it."""

    badge: Badge
    reasons: tuple[str, ...]


def badge_of(verdict: Verdict) -> Badge:
    """A verdict in a word and its colour."""
    text, tone = VERDICTS[verdict]
    return Badge(gettext(text), tone)


def told_of(judgement: Judgement) -> Told:
    """A judgement with everything that stands against the invoice."""
    reasons = tuple(gettext(each.message, **each.params) for each in judgement.against)
    return Told(badge_of(judgement.verdict), reasons)


class SimulationInput(Input):
    """The invoices that somebody thinks of."""

    invoice_ids: Annotated[list[Key], Field(min_length=1, max_length=MOST_JUDGED)]


@router.post("/api/bureau/simulation", dependencies=[need("bureau:see")])
async def simulate_records(
    asked: SimulationInput, session: ReadSession, today: Today
) -> dict[str, Any]:
    """What would become of invoices at the bureau, and what that comes to; nothing is done."""
    found = await simulate(session, asked.invoice_ids, today=today)
    return {
        "invoices": [
            {
                "invoice_id": each.invoice_id, "code": each.code, "amount": str(each.amount),
                "verdict": each.judgement.verdict,
                "reasons": [
                    {"code": one.code, "message": gettext(one.message, **one.params)}
                    for one in each.judgement.against
                ],
            }
            for each in found
        ],
        "totals": [
            {"verdict": each.verdict, "invoices": each.invoices, "amount": str(each.amount)}
            for each in totals_of(found)
        ],
    }  # fmt: skip
