"""When a notice before a bureau record counts as given."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rules.bureau_notices import (
    GivenNotice,
    NoticeNotWanted,
    NoticeProofRequired,
    NoticeProvenOnNotPossible,
    check_proof,
    counted,
)
from rules.messages import NoticeState
from rules.refusals import Refusal

pytestmark = pytest.mark.once
SENT, DELIVERED, PROVEN = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (9, 10, 12))
LEFT = GivenNotice(NoticeState.SENT, SENT)
ARRIVED = GivenNotice(NoticeState.SENT, SENT, DELIVERED)
LOST = GivenNotice(NoticeState.FAILED)


@pytest.mark.parametrize(
    ("notice", "wants_proof", "worth"),
    [
        (LEFT, False, (NoticeState.SENT, SENT)),
        (LEFT, True, (NoticeState.UNPROVEN, SENT)),
        (ARRIVED, True, (NoticeState.SENT, DELIVERED)),
        (ARRIVED, False, (NoticeState.SENT, SENT)),
        (LOST, False, (NoticeState.FAILED, None)),
        (LOST, True, (NoticeState.FAILED, None)),
        (GivenNotice(NoticeState.FAILED, proven_at=PROVEN), True, (NoticeState.SENT, PROVEN)),
        (GivenNotice(NoticeState.PENDING, proven_at=PROVEN), False, (NoticeState.SENT, PROVEN)),
    ],
)
def test_a_state_that_wants_proof_waits_for_delivery(
    notice: GivenNotice, wants_proof: bool, worth: tuple[NoticeState, datetime | None]
) -> None:
    assert counted(notice, wants_proof=wants_proof) == worth


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"stage": "registered"}, NoticeNotWanted),
        ({"proof": "  "}, NoticeProofRequired),
        ({"proof": "x" * 301}, NoticeProofRequired),
        ({"proven_on": date(2026, 11, 8)}, NoticeProvenOnNotPossible),
        ({"proven_on": date(2026, 11, 17)}, NoticeProvenOnNotPossible),
        ({"proven_on": date(2026, 11, 9)}, None),
        ({"proven_on": date(2026, 11, 16)}, None),
    ],
)
def test_proof_is_of_a_day_between_the_notice_and_today(
    change: dict, refusal: type[Refusal] | None
) -> None:
    said = {
        "stage": "noticed", "proven_on": date(2026, 11, 12), "proof": "AR 123",
        "noticed_on": date(2026, 11, 9), "today": date(2026, 11, 16), **change,
    }  # fmt: skip
    stage = said.pop("stage")

    if refusal is None:
        check_proof(stage, **said)
        return
    with pytest.raises(refusal):
        check_proof(stage, **said)
