"""When a dated change of a contract may begin and end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.business_days import add_months
from rules.contract_changes import (
    Address,
    AskedChange,
    ChangeEndsBeforeItBegins,
    ChangeInThePast,
    ChangeKind,
    ChangePostalCodeNotValid,
    ChangeTooFar,
    check_change,
)
from rules.contracts import ContractStage

pytestmark = pytest.mark.once

TODAY = date(2026, 11, 16)
A_DAY = timedelta(days=1)
LATEST = add_months(TODAY, months=60)


def check(starts_on: date, until: date | None = None) -> None:
    asked = AskedChange(ChangeKind.SUSPENSION, starts_on, until)
    check_change(asked, stage=ContractStage.ACTIVE, today=TODAY)


@pytest.mark.parametrize(("starts_on", "until"), [(TODAY, None), (TODAY, LATEST), (LATEST, None)])
def test_from_today_to_five_years_on_it_may_be(starts_on, until):
    check(starts_on, until)


@pytest.mark.parametrize(
    ("starts_on", "until", "refusal", "field"),
    [
        (TODAY - A_DAY, None, ChangeInThePast, "starts_on"),
        (TODAY, TODAY, ChangeEndsBeforeItBegins, "until"),
        (LATEST + A_DAY, None, ChangeTooFar, "starts_on"),
        (TODAY, LATEST + A_DAY, ChangeTooFar, "until"),
        (TODAY, date.max, ChangeTooFar, "until"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused_beside_its_field(starts_on, until, refusal, field):
    with pytest.raises(refusal) as refused:
        check(starts_on, until)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("code", "is_one"),
    [("", True), ("32010-000", True), ("32010000", True), ("123", False), ("3201-0000", False)],
)
def test_a_postal_code_has_eight_digits_or_is_left_out(code, is_one):
    place = Address("Rua A, 1", "Betim", "MG", code)
    asked = AskedChange(ChangeKind.ADDRESS, TODAY, address=place)

    if is_one:
        check_change(asked, stage=ContractStage.ACTIVE, today=TODAY)
    else:
        with pytest.raises(ChangePostalCodeNotValid):
            check_change(asked, stage=ContractStage.ACTIVE, today=TODAY)
