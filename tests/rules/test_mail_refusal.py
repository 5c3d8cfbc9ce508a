"""The address that refuses e-mails: signed, and good for one customer alone."""

from __future__ import annotations

import pytest

from rules.mail_refusal import RefusalAddressNotFound, customer_in, token_of

pytestmark = pytest.mark.once

SECRET = "of this house"


def test_an_address_says_whose_it_is() -> None:
    assert customer_in(token_of(42, secret=SECRET), secret=SECRET) == 42


@pytest.mark.parametrize(
    "token",
    [
        "", "42", "42.", ".", "x.y", "²." + "a" * 24, "9" * 16 + ".a",
        token_of(42, secret="of another"), token_of(42, secret=SECRET).replace("42.", "43."),
        token_of(42, secret=SECRET)[:-1], token_of(42, secret=SECRET) + "é",
    ],
)  # fmt: skip
def test_what_was_not_signed_here_is_refused(token: str) -> None:
    with pytest.raises(RefusalAddressNotFound):
        customer_in(token, secret=SECRET)
