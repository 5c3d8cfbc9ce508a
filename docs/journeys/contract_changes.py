"""A dated change of a contract."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.cases import Process
from rules.contract_changes import CallOff, ChangeStage, ChangeStep, EndNow

S = ChangeStage

JOURNEY = Journey(
    title="A dated change of a contract",
    words=(
        "Suspension, temporary plan, change of plan, cancellation. The last two are done on the day"
        " they begin."
    ),
    stages=ChangeStage,
    arrows=(
        Arrow(None, S.SCHEDULED, "asked for"),
        Arrow(S.SCHEDULED, S.IN_EFFECT, ChangeStep.BEGIN),
        Arrow(S.SCHEDULED, S.DONE, ChangeStep.BEGIN),
        Arrow(S.SCHEDULED, S.CALLED_OFF, CallOff),
        Arrow(S.SCHEDULED, S.CALLED_OFF, "the contract ended"),
        Arrow(S.IN_EFFECT, S.DONE, ChangeStep.END),
        Arrow(S.IN_EFFECT, S.DONE, EndNow),
    ),
    final=(S.DONE, S.CALLED_OFF),
    process=Process.CONTRACT_CHANGES,
    steps=ChangeStep,
)
