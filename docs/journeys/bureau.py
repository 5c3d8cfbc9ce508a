"""A record at the credit bureau."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.bureau import AddToBureau, BureauStep, RecordStage, RemoveFromBureau
from rules.cases import Process

S = RecordStage

JOURNEY = Journey(
    title="A bureau record",
    words=(
        "Our own record of what stands at the credit bureau. Registered only after the notice left"
        " and the days of grace passed; out again within the time of the law once paid."
    ),
    stages=RecordStage,
    arrows=(
        Arrow(None, S.NOTICED, AddToBureau),
        *(Arrow(None, s, "brought from another system") for s in (S.NOTICED, S.REGISTERED)),
        Arrow(S.NOTICED, S.REGISTERED, BureauStep.REGISTER),
        Arrow(S.NOTICED, S.NOTICED, BureauStep.ASK_PROOF),
        Arrow(S.NOTICED, S.WITHDRAWN, "paid or replaced"),
        Arrow(S.NOTICED, S.WITHDRAWN, RemoveFromBureau),
        Arrow(S.REGISTERED, S.CONFLICT, "paid"),
        Arrow(S.CONFLICT, S.REGISTERED, "payment taken back"),
        Arrow(S.REGISTERED, S.REMOVED, RemoveFromBureau),
        Arrow(S.REGISTERED, S.REMOVED, BureauStep.EXPIRE),
        Arrow(S.CONFLICT, S.CONFLICT, BureauStep.ASK_REMOVAL),
        Arrow(S.CONFLICT, S.CONFLICT, BureauStep.ALERT_REMOVAL),
        Arrow(S.CONFLICT, S.REMOVED, RemoveFromBureau),
    ),
    final=(S.REMOVED, S.WITHDRAWN),
    process=Process.BUREAU,
    steps=BureauStep,
)
