"""A refusal is said in one language throughout: what fills its places too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.carrier_agreements import ToleranceNotValid
from api.problems import STATUS_BY_CODE, Problem, problem_of
from rules import words
from rules.carrier_reading import SUMMARISED, LineSummaryDiffers
from rules.carrier_records import ChargeKind
from rules.collection_commands import STAGE_NAMES, AlreadyStarted, WrongStage
from rules.collection_stages import CollectionStage
from rules.import_columns import ImportKind
from rules.imports import KIND_WORDS, ColumnMissing
from rules.refusals import WORD, Refusal
from rules.tasks import TaskAlreadyFinished

ROOT = Path(__file__).parent.parent.parent


def said(refusal: Refusal) -> tuple[str, str]:
    told = problem_of(refusal).as_json()
    return told["detail"], told["detail_en"]


@pytest.mark.parametrize(
    ("refusal", "portuguese", "english"),
    [
        (
            AlreadyStarted(invoice="F1", stage_word=STAGE_NAMES[CollectionStage.IN_CONTACT]),
            "A cobrança da fatura F1 já foi iniciada. Ela está em: em contato.",
            "Collection of invoice F1 has started already. Its stage: in contact.",
        ),
        (
            WrongStage(invoice="F1", stage_word=STAGE_NAMES[""]),
            "A fatura F1 não está classificada para a cobrança. Ela está em: fora da cobrança.",
            "Invoice F1 is not classified for collection. Its stage: outside collections.",
        ),
        (
            ColumnMissing(columns="valor", kind_word=KIND_WORDS[ImportKind.INVOICES]),
            "Para um arquivo de faturas faltam as colunas: valor. Veja o modelo.",
            "A file of invoices lacks the columns: valor. See the sample.",
        ),
        (
            LineSummaryDiffers(
                number="31", record_word=SUMMARISED[ChargeKind.CALL], declared="1,00", found="2,00"
            ),
            "O resumo da linha 31 diz R$ 1,00 no tipo ligações, e os registros somam R$ 2,00.",
            "The summary of line 31 says R$ 1,00 for type calls, "
            "and the records add up to R$ 2,00.",
        ),
        (
            TaskAlreadyFinished(by="system"),
            "Esta tarefa já foi finalizada por sistema.",
            "This task has already been finished by the system.",
        ),
        (
            TaskAlreadyFinished(by="ana"),
            "Esta tarefa já foi finalizada por ana.",
            "This task has already been finished by ana.",
        ),
    ],
)  # fmt: skip
def test_it_is_said_in_one_language(refusal: Refusal, portuguese: str, english: str) -> None:
    assert said(refusal) == (portuguese, english)


def test_every_name_of_a_stage_and_of_a_rule_has_its_english() -> None:
    stages = [said(WrongStage(invoice="F1", stage_word=each)) for each in STAGE_NAMES.values()]
    [rule, *_] = words.PRIORITIES.values()

    assert len({english for _, english in stages}) == len(STAGE_NAMES)
    assert all(pt.split(": ")[1] != en.split(": ")[1] for pt, en in stages)
    told, told_in_english = said(ToleranceNotValid(rule_word=rule))
    assert ("Alta" in told, "High" in told_in_english) == (True, True)


def test_the_sentence_beside_a_field_has_its_english_too() -> None:
    problem = Problem(422, "X", "Informe o motivo.", errors=(("reason", "Informe o motivo.", {}),))

    [error] = problem.as_json()["errors"]

    assert error["detail"] == "Informe o motivo."
    assert error["detail_en"] not in {"", error["detail"]}


def refusals() -> set[str]:
    """The names of all refusals: whatever has a message, and its children."""
    found, waiting = set(), [Refusal]
    while waiting:
        each = waiting.pop()
        found.add(each.__name__)
        waiting.extend(each.__subclasses__())
    return found


def is_ours(value: ast.expr) -> bool:
    """Whether a word of ours fills the place, and not what somebody typed or a figure."""
    if isinstance(value, ast.Subscript):
        return isinstance(value.value, ast.Name) and value.value.id.isupper()
    if isinstance(value, ast.Call):
        return getattr(value.func, "id", "") in {"gettext", "N_"}
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return is_text and value.value.isalpha()  # type: ignore[attr-defined]


def hidden_words() -> Iterator[str]:
    known = refusals()
    for folder in ("rules", "models", "activities", "api"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
                for place in node.keywords if name in known else ():  # type: ignore[attr-defined]
                    named = place.arg or ""
                    if named != "field" and not named.endswith(WORD) and is_ours(place.value):
                        yield f"{path.name}: {name}({named}=…)"


def test_words_of_ours_stand_in_places_that_are_translated() -> None:
    assert list(hidden_words()) == []


def test_every_code_with_a_status_of_its_own_is_some_refusals() -> None:
    modules = [*ROOT.glob("api/*.py"), *ROOT.glob("rules/**/*.py"), *ROOT.glob("models/*.py"),
               *ROOT.glob("activities/**/*.py")]  # fmt: skip
    classes = {
        node.name
        for module in modules
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.ClassDef)
    }

    assert STATUS_BY_CODE.keys() - classes == set()
