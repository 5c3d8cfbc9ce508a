"""A request to anonymise a customer."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.anonymisation import AnonymisationStage, AnonymisationStep, WithdrawAnonymisation
from rules.cases import Process

S = AnonymisationStage

JOURNEY = Journey(
    title="A request to anonymise a customer",
    words="Refused while something is owed or under way; waits for legal times, and looks again.",
    stages=AnonymisationStage,
    arrows=(
        Arrow(None, S.WAITING, "asked by the customer, or kept long enough"),
        Arrow(S.WAITING, S.DONE, AnonymisationStep.LOOK),
        Arrow(S.WAITING, S.HELD, AnonymisationStep.LOOK),
        Arrow(S.HELD, S.DONE, AnonymisationStep.LOOK),
        Arrow(S.HELD, S.WAITING, "a legal time began anew"),
        Arrow(S.WAITING, S.WITHDRAWN, WithdrawAnonymisation),
        Arrow(S.HELD, S.WITHDRAWN, WithdrawAnonymisation),
    ),
    final=(S.DONE, S.WITHDRAWN),
    process=Process.ANONYMISATION,
    steps=AnonymisationStep,
)
