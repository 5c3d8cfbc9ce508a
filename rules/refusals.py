"""Every refusal: a sentence for the operator, a code for programs, the field at fault."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

#: How the name of a place ends that is filled by a word of ours.
WORD = "_word"


class Refusal(Exception):  # noqa: N818 - a refusal is an answer to a person, not an error
    """The base of every refusal; each one stands beside the function that raises it.

    `message` is Portuguese and is the gettext message id; its %(name)s places are filled from
    `params`, which hold only text and whole numbers so that they travel as JSON. What fills a
    place whose name ends in `_word` is a message id itself, said in the sentence's language.
    """

    message: ClassVar[str] = "O pedido foi recusado. Confira os dados e tente novamente."
    field: str | None = None
    code: ClassVar[str] = "Refusal"

    def __init_subclass__(cls, *, code: str | None = None) -> None:
        """A subclass has its name for a code; `code` names another, told in other words."""
        super().__init_subclass__()
        cls.code = code or cls.__name__

    def __init__(self, *, field: str | None = None, **params: str | int) -> None:
        self.params = params
        self.field = field or self.field
        super().__init__(self.message % params)


def written_instant(instant: datetime) -> str:
    """This will write an instant, of a local clock, for a place in a refusal: 27/10/2026 14:05."""
    return instant.strftime("%d/%m/%Y %H:%M")


def written_date(day: date) -> str:
    """This will write a date the Brazilian way, for a place in a refusal: 27/10/2026."""
    return day.strftime("%d/%m/%Y")


def written_amount(amount: Decimal) -> str:
    """This will write a number the Brazilian way, exactly as precise as it is: 1.234,56."""
    return f"{amount:,f}".translate(str.maketrans(",.", ".,"))
