"""An invoice on its way through collections."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.agreement_terms import MakeAgreement
from rules.agreements import (
    AgreementStep,
    CancelAgreement,
    Renegotiate,
    RestoreOriginals,
)
from rules.cases import Process
from rules.collection_commands import ConfirmProcess, StartCollection
from rules.collection_stages import CollectionStage
from rules.collections import LEAVES_AS, AccountStep

S = CollectionStage
BEFORE_AGREEMENT = (S.CLASSIFIED, S.IN_CONTACT, S.NEGOTIATING)
BROUGHT = (*BEFORE_AGREEMENT, S.IN_AGREEMENT, S.BROKEN, S.FULFILLED, S.REPLACED)

JOURNEY = Journey(
    title="An invoice in collections",
    words=(
        "Its stage decides in which panel it stands. The customer's case has the first stage, in"
        " the order of work, in which an invoice is: broken, negotiating, in contact, classified,"
        " in agreement; then at the bureau; then closed."
    ),
    stages=CollectionStage,
    arrows=(
        Arrow(None, S.CLASSIFIED, "classification, daily or by hand"),
        *(Arrow(None, s, "brought from another system") for s in BROUGHT),
        Arrow(S.CLASSIFIED, S.IN_CONTACT, StartCollection),
        Arrow(S.IN_CONTACT, S.NEGOTIATING, ConfirmProcess),
        Arrow(S.NEGOTIATING, S.IN_AGREEMENT, MakeAgreement),
        Arrow(S.NEGOTIATING, S.REPLACED, "make_agreement, new proposal"),
        Arrow(None, S.IN_AGREEMENT, "instalment of a new proposal"),
        Arrow(S.IN_AGREEMENT, S.FULFILLED, "settled"),
        Arrow(S.FULFILLED, S.IN_AGREEMENT, "payment taken back"),
        Arrow(S.IN_AGREEMENT, S.BROKEN, AgreementStep.BREAK),
        Arrow(S.BROKEN, S.FULFILLED, "settled late"),
        Arrow(S.BROKEN, S.NEGOTIATING, Renegotiate),
        Arrow(S.IN_AGREEMENT, S.NEGOTIATING, CancelAgreement),
        Arrow(S.IN_AGREEMENT, S.WITHDRAWN, "agreement undone, instalment"),
        Arrow(S.BROKEN, S.WITHDRAWN, "agreement undone, instalment"),
        Arrow(S.REPLACED, S.NEGOTIATING, CancelAgreement),
        Arrow(S.REPLACED, S.NEGOTIATING, RestoreOriginals),
        Arrow(S.REPLACED, S.RECOVERED, "agreement undone, instalments paid it whole"),
        *(
            Arrow(stage, target, f"{reason.value}")
            for target, reason in LEAVES_AS.values()
            for stage in BEFORE_AGREEMENT
        ),
    ),
    final=(S.FULFILLED, S.RECOVERED, S.WITHDRAWN),
    process=Process.COLLECTIONS,
    steps=AccountStep,
)
