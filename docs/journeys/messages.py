"""A message."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.messages import MessageStatus

S = MessageStatus

JOURNEY = Journey(
    title="A message",
    words=(
        "No case of its own: one row, one workflow. In `queued` it waits for the contact window,"
        " the customer's daily limit, or a provider that is away."
    ),
    stages=MessageStatus,
    arrows=(
        Arrow(None, S.QUEUED, "written"),
        Arrow(S.QUEUED, S.SENDING, "it may leave now"),
        Arrow(S.QUEUED, S.SUPPRESSED, "paid, opted out, withdrawn, expired"),
        Arrow(None, S.SUPPRESSED, "no address, opted out, template switched off"),
        Arrow(S.SENDING, S.SENT, "the provider took it"),
        Arrow(S.SENDING, S.QUEUED, "not taken now"),
        Arrow(S.SENDING, S.FAILED, "refused for good, or tried too often"),
        Arrow(S.SENT, S.DELIVERED, "report"),
        Arrow(S.SENT, S.BOUNCED, "report"),
        Arrow(S.SENT, S.FAILED, "report"),
    ),
    final=(S.DELIVERED, S.BOUNCED, S.FAILED, S.SUPPRESSED),
)
