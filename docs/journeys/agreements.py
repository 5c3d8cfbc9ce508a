"""An agreement."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.agreement_terms import MakeAgreement
from rules.agreements import (
    AgreementStatus,
    AgreementStep,
    CancelAgreement,
    Renegotiate,
    RestoreOriginals,
)
from rules.cases import Process

S = AgreementStatus

JOURNEY = Journey(
    title="An agreement",
    words="Broken is no end: a broken agreement that is paid after all is fulfilled late.",
    stages=AgreementStatus,
    arrows=(
        Arrow(None, S.IN_PROGRESS, MakeAgreement),
        Arrow(None, S.IN_PROGRESS, "brought from another system"),
        Arrow(None, S.BROKEN, "brought from another system"),
        Arrow(S.IN_PROGRESS, S.IN_PROGRESS, AgreementStep.REMIND),
        Arrow(S.IN_PROGRESS, S.IN_PROGRESS, AgreementStep.CHECK_PROMISE),
        Arrow(S.IN_PROGRESS, S.BROKEN, AgreementStep.BREAK),
        Arrow(S.IN_PROGRESS, S.FULFILLED, "all settled in time"),
        Arrow(S.IN_PROGRESS, S.FULFILLED_LATE, "all settled, one late"),
        Arrow(S.BROKEN, S.FULFILLED_LATE, "all settled"),
        Arrow(S.IN_PROGRESS, S.CANCELLED, CancelAgreement),
        Arrow(S.BROKEN, S.CANCELLED, CancelAgreement),
        Arrow(S.BROKEN, S.RENEGOTIATED, Renegotiate),
        Arrow(S.BROKEN, S.RESTORED, RestoreOriginals),
    ),
    final=(S.FULFILLED, S.FULFILLED_LATE, S.CANCELLED, S.RENEGOTIATED, S.RESTORED),
    process=Process.AGREEMENTS,
    steps=AgreementStep,
)
