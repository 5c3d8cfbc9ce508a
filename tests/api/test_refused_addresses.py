"""The address of a refused form is no page: whoever asks for it is led to the page above it."""

from __future__ import annotations

import pytest

from tests.support.web import Web


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/implantacoes/9/ata?historico=people", "/implantacoes/9?historico=people"),
        ("/chamados/1/resposta", "/chamados/1"),
        ("/contestacoes/25/resposta", "/contestacoes/25"),
        ("/c/1.segredo/promessa", "/c/1.segredo"),
        ("/idioma", "/"),
    ],
)
async def test_whoever_asks_for_the_address_of_a_form_is_led_to_its_page(
    web: Web, asked, page
) -> None:
    browser = await web.browser("*")

    answered = await browser.get(asked)

    assert (answered.status_code, answered.headers.get("location")) == (303, page)


async def test_another_language_leads_from_a_refused_form_to_its_page(web: Web) -> None:
    browser = await web.browser("people:edit")

    answered = await browser.post("/idioma", data={"idioma": "en", "volta": "/pessoas/1/senha"})

    assert (await browser.get(answered.headers["location"])).headers["location"] == "/pessoas/1"


@pytest.mark.parametrize("how", [{"accept": "application/json"}, {"hx-request": "true"}])
async def test_a_program_and_a_piece_of_a_page_are_told_405(web: Web, how) -> None:
    browser = await web.browser("*")

    assert (await browser.get("/implantacoes/9/ata", headers=how)).status_code == 405
