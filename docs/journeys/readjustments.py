"""A readjustment."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.cases import Process
from rules.readjustments import DecideReadjustment, ReadjustmentStage, ReadjustmentStep

S = ReadjustmentStage

JOURNEY = Journey(
    title="A readjustment",
    words="Once a year. A month of the index that is missing is asked for, and never guessed.",
    stages=ReadjustmentStage,
    arrows=(
        Arrow(None, S.WAITING, "anniversary or data-base"),
        Arrow(S.WAITING, S.WAITING, ReadjustmentStep.DECIDE),
        Arrow(S.WAITING, S.TOLD, ReadjustmentStep.DECIDE),
        Arrow(S.WAITING, S.KEPT, ReadjustmentStep.DECIDE),
        Arrow(S.WAITING, S.ASKED, "the index fell"),
        Arrow(S.ASKED, S.TOLD, DecideReadjustment),
        Arrow(S.ASKED, S.KEPT, DecideReadjustment),
        Arrow(S.WAITING, S.WITHDRAWN, "the contract ended"),
        Arrow(S.ASKED, S.WITHDRAWN, "the contract ended"),
    ),
    final=(S.TOLD, S.KEPT, S.WITHDRAWN),
    process=Process.READJUSTMENTS,
    steps=ReadjustmentStep,
)
