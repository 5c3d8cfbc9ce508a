"""Lists: every row once in both directions, totals of the filter, CSV that is only data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from api.keyset import Cursor, CursorNotValid, SortKey, decode, encode, fetch
from api.table_csv import line
from models.users import select_users
from tests.support.web import NOW, Web

NAMES = ["Bia", "Ana", "Ana", "Caio", "Ana", "Davi", "Eva"]


async def people(web: Web) -> None:
    for number, name in enumerate(NAMES):
        away = date(2026, 12, number + 1) if number % 2 else None
        await web.user(login=f"u{number}", name=name, absent_until=away)


async def walk(web: Web, sort: SortKey, *, size: int):
    """Go to the end page by page, then back to the start; gives both ways' rows."""
    forth, back, cursor = [], [], None
    async with web.database.read() as session:
        while True:
            found = await fetch(session, select_users(), sort=sort, cursor=cursor, limit=size)
            forth.append([row["id"] for row in found.rows])
            if found.next is None:
                break
            cursor = found.next
        back.append(forth[-1])
        while found.previous is not None:
            cursor = found.previous
            found = await fetch(session, select_users(), sort=sort, cursor=cursor, limit=size)
            back.insert(0, [row["id"] for row in found.rows])
        assert found.next is not None or len(forth) == 1
    return forth, back


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("column", ["name", "absent_until", "id", "created_at"])
@pytest.mark.parametrize("is_descending", [False, True])
async def test_every_row_is_met_once_there_and_back(web: Web, size, column, is_descending):
    await people(web)
    is_nullable = column == "absent_until"
    ties = () if column == "id" else ("id",)
    sort = SortKey(column, is_descending=is_descending, is_nullable=is_nullable, ties=ties)

    forth, back = await walk(web, sort, size=size)

    whole = [row for page in forth for row in page]
    assert sorted(whole) == sorted(set(whole))
    assert len(whole) == len(NAMES)
    assert [row for page in back for row in page] == whole


async def test_blank_values_stand_last_in_both_directions(web: Web):
    await people(web)

    for is_descending in (False, True):
        sort = SortKey("absent_until", is_descending=is_descending, is_nullable=True)
        async with web.database.read() as session:
            found = await fetch(session, select_users(), sort=sort, cursor=None, limit=9)
        assert [row["absent_until"] is None for row in found.rows] == [False] * 3 + [True] * 4


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        "ação",
        Decimal("1234.56"),
        date(2026, 11, 19),
        datetime(2026, 11, 19, 13, tzinfo=UTC),
    ],
)
def test_a_cursor_comes_back_as_it_was(value):
    cursor = Cursor(value, (3, 7), is_backward=True)

    assert decode(encode(cursor)) == cursor


@pytest.mark.parametrize("text", ["nonsense", "bnVsbA", "", "W10", "é"])
def test_any_other_cursor_is_refused(text):
    with pytest.raises(CursorNotValid):
        decode(text)


async def test_a_broken_address_of_a_page_is_refused_in_words(web: Web):
    browser = await web.browser("people:see")

    answer = await browser.get("/pessoas?cursor=nonsense")

    assert answer.status_code == 422
    assert "Volte à primeira página" in answer.text


async def test_filter_order_and_columns_live_in_the_address(web: Web):
    await people(web)
    browser = await web.browser("people:see", login="zeca")

    page = (await browser.get("/pessoas?busca=ana&ordem=-name&colunas=name&colunas=login")).text

    assert page.count("data-row") == 3
    assert 'aria-sort="descending"' in page
    assert "3 registros" in page
    assert 'value="ana"' in page


async def test_an_empty_list_says_what_would_fill_it(web: Web):
    browser = await web.browser("people:see")

    assert "Nenhuma equipe ainda" in (await browser.get("/pessoas/equipes")).text
    assert "Nenhum registro corresponde" in (await browser.get("/pessoas?busca=zzz")).text


async def test_the_export_has_the_whole_filter_for_spreadsheets_of_brazil(web: Web):
    await people(web)
    browser = await web.browser("people:see", login="zeca", name="=HYPERLINK(1)")

    answer = await browser.get("/pessoas?formato=csv&colunas=name,created_at")

    lines = answer.text.split("\r\n")
    assert lines[0] == "\ufeffNome;Criado em"
    assert len(lines) == len(NAMES) + 3
    assert "'=HYPERLINK(1);19/11/2026 10:00" in lines
    assert "attachment" in answer.headers["content-disposition"]


def test_a_csv_line_writes_figures_plainly_and_text_safely():
    written = line([Decimal("-1234.50"), 7, True, None, date(2026, 11, 19), NOW, "-1+1", 'a;"b'])

    assert written == '-1234,50;7;Sim;;19/11/2026;19/11/2026 10:00;\'-1+1;"a;""b"\r\n'


