"""What a customer's SMS asks for, as far as its words say."""

from __future__ import annotations

from enum import StrEnum

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


class SmsOutcome(StrEnum):
    """What became of a customer's SMS."""

    JOINED = "joined"
    OPTED_OUT = "opted_out"
    WITHOUT_CASE = "without_case"
    STRANGER = "stranger"


class SmsWithoutIdentity(Refusal):
    message = "A chamada não diz que SMS é."


def outcome_of(text: str, *, is_customer: bool, has_case: bool) -> SmsOutcome:
    """What becomes of an SMS: a word that asks for silence counts before anything else."""
    if not is_customer:
        return SmsOutcome.STRANGER
    if wants_no_more(text):
        return SmsOutcome.OPTED_OUT
    return SmsOutcome.JOINED if has_case else SmsOutcome.WITHOUT_CASE


def wants_no_more(text: str) -> bool:
    """Whether the SMS says that no more are wanted."""
    return text.strip().strip(".!\"'").lower() in OPT_OUT_WORDS
