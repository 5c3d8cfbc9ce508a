"""What a purpose is, and the samples that return in many of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rules.messages import Channel


@dataclass(frozen=True)
class Purpose:
    """A reason to write: its stored code, what people call it, its channels, what it may mention.

    `sample` names every variable and is what a template is tried with before it is saved. A legal
    notice is not held back by the daily limit; what is good for the day alone is not sent later.
    What is said in a conversation is answered to the support address.
    """

    code: str
    label: str
    channels: tuple[Channel, ...]
    sample: dict[str, Any]
    is_legal_notice: bool = False
    is_for_today: bool = False
    is_conversation: bool = False


#: To customers; what the app shows is the text of the SMS under the e-mail's subject, at first.
EVERY = (Channel.EMAIL, Channel.SMS, Channel.APP)
MAIL = (Channel.EMAIL,)

#: Known in every template.
STANDARD: dict[str, Any] = {
    "supplier": {
        "name": "Acerto Telecom",
        "document": "11.222.333/0001-81",
        "address": "Avenida Paulista, 1000, São Paulo/SP",
        "city": "São Paulo",
        "phone": "0800 000 0000",
        "bureau": "SPC Brasil",
    },
    "today": date(2026, 10, 27),
}
CUSTOMER: dict[str, Any] = {
    "customer": {
        "name": "Maria Aparecida da Conceição",
        "first_name": "Maria",
        "document": "***.982.247-**",
        "code": "C-1042",
        "city": "São Paulo",
        "uf": "SP",
    },
    "debt": {"invoices": 2, "amount": Decimal("389.80"), "oldest_due": date(2026, 10, 5)},
}
INVOICE: dict[str, Any] = {
    "invoice": {
        "number": "2026-000123",
        "due_date": date(2026, 10, 5),
        "amount": Decimal("249.90"),
        "open_amount": Decimal("249.90"),
        "description": "Plano Fibra 500, outubro de 2026",
        "days_late": 22,
    },
}
FOR_INVOICES = {**STANDARD, **CUSTOMER, **INVOICE}
#: A person of the house.
USER: dict[str, Any] = {"user": {"name": "Ana Souza", "first_name": "Ana", "login": "ana"}}
