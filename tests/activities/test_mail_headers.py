"""Long words in headers leave as they are."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from activities.clients.mail_headers import POLICY

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", ["In-Reply-To", "References", "List-Unsubscribe"])
def test_a_word_longer_than_a_line_is_neither_cut_nor_encoded(name: str) -> None:
    word = f"<{'x' * 90}@mail.provedor.example>"
    mail = EmailMessage(policy=POLICY)
    mail[name] = word
    mail.set_content("Olá")

    assert f"{name}: {word}\r\n".encode() in mail.as_bytes(policy=SMTP)


def test_what_is_not_ascii_is_encoded_as_ever() -> None:
    mail = EmailMessage(policy=POLICY)
    mail["In-Reply-To"] = "<ação@provedor.example>"
    mail.set_content("Olá")

    assert b"In-Reply-To: =?utf-8?" in mail.as_bytes(policy=SMTP)
