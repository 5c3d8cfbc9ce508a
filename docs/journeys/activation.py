"""An activation."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.activation import Activate, ActivationStage, ActivationStep
from rules.cases import Process

S = ActivationStage

JOURNEY = Journey(
    title="An activation",
    words=(
        "Its clock is the SLA table's, in business time. The installation task stands for it;"
        " concluding the task activates the contract."
    ),
    stages=ActivationStage,
    arrows=(
        Arrow(None, S.AWAITING, "a contract was made"),
        Arrow(S.AWAITING, S.AWAITING, ActivationStep.REMIND),
        Arrow(S.AWAITING, S.AWAITING, ActivationStep.BREACH),
        Arrow(S.AWAITING, S.AWAITING, ActivationStep.ESCALATE),
        Arrow(S.AWAITING, S.ACTIVATED, Activate),
        Arrow(S.AWAITING, S.ACTIVATED, "installation task concluded"),
        Arrow(S.AWAITING, S.CANCELLED, "the contract ended"),
    ),
    final=(S.ACTIVATED, S.CANCELLED),
    process=Process.ACTIVATION,
    steps=ActivationStep,
)
