"""What may be a line's number, or identify another asset."""

from __future__ import annotations

import pytest

from rules.carrier_charges import normalise_number
from rules.lines import (
    LineIdentifierNotValid,
    LineKind,
    LineNumberNotValid,
    check_number,
)

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("(11) 98765-4321", LineKind.MOBILE),
        ("11 8765-4321", LineKind.MOBILE),
        ("+55 11 98765 4321", LineKind.MOBILE),
        ("(11) 3333-4444", LineKind.FIXED),
        ("0800 123 4567", LineKind.FIXED),
        ("4004-1234", LineKind.FIXED),
        ("8955 0311 1234 5678 901", LineKind.SIM),
        ("356938035643809", LineKind.DEVICE),
        ("SN-7", LineKind.DEVICE),
        ("spo/ip-00123", LineKind.CIRCUIT),
    ],
)
def test_what_identifies_a_line_is_taken(written, kind):
    check_number(normalise_number(written), kind=kind)


@pytest.mark.parametrize("kind", [LineKind.MOBILE, LineKind.FIXED])
@pytest.mark.parametrize(
    "written", ["abc", "", "0", "1234567", "1198765432a", "CIRC-77", "1" * 14, "\u0661" * 10]
)
def test_what_is_no_telephone_number_is_refused(written, kind):
    with pytest.raises(LineNumberNotValid):
        check_number(normalise_number(written), kind=kind)


@pytest.mark.parametrize("kind", [LineKind.SIM, LineKind.DEVICE, LineKind.CIRCUIT])
@pytest.mark.parametrize("written", ["abc", "", "7", "rua do porto", "A;1234"])
def test_what_identifies_nothing_is_refused(written, kind):
    with pytest.raises(LineIdentifierNotValid):
        check_number(normalise_number(written), kind=kind)
