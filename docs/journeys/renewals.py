"""A renewal."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.cases import Process
from rules.renewals import (
    EditRenewal,
    LetExpire,
    ProveRenewal,
    RenewalStage,
    RenewalStep,
    RenewNow,
    TellRenewalAgain,
)

S = RenewalStage

JOURNEY = Journey(
    title="A renewal",
    words=(
        "Queued by the number of the term's open invoices. It waits for both notices to have"
        " reached the customer, on any channel or otherwise; a price that is edited is told anew. A"
        " renewal by a successor makes the next contract ahead; it takes over on the day the term"
        " ends."
    ),
    stages=RenewalStage,
    arrows=(
        Arrow(None, S.QUEUED, "few open invoices left"),
        Arrow(S.QUEUED, S.QUEUED, RenewalStep.FIRST_NOTICE),
        Arrow(S.QUEUED, S.QUEUED, RenewalStep.SECOND_NOTICE),
        Arrow(S.QUEUED, S.QUEUED, EditRenewal),
        Arrow(S.QUEUED, S.QUEUED, LetExpire),
        Arrow(S.QUEUED, S.QUEUED, ProveRenewal),
        Arrow(S.QUEUED, S.QUEUED, TellRenewalAgain),
        Arrow(S.QUEUED, S.QUEUED, RenewalStep.ASK),
        Arrow(S.QUEUED, S.RENEWED, RenewalStep.RENEW),
        Arrow(S.QUEUED, S.RENEWED, RenewNow),
        Arrow(S.QUEUED, S.SUCCEEDING, RenewalStep.RENEW),
        Arrow(S.QUEUED, S.SUCCEEDING, RenewNow),
        Arrow(S.SUCCEEDING, S.RENEWED, RenewalStep.TAKE_OVER),
        Arrow(S.SUCCEEDING, S.EXPIRED, RenewalStep.TAKE_OVER),
        Arrow(S.SUCCEEDING, S.WITHDRAWN, "the contract ended"),
        Arrow(S.QUEUED, S.EXPIRED, RenewalStep.EXPIRE),
        Arrow(S.QUEUED, S.WITHDRAWN, "the contract ended"),
    ),
    final=(S.RENEWED, S.EXPIRED, S.WITHDRAWN),
    process=Process.RENEWALS,
    steps=RenewalStep,
)
