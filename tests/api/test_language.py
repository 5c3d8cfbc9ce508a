"""Two languages: what is written in one is said in the other, and figures follow."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from api import language, language_check
from api.rendering import ENVIRONMENT
from tests.support.web import Web

ROOT = Path(__file__).parent.parent.parent
PLACE = re.compile(r"%\((\w+)\)[sd]")


def test_every_sentence_has_an_english_text():
    assert language_check.missing("en") == []


def test_no_sentence_has_two_english_texts():
    ids = [each.id if isinstance(each.id, str) else each.id[0] for each in language.entries("en")]

    assert [each for each, count in Counter(ids).items() if count > 1] == []


#: What is asked of people, and why it was taken back: the arguments that are sentences.
SAID_IN = {"Request": (0, 1, 2), "withdraw": (1,), "NewTask": (), "withdraw_tasks": ()}


def unmarked(call: ast.Call) -> Iterator[str]:
    """Sentences that nobody asks an English text for, as no marker is around them."""
    name = getattr(call.func, "id", "")
    places = [call.args[at] for at in SAID_IN.get(name, ()) if at < len(call.args)]
    named = [word.value for word in call.keywords if word.arg in {"title", "reason", "consequence"}]
    for each in [*places, *named] if name in SAID_IN else ():
        if isinstance(each, ast.Constant) and each.value:
            yield str(each.value)


def test_what_the_system_asks_of_people_is_marked_for_its_english_text():
    calls = [
        node
        for path in (ROOT / "activities").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]

    assert [sentence for call in calls for sentence in unmarked(call)] == []


def test_english_texts_keep_the_places_of_their_sentences():
    for entry in language.entries("en"):
        ids = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        texts = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        known = set(PLACE.findall(" ".join(ids)))
        assert all(set(PLACE.findall(text)) <= known for text in texts), entry.id


@pytest.mark.parametrize(
    ("accepted", "chosen", "spoken"),
    [
        (None, None, "pt_BR"),
        ("", None, "pt_BR"),
        ("pt-BR,pt;q=0.9,en;q=0.8", None, "pt_BR"),
        ("pt-PT", None, "pt_BR"),
        ("en-US,en;q=0.9", None, "en"),
        ("fr-FR,fr", None, "pt_BR"),
        ("en", "pt_BR", "pt_BR"),
        ("pt-BR", "en", "en"),
        ("pt-BR", "klingon", "pt_BR"),
        ("*", None, "pt_BR"),
        ("x" * 500 + ";;q=,", None, "pt_BR"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_browsers_best(accepted, chosen, spoken):
    assert language.negotiate(accepted, chosen=chosen) == spoken


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("R$ 149,90", "149.90"),
        ("0,5", "0.5"),
        ("1.234", "1234"),
        ("-10,00", "-10.00"),
    ],
)
def test_amounts_are_read_as_written_in_brazil(typed, value):
    assert language.parse_number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["149.90", "1,234.56", "12.34", "", "1e3", "NaN", "1 234", "--1"])
def test_amounts_written_otherwise_are_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        language.parse_number(typed)


def test_an_amount_typed_again_as_shown_stays_the_same():
    for cents in (0, 1, 99, 100, 123456, 99999999):
        amount = Decimal(cents).scaleb(-2)
        assert language.parse_number(language.plain_amount(amount)) == amount


def test_figures_are_written_the_brazilian_way():
    now = datetime(2026, 11, 19, 13, tzinfo=UTC)

    assert language.brl(Decimal("1234.5")) == "R$\xa01.234,50"
    assert language.day(date(2026, 10, 27)) == "27/10/2026"
    assert language.moment(now) == "19/11/2026 10:00"
    assert language.ago(datetime(2026, 11, 16, 13, tzinfo=UTC), now=now) == "há 3 dias"
    assert language.percent(Decimal(2)) == "2,00%"


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(seconds=60), "em 1 minuto"),
        (timedelta(minutes=55), "em 55 minutos"),
        (timedelta(hours=23), "em 23 horas"),
        (timedelta(days=2), "em 2 dias"),
        (timedelta(days=6), "em 6 dias"),
        (timedelta(days=10), "em 10 dias"),
        (timedelta(days=21), "em 3 semanas"),
    ],
)
def test_what_is_near_is_told_in_days_not_in_weeks(passed: timedelta, told: str):
    now = datetime(2026, 11, 19, 13, tzinfo=UTC)

    assert language.ago(now + passed, now=now) == told


async def test_a_person_chooses_the_language_of_the_pages(web: Web):
    visitor = web.visitor()

    await visitor.post("/idioma", data={"idioma": "en", "volta": "/entrar"})

    page = (await visitor.get("/entrar")).text
    assert 'lang="en"' in page
    assert "Sign in" in page


async def test_refusals_speak_the_language_of_the_browser(web: Web):
    answer = await web.visitor().post(
        "/entrar", data={"login": "x", "senha": "y"}, headers={"Accept-Language": "en"}
    )

    assert "Invalid user name or password." in answer.text


def test_pages_count_with_the_dot_of_thousands_and_escape_what_they_name():
    page = ENVIRONMENT.from_string(
        '{{ ngettext("%(num)s registro", "%(num)s registros", 1084) }}'
        '{{ ngettext("%(num)s de %(who)s", "%(num)s de %(who)s", 2, who="<b>") }}'
    )

    assert page.render() == "1.084 registros2 de &lt;b&gt;"
