"""What people call payments, and what became of the lines of a bank's file."""

from __future__ import annotations

from collections.abc import Mapping

from api.language import N_, gettext
from api.table import Badge, Tone
from rules.bank_returns import LineOutcome
from rules.boleto_banks import BANKS
from rules.cnab_titles import FileProblem
from rules.payments import PaymentSource
from rules.runs import RunStatus

OUTCOMES: Mapping[LineOutcome, tuple[str, Tone]] = {
    LineOutcome.SETTLED: (N_("Quitada"), Tone.GREEN),
    LineOutcome.PARTIAL: (N_("Paga em parte"), Tone.YELLOW),
    LineOutcome.OVER: (N_("Paga a mais"), Tone.YELLOW),
    LineOutcome.DOUBLE: (N_("Paga em dobro"), Tone.RED),
    LineOutcome.NOT_OWED: (N_("Fatura que não se devia"), Tone.RED),
    LineOutcome.ENTERED: (N_("Boleto registrado"), Tone.BLUE),
    LineOutcome.REJECTED: (N_("Boleto recusado"), Tone.RED),
    LineOutcome.WRITTEN_OFF: (N_("Boleto baixado"), Tone.GREY),
    LineOutcome.PROTESTED: (N_("Protestado"), Tone.YELLOW),
    LineOutcome.OTHER: (N_("Outra ocorrência"), Tone.GREY),
    LineOutcome.REPEATED: (N_("Repetida"), Tone.GREY),
    LineOutcome.QUESTION: (N_("Repetida ou paga duas vezes?"), Tone.YELLOW),
    LineOutcome.UNKNOWN: (N_("Sem fatura"), Tone.RED),
    LineOutcome.REFUSED: (N_("Não aceita"), Tone.RED),
    LineOutcome.NOT_READ: (N_("Não lida"), Tone.RED),
}
FILE_PROBLEMS: Mapping[FileProblem, str] = {
    FileProblem.NO_TRAILER: N_("Falta o registro final do arquivo."),
    FileProblem.COUNT_DIFFERS: N_(
        "O registro final conta outro número de linhas: confira com o banco se falta alguma."
    ),
    FileProblem.GONE: N_(
        "O arquivo não está mais no servidor. Envie-o de novo: segue de onde parou."
    ),
}
RUN_STATUSES: Mapping[RunStatus, tuple[str, Tone]] = {
    RunStatus.WAITING: (N_("Na fila"), Tone.GREY),
    RunStatus.RUNNING: (N_("Baixando"), Tone.BLUE),
    RunStatus.STOPPED: (N_("Parado"), Tone.YELLOW),
    RunStatus.FAILED: (N_("Recusado"), Tone.RED),
    RunStatus.DONE: (N_("Concluído"), Tone.GREEN),
}
SOURCES: Mapping[PaymentSource, str] = {
    PaymentSource.API: N_("API"),
    PaymentSource.CSV: N_("Arquivo"),
    PaymentSource.HAND: N_("Manual"),
    PaymentSource.BANK: N_("Banco"),
    PaymentSource.GATEWAY: N_("Pix ou gateway"),
}
_OTHER_BANKS = {"041": "Banrisul", "077": "Inter", "748": "Sicredi"}


def badge(words: tuple[str, Tone]) -> Badge:
    """A word on its colour, in the language of the request."""
    text, tone = words
    return Badge(gettext(text), tone)


def bank_name(code: str) -> str:
    """What a bank is called; its code where it is not known."""
    known = BANKS.get(code)
    return known.name if known else _OTHER_BANKS.get(code, code)
