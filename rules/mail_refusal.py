"""The address by which whoever gets our e-mails says that they want no more (RFC 8058).

It holds for ever, as the letters do that carry it, and shows nothing of the customer.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode

from rules.refusals import Refusal

#: Nobody guesses 144 bits, and the address stays short in a header.
SIGNED_BYTES = 18
MOST_DIGITS = 15


class RefusalAddressNotFound(Refusal):
    message = "Este endereço não vale. Para não receber mais e-mails, fale com a empresa."


def token_of(customer_id: int, *, secret: str) -> str:
    """This will give the last part of the address: whose it is, and the signature over it."""
    signed = hmac.new(secret.encode(), f"email/{customer_id}".encode(), "sha256").digest()
    return f"{customer_id}.{urlsafe_b64encode(signed[:SIGNED_BYTES]).decode()}"


def customer_in(token: str, *, secret: str) -> int:
    """Whose e-mails are meant. Refuses what was not signed here (RefusalAddressNotFound)."""
    number = token.partition(".")[0]
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        raise RefusalAddressNotFound
    if not hmac.compare_digest(token.encode(), token_of(int(number), secret=secret).encode()):
        raise RefusalAddressNotFound
    return int(number)
