"""A readjustment."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.cases import Process
from rules.readjustments import (
    DecideReadjustment,
    ProveReadjustment,
    ReadjustmentStage,
    ReadjustmentStep,
    TellReadjustmentAgain,
)

S = ReadjustmentStage

JOURNEY = Journey(
    title="A readjustment",
    words=(
        "Once a year. A month of the index that is missing is asked for, and never guessed. The"
        " price waits for the customer to have been told, on any channel or otherwise."
    ),
    stages=ReadjustmentStage,
    arrows=(
        Arrow(None, S.WAITING, "anniversary or data-base"),
        Arrow(S.WAITING, S.WAITING, ReadjustmentStep.DECIDE),
        Arrow(S.WAITING, S.TOLD, ReadjustmentStep.DECIDE),
        Arrow(S.WAITING, S.UNTOLD, ReadjustmentStep.DECIDE),
        Arrow(S.WAITING, S.KEPT, ReadjustmentStep.DECIDE),
        Arrow(S.WAITING, S.ASKED, "the index fell"),
        Arrow(S.ASKED, S.TOLD, DecideReadjustment),
        Arrow(S.ASKED, S.KEPT, DecideReadjustment),
        Arrow(S.TOLD, S.UNTOLD, "no channel reached the customer"),
        Arrow(S.UNTOLD, S.TOLD, ProveReadjustment),
        Arrow(S.UNTOLD, S.TOLD, TellReadjustmentAgain),
        Arrow(S.TOLD, S.IN_FORCE, ReadjustmentStep.TAKE_EFFECT),
        Arrow(S.WAITING, S.WITHDRAWN, "the contract ended"),
        Arrow(S.ASKED, S.WITHDRAWN, "the contract ended"),
    ),
    final=(S.IN_FORCE, S.KEPT, S.WITHDRAWN),
    process=Process.READJUSTMENTS,
    steps=ReadjustmentStep,
)
