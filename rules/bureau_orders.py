"""Orders to the credit bureau: to include or remove a record, until it answered with its code.

The exchange itself is another program's, or a person's at the bureau's own page: it takes a batch
and tells what came of each order.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from rules.refusals import Refusal
from rules.sentences import N_


class OrderKind(StrEnum):
    """What the bureau is to do."""

    INCLUDE = "include"
    REMOVE = "remove"


class OrderStatus(StrEnum):
    """Where an order stands. Void: it was taken back before it left."""

    WAITING = "waiting"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    VOID = "void"


class BureauOrderNotFound(Refusal):
    message = "O pedido %(order)s ao SPC não existe."


class NothingToSend(Refusal):
    message = "Nenhum pedido ao SPC espera envio."


class BureauOrderNotSent(Refusal):
    message = "O pedido %(order)s não espera resposta do SPC."


class BureauCodeRequired(Refusal):
    message = "Informe o código com que o SPC recusou."
    field = "code"


class BureauOrderNotRefused(Refusal):
    message = "Só um pedido de remoção recusado é enviado de novo."


class AnswerFileNotRead(Refusal):
    message = "A linha %(line)s do arquivo de respostas não foi lida: %(fault_word)s"
    field = "file"


class AnswerFileEmpty(Refusal):
    message = "O arquivo de respostas está vazio, ou não tem as colunas pedido, resultado e codigo."
    field = "file"


class AnswerFileTooLarge(Refusal):
    message = "O arquivo de respostas passa de %(megabytes)s MB. Divida-o em partes."
    field = "file"


class AnswerFileTooLong(Refusal):
    message = "O arquivo de respostas passa de %(count)s linhas. Divida-o em partes."
    field = "file"


#: What one file may hold: all of it is written down together.
MOST_BYTES, MOST_ANSWERS = 2 << 20, 5_000
#: Longest code and message that the books have room for.
LONGEST_CODE, LONGEST_NOTE = 20, 300
COLUMNS = ("pedido", "resultado", "codigo")
RESULTS = {"aceito": True, "recusado": False}


@dataclass(frozen=True)
class BureauAnswer:
    """What the bureau said of an order."""

    order_id: int
    is_accepted: bool
    code: str = ""
    note: str = ""


def check_answer(status: str, answer: BureauAnswer) -> None:
    """This will refuse an answer to what was not sent, and a refusal without its code."""
    if status != OrderStatus.SENT:
        raise BureauOrderNotSent(order=answer.order_id)
    if not answer.is_accepted and not answer.code.strip():
        raise BureauCodeRequired


def read_answers(text: str) -> Sequence[BureauAnswer]:
    """This will read a file of answers: pedido;resultado;codigo;mensagem. All of it or nothing.

    Refuses AnswerFileEmpty, AnswerFileTooLong, and the first line that cannot be read
    (AnswerFileNotRead).
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";", restkey="more")
    try:
        answers = _answers(rows)
    except csv.Error as error:
        line = rows.line_num + 1
        raise AnswerFileNotRead(line=line, fault_word=N_("não é um CSV.")) from error
    if not answers:
        raise AnswerFileEmpty
    return answers


def _answers(rows: csv.DictReader[str]) -> Sequence[BureauAnswer]:
    titles = [str(title).strip().casefold() for title in rows.fieldnames or ()]
    if not set(COLUMNS) <= set(titles):
        raise AnswerFileEmpty
    rows.fieldnames = titles
    answers = [_answer(row, rows.line_num) for row in islice(rows, MOST_ANSWERS + 1)]
    if len(answers) > MOST_ANSWERS:
        raise AnswerFileTooLong(count=MOST_ANSWERS)
    return answers


def _answer(row: dict[str, str | None], line: int) -> BureauAnswer:
    told = {name: str(row.get(name) or "").strip() for name in (*COLUMNS, "mensagem")}
    order, result = told["pedido"], told["resultado"].casefold()
    if not (order.isascii() and order.isdecimal() and len(order) < 16):
        raise AnswerFileNotRead(line=line, fault_word=N_("o pedido não é um número."))
    if result not in RESULTS:
        raise AnswerFileNotRead(line=line, fault_word=N_("o resultado não é aceito nem recusado."))
    if not RESULTS[result] and not told["codigo"]:
        raise AnswerFileNotRead(line=line, fault_word=N_("falta o código da recusa."))
    return BureauAnswer(
        int(order), RESULTS[result], told["codigo"][:LONGEST_CODE], told["mensagem"][:LONGEST_NOTE]
    )
