"""What becomes of each line of a bank's return file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.cnab_titles import LineProblem, Title, TitleOutcome
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.payment_application import Taken
from rules.refusals import Refusal


class LineOutcome(StrEnum):
    """What became of a line. Payments first, then what the bank tells besides, then the faults."""

    SETTLED = "settled"
    PARTIAL = "partial"
    OVER = "over"
    DOUBLE = "double"  # the invoice was settled before: all of it is an excess
    NOT_OWED = "not_owed"  # cancelled, or replaced by an agreement: likewise
    ENTERED = "entered"
    REJECTED = "rejected"
    WRITTEN_OFF = "written_off"
    PROTESTED = "protested"
    OTHER = "other"
    REPEATED = "repeated"  # an earlier file told the same
    QUESTION = "question"  # so did one with another number: again, or paid twice?
    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_READ = "not_read"


#: Money that was written to an invoice.
PAID = frozenset(
    {LineOutcome.SETTLED, LineOutcome.PARTIAL, LineOutcome.OVER, LineOutcome.DOUBLE,
     LineOutcome.NOT_OWED}
)  # fmt: skip
#: What somebody has to look at: money that nobody owed, and lines that changed nothing.
TO_BE_SEEN = frozenset(
    {LineOutcome.OVER, LineOutcome.DOUBLE, LineOutcome.NOT_OWED, LineOutcome.REJECTED,
     LineOutcome.QUESTION, LineOutcome.UNKNOWN, LineOutcome.REFUSED, LineOutcome.NOT_READ}
)  # fmt: skip
_TOLD: Mapping[TitleOutcome, LineOutcome] = {
    TitleOutcome.ENTERED: LineOutcome.ENTERED,
    TitleOutcome.REJECTED: LineOutcome.REJECTED,
    TitleOutcome.WRITTEN_OFF: LineOutcome.WRITTEN_OFF,
    TitleOutcome.PROTESTED: LineOutcome.PROTESTED,
    TitleOutcome.OTHER: LineOutcome.OTHER,
}


class RecordNotKnown(Refusal):
    message = "O registro %(detail)s não é de título deste banco."


class LineTooLong(Refusal):
    message = "A linha tem %(detail)s posições, mais do que o leiaute."


class FieldNotRead(Refusal):
    message = "As posições %(detail)s não têm o que deviam."


class SegmentAlone(Refusal):
    message = "O segmento %(detail)s está sem o seu par."


class TitleWithoutDate(Refusal):
    message = "O banco não informou a data do pagamento."


class TitleNotKnown(Refusal):
    message = "Nenhuma fatura tem este número."


class TitleTold(Refusal):
    message = "Este mesmo pagamento já tinha vindo do banco."


class TitlePerhapsTold(Refusal):
    message = (
        "O retorno %(number)s já informou este título, dia e valor: é o mesmo pagamento ou um "
        "segundo?"
    )


class LineNotFound(Refusal):
    message = "Esta linha de retorno não existe."


class LineAlreadyDone(Refusal):
    message = "A linha %(line)s não espera resposta."


@dataclass(frozen=True)
class ToldBefore:
    """An event that another file told: which, and under what number the bank sent that file."""

    run_id: int
    sequence: str


_FAULTS: Mapping[LineProblem, type[Refusal]] = {
    LineProblem.UNKNOWN_RECORD: RecordNotKnown,
    LineProblem.TOO_LONG: LineTooLong,
    LineProblem.FIELD: FieldNotRead,
    LineProblem.WITHOUT_PAIR: SegmentAlone,
}


@dataclass(frozen=True)
class Candidate:
    """An invoice that a title may be about."""

    invoice_id: int
    labels: frozenset[str]
    due_date: date
    amount: Decimal
    open_amount: Decimal


def payment_code(title: Title, *, bank: str) -> str:
    """Under what code the payment of a title is taken: the same line of the bank pays once."""
    return f"cnab/{bank}/{title.key}"


def event_of(title: Title) -> tuple[str, str, date | None, Decimal]:
    """What is the same in two files that tell one event, although its line stands elsewhere."""
    return title.our_number, title.movement, title.occurred_on, title.paid_amount


def check_told(before: ToldBefore | None, *, sequence: str) -> None:
    """This will refuse an event that another file told (TitleTold, TitlePerhapsTold).

    A file sent anew has the number of the one that it corrects: what it repeats is no news. Under
    another number, or none, two payments of one boleto on one day look just the same.
    """
    if before is None:
        return
    if sequence and sequence == before.sequence:
        raise TitleTold
    raise TitlePerhapsTold(number=before.run_id)


def second_code(*, bank: str, our_number: str, run_id: int, line: int) -> str:
    """Under what code a payment is taken that somebody said is another one."""
    return f"cnab/{bank}/{our_number}/r{run_id}/{line}"


def charges_of(title: Title) -> Decimal:
    """What of a paid amount is interest and fine, as the bank says."""
    return min(title.interest, title.paid_amount)


def told_outcome(title: Title) -> LineOutcome:
    """What a title that is no payment is reported as."""
    return _TOLD[title.outcome]


def paid_outcome(*, status: str, owed: Decimal, paid: Decimal, taken: Taken) -> LineOutcome:
    """What a payment is reported as, by what its invoice was and what it took of `paid`.

    `paid` is what came in without late charges.
    """
    if status == InvoiceStatus.SETTLED and not owed:
        return LineOutcome.DOUBLE
    if status in {InvoiceStatus.CANCELLED, InvoiceStatus.REPLACED}:
        return LineOutcome.NOT_OWED
    if owed > taken.total:
        return LineOutcome.PARTIAL
    return LineOutcome.OVER if paid > taken.applied else LineOutcome.SETTLED


def is_about(title: Title, candidate: Candidate) -> bool:
    """Whether label, amount or due date of the title confirm the invoice its number led to.

    Another company's boletos at the same bank have the same running numbers as ours.
    """
    return (
        title.your_number in candidate.labels
        or title.due_date == candidate.due_date
        or title.face_amount in {candidate.amount, candidate.open_amount} - {ZERO}
    )


def fault_of(problem: LineProblem, *, detail: str) -> Refusal:
    """Why a line could not be read, as a sentence."""
    return _FAULTS[problem](detail=detail or "?")
