"""Every command on an agreement, once: its addresses, its form, its update, and what is told."""

from __future__ import annotations

from pydantic import Field

from api.actions import Action, Seen
from api.language import N_
from rules.agreements import CancelAgreement, Renegotiate, RestoreOriginals


class EndInput(Seen):
    """An end; what changed since the page was drawn is not touched unseen."""


class CancelInput(Seen):
    """Calling it off, and why."""

    reason: str = Field(default="", max_length=500)


ACTIONS: tuple[Action, ...] = (
    Action(
        *("cancelamento", "cancellation", "cancel", CancelInput, CancelAgreement),
        N_("Acordo cancelado."),
    ),
    Action(
        *("renegociacao", "renegotiation", "renegotiate", EndInput, Renegotiate),
        N_("As faturas voltaram à negociação."),
    ),
    Action(
        *("restauracao", "restoration", "restore", EndInput, RestoreOriginals),
        N_("As faturas originais foram restauradas."),
    ),
)  # fmt: skip
BY_PATH = {each.path: each for each in ACTIONS}
