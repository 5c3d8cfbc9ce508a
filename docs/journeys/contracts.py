"""A contract."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.activation import Activate
from rules.contracts import ContractStage
from rules.renewals import RenewalStep

S = ContractStage

JOURNEY = Journey(
    title="A contract",
    words=(
        "A contract rests as a row. What moves it are journeys that end: its activation, dated"
        " changes, the renewal of each term, the yearly readjustment; and the dunning ladder."
    ),
    stages=ContractStage,
    arrows=(
        Arrow(None, S.DRAFT, "a wizard that was left open"),
        Arrow(S.DRAFT, S.AWAITING_ACTIVATION, "made"),
        Arrow(S.AWAITING_ACTIVATION, S.ACTIVE, Activate),
        Arrow(S.ACTIVE, S.SUSPENDED, "suspension, on its day"),
        Arrow(S.SUSPENDED, S.ACTIVE, "its end"),
        Arrow(S.ACTIVE, S.REDUCED, "the ladder"),
        Arrow(S.REDUCED, S.ACTIVE, "paid"),
        Arrow(S.ACTIVE, S.BLOCKED, "the ladder"),
        Arrow(S.REDUCED, S.BLOCKED, "the ladder"),
        Arrow(S.BLOCKED, S.ACTIVE, "paid"),
        Arrow(S.BLOCKED, S.TERMINATED, "the ladder"),
        Arrow(S.ACTIVE, S.RENEWAL_QUEUE, "few open invoices left"),
        Arrow(S.RENEWAL_QUEUE, S.ACTIVE, RenewalStep.RENEW),
        Arrow(S.RENEWAL_QUEUE, S.EXPIRED, RenewalStep.EXPIRE),
        Arrow(S.ACTIVE, S.CANCELLED, "cancellation, on its day"),
        Arrow(S.AWAITING_ACTIVATION, S.CANCELLED, "cancellation"),
    ),
    final=(S.EXPIRED, S.CANCELLED, S.TERMINATED),
)
