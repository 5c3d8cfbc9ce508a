"""Templates of messages: tried, saved as a next version, switched off, and the house's own."""

from __future__ import annotations

import pytest

from models.message_templates import MessageTemplate
from models.messages import Message
from tests.api.test_messages import EDITOR
from tests.support.letters import a_customer, a_letter
from tests.support.web import Web

TYPED = {
    "subject": "Olá, {{ customer.first_name }}",
    "text": 'Pague {{ debt.amount | brl }}.\r\n{% include "supplier.txt" %}',
    "html": "",
}
WRITE = "/mensagens/clientes/1/email"
LETTER = {
    "key": "carta-de-hoje", "to_address": "maria@exemplo.test", "subject": "Sua fatura",
    "text": "Olá, {{ customer.first_name }}.\r\nLigue para nós.", "template_name": "Convite",
}  # fmt: skip
KEEPS = ("messages:act", "messages:see", "registries:edit")


async def test_a_template_is_tried_before_it_is_saved(web: Web):
    browser = await web.browser("*")

    answer = await browser.post(EDITOR, data=TYPED | {"text": "{{ customer.nome }}"})

    assert answer.status_code == 422
    assert 'id="e-text"' in answer.text
    assert await web.rows(MessageTemplate) == []


async def test_saving_makes_the_next_version_which_is_used_from_then_on(web: Web):
    customer = await a_customer(web.database)
    await a_letter(web.database, customer)
    browser = await web.browser("*")

    assert (await browser.post(EDITOR, data=TYPED)).status_code == 303

    letter = await a_letter(web.database, customer, key="letter/2")
    assert (letter.subject, letter.html) == ("Olá, Maria", "")
    assert [each.version for each in await web.rows(MessageTemplate)] == [1, 2]
    older = (await browser.get(f"{EDITOR}?versao=1")).text
    assert "vamos resolver suas faturas" in older


async def test_a_preview_with_a_real_customer_saves_nothing(web: Web):
    await a_customer(web.database)
    browser = await web.browser("*")

    shown = await browser.post(EDITOR, data=TYPED | {"preview": "1", "customer": "Maria da C"})
    unknown = await browser.post(EDITOR, data=TYPED | {"preview": "1", "customer": "Zé"})

    assert "Pague R$\u00a0249,90." in shown.text
    assert "Nenhum cliente corresponde a isto." in unknown.text
    assert await web.rows(MessageTemplate) == []


async def test_only_who_may_edit_registries_saves_templates(web: Web):
    browser = await web.browser("messages:see", "messages:act")

    assert (await browser.post(EDITOR, data=TYPED)).status_code == 403
    assert "Salvar nova versão" not in (await browser.get(EDITOR)).text


async def test_a_template_that_is_switched_off_is_not_used(web: Web):
    browser = await web.browser("*")

    await browser.post(f"{EDITOR}/uso", data={"is_active": "0"})

    letter = await a_letter(web.database, await a_customer(web.database))
    assert (letter.status, letter.reason) == ("suppressed", "switched_off")


async def test_what_was_written_is_kept_as_a_template_and_written_with_again(web: Web):
    await a_customer(web.database)
    browser = await web.browser(*KEEPS)

    kept = await browser.post(f"{WRITE}/modelo", data=LETTER)
    [template] = await web.rows(MessageTemplate)
    again = await browser.get(f"{WRITE}?modelo={template.code}")

    assert "Modelo Convite salvo." in kept.text
    assert 'value="carta-de-hoje"' in kept.text
    assert await web.rows(Message) == []
    assert (template.name, template.saved_by) == ("Convite", "ana")
    assert "Olá, Maria." in again.text
    assert 'value="Sua fatura"' in again.text
    assert "Convite" in (await browser.get("/mensagens/modelos")).text


async def test_a_template_of_the_house_is_edited_as_all_are_and_keeps_its_name(web: Web):
    await a_customer(web.database)
    browser = await web.browser(*KEEPS)
    await browser.post(f"{WRITE}/modelo", data=LETTER)
    [first] = await web.rows(MessageTemplate)
    path = f"/mensagens/modelos/{first.code}/email"

    await browser.post(path, data={"subject": "Outra", "text": "Bom dia."})

    assert "Convite, E-mail" in (await browser.get(path)).text
    versions = [(each.version, each.name) for each in await web.rows(MessageTemplate)]
    assert sorted(versions) == [(1, "Convite"), (2, "Convite")]
    assert (await browser.get("/mensagens/modelos/own_nenhum/email")).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"template_name": " "}, "template_name"),
        ({"template_name": "CONVITE"}, "template_name"),
        ({"template_name": "Outro", "text": "Olá, {{ cliente }}"}, "text"),
        ({"template_name": "Outro", "subject": ""}, "subject"),
    ],
)
async def test_what_is_no_template_is_refused_beside_its_field(web: Web, changed, field):
    await a_customer(web.database)
    browser = await web.browser(*KEEPS)
    await browser.post(f"{WRITE}/modelo", data=LETTER)

    answer = await browser.post(f"{WRITE}/modelo", data=LETTER | changed)

    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert len(await web.rows(MessageTemplate)) == 1


async def test_whoever_may_not_edit_templates_keeps_none(web: Web):
    await a_customer(web.database)
    browser = await web.browser("messages:act")

    assert "Salvar como modelo" not in (await browser.get(WRITE)).text
    assert (await browser.post(f"{WRITE}/modelo", data=LETTER)).status_code == 403
