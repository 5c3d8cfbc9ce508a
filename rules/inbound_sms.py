"""What a customer's SMS asks for, as far as its words say."""

from __future__ import annotations

from rules.refusals import Refusal

#: Whoever answers with one of these and nothing else wants no more SMS.
OPT_OUT_WORDS = frozenset(
    {
        "sair",
        "pare",
        "parar",
        "cancelar",
        "remover",
        "descadastrar",
        "stop",
        "stopall",
        "unsubscribe",
    }
)
LONGEST = 1600


class SmsWithoutIdentity(Refusal):
    message = "A chamada não diz que SMS é."


def wants_no_more(text: str) -> bool:
    """Whether the SMS says that no more are wanted."""
    return text.strip().strip(".!\"'").lower() in OPT_OUT_WORDS