async def test_htmx_gets_the_part_and_browsers_the_page(web: Web):
    browser = await web.browser("people:see")

    part = (await browser.get("/pessoas", headers={"HX-Request": "true"})).text
    whole = (await browser.get("/pessoas")).text

    assert "<title>Usuários · Acerto</title>" in part
    assert "<html" not in part
    assert "<html" in whole


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/cobrancas/classificados?valor_de=abc", "no formato 1.234,56"),
        ("/cobrancas/classificados?valor_ate=149.90", "no formato 1.234,56"),
        ("/cobrancas/classificados?valor_ate=99999999999999999999", "no formato 1.234,56"),
        ("/cobrancas/classificados?vencimento_de=2026-02-30", "no formato dd/mm/aaaa"),
        ("/cobrancas/classificados?vencimento_de=0001-01-01", "no formato dd/mm/aaaa"),
        ("/cobrancas/classificados?atraso_de=dez", "número inteiro"),
        ("/cobrancas/classificados?uf=XX", "Escolha uma das opções"),
        ("/cobrancas/em-acordo?acordo=x1", "número inteiro"),
        ("/tarefas/finalizadas?desde=ontem", "no formato dd/mm/aaaa"),
        ("/tarefas?equipe=abc", "Escolha uma das opções"),
        ("/pessoas/auditoria?ate=9999-12-31", "no formato dd/mm/aaaa"),
        ("/pessoas/auditoria?desde=31%2F12%2F2026&formato=csv", "no formato dd/mm/aaaa"),
    ],
)
async def test_a_filter_that_cannot_be_read_is_told_beside_its_field(web: Web, path, sentence):
    browser = await web.browser(
        "audit:see", "tasks:see", "collections.classified:see", "collections.in_agreement:see"
    )

    answer = await browser.get(path)

    assert answer.status_code == 422
    beside = answer.text.split('class="filter-problem"')
    assert len(beside) == 2
    assert sentence in beside[1][:200]
    assert "nada foi procurado" in answer.text
    assert "data-row" not in answer.text


async def test_nothing_is_done_with_all_of_a_filter_that_cannot_be_read(web: Web):
    browser = await web.browser("tasks:see", "tasks:act")

    answer = await browser.post("/tarefas/em-lote/assumir", data={"filtro": "equipe=abc"})

    assert answer.status_code == 422
    assert "nada foi escolhido" in answer.text


@pytest.mark.parametrize(
    "query",
    ["panels/1?due_from=2026-02-30", "panels/1?amount_from=abc", "panels/1?valor_de=1"],
)
async def test_programs_are_told_of_a_filter_that_cannot_be_read(web: Web, query):
    program = await web.program("collections.classified:see")

    answer = await program.get(f"/api/collections/{query}")

    assert answer.status_code == 422
    assert answer.json()["errors"]


@pytest.mark.parametrize("path", ["/api/tasks", "/api/cases", "/api/messages"])
async def test_programs_are_told_of_a_filter_that_does_not_exist(web: Web, path):
    program = await web.program("tasks:see", "messages:see", "collections.account:see")

    answer = await program.get(path, params={"statos": "open"})

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["statos"]


async def test_any_list_offers_the_filters_that_its_reader_keeps_for_it(web: Web):
    ana = await web.browser("people:see", "audit:see", login="ana")
    bia = await web.browser("people:see", login="bia")
    kept_query = "ordem=-login&colunas=name%2Clogin"

    plain = (await ana.get("/pessoas")).text
    narrowed = (await ana.get("/pessoas?busca=a&ordem=-login&cursor=")).text
    kept = await ana.post(
        "/filtros", data={"name": "De Z a A", "path": "/pessoas", "query": f"busca=a&{kept_query}"}
    )
    shown = (await ana.get(kept.headers["location"])).text

    assert "Guardar este filtro" not in plain
    assert 'name="query" value="busca=a&amp;ordem=-login"' in narrowed
    assert kept.headers["location"] == f"/pessoas?busca=a&{kept_query}"
    assert 'aria-current="true"><i class="ti ti-bookmark"' in shown
    assert "De Z a A" in (await ana.get("/pessoas")).text
    assert "De Z a A" not in (await ana.get("/pessoas/auditoria")).text
    assert "De Z a A" not in (await bia.get("/pessoas")).text


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "https://mal.example"}, {"path": "//mal.example"}, {"path": "/a\\b"},
        {"path": "/a?b=1"}, {"path": ""}, {"query": "a=" + "é" * 900},
    ],
)  # fmt: skip
async def test_only_an_address_of_ours_is_kept(web: Web, asked: dict[str, str]):
    program = await web.program()

    answer = await program.post("/api/saved-filters", json={"name": "x", "path": "/", **asked})

    assert answer.status_code == 422
    assert answer.json()["field"] in asked


async def test_an_order_alone_can_be_kept_and_what_passes_cannot(web: Web):
    program = await web.program()
    asked = {"name": "x", "path": "/pessoas", "query": "?ordem=-name&x=1%0d%0aSet-Cookie:a"}

    answer = await program.post("/api/saved-filters", json=asked)

    assert answer.json()["href"] == "/pessoas?ordem=-name&x=1%0D%0ASet-Cookie%3Aa"
