"""The templates that come with the program, and what is refused in those people write."""

from __future__ import annotations

from typing import Any

import pytest

from activities.templates import check_template, render, shipped
from models.message_templates import MessageTemplate
from rules.kickoff import ClientStep
from rules.message_templates import (
    BY_CODE,
    PURPOSES,
    NoticeIncomplete,
    PurposeUnknown,
    SupplierNotNamed,
    TemplateEmpty,
    TemplateNotValid,
    is_collection_document,
    purpose_of,
    variables_of,
)
from rules.sms import Encoding, measure
from tests.support.letters import NOON

EVERY = [(purpose.code, channel) for purpose in PURPOSES for channel in purpose.channels]


@pytest.mark.parametrize(("code", "channel"), EVERY)
def test_every_shipped_template_can_be_used(code: str, channel: str) -> None:
    rendered = check_template(shipped(BY_CODE[code], channel))

    if channel == "sms":
        size = measure(rendered.text)
        assert (size.encoding, size.segments <= 2) == (Encoding.GSM7, True)
    else:
        assert rendered.subject
        assert rendered.html.startswith("<!DOCTYPE html>") == (channel == "email")


def kickoff_letter(step: str) -> tuple[str, str]:
    purpose = BY_CODE["kickoff_step"]
    rendered = render(shipped(purpose, "email"), {**purpose.sample, "step": step})
    return rendered.text, rendered.html


@pytest.mark.parametrize("step", ClientStep)
def test_every_step_of_a_kickoff_is_told_in_a_sentence(step: ClientStep) -> None:
    empty = kickoff_letter("no step")

    for said, unsaid in zip(kickoff_letter(step), empty, strict=True):
        assert said != unsaid
        assert ("cancelada" in said) == (step == ClientStep.CANCELLED)


def test_a_step_without_a_sentence_is_not_told_as_a_cancellation() -> None:
    assert all("cancelada" not in said for said in kickoff_letter("no step"))


def a_template(**values: Any) -> MessageTemplate:
    written: dict[str, Any] = {
        "code": "contact_cadence_1", "channel": "email", "name": "Cobrança", "subject": "Olá",
        "text": '{% include "supplier.txt" %}', "html": "", **values,
    }  # fmt: skip
    return MessageTemplate(**written, saved_at=NOON, saved_by="ana")


@pytest.mark.parametrize(
    ("field", "source"),
    [
        ("text", "{{ customer.nome }}"),  # no such variable
        ("subject", "{{ customer.name"),  # not closed
        ("html", "{{ 1 / 0 }}"),
        ("text", "{{ ''.__class__.__mro__ }}"),  # a way out of the sandbox
        ("text", "{% for n in range(10 ** 9) %}{{ n }}{% endfor %}"),
        ("text", "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}"),
        ("text", "{{ 'x' * 10 ** 6 }}"),
        ("text", "{{ 10 ** 99999999 }}"),
        ("text", "{{ '%99999999d' % 1 }}"),
        ("html", "{{ 'x' | center(99999999) }}"),
        ("text", "{{ '%99999999d' | format(1) }}"),
        ("text", "{% include '../../settings.py' %}"),
        ("text", "{{ customer.name | brl }}"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_beside_its_field(
    field: str, source: str
) -> None:
    with pytest.raises(TemplateNotValid) as refused:
        check_template(a_template(**{field: source}))

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ customer.nome }}", "Não há nome neste modelo."),
        ("{{ nada }}", "Não há nada neste modelo."),
        ("{{ ''.__class__ }}", "O modelo pede o que um modelo não pode fazer:"),
        ("{% include 'x.txt' %}", "Não há a parte x.txt para incluir."),
        ("Olá\n{{ customer.name", "O modelo tem um erro de escrita na linha 2:"),
        ("{{ 1 / 0 }}", "O modelo não pode ser usado:"),
    ],
)
def test_whoever_writes_a_template_reads_what_is_wrong_with_it(source: str, said: str) -> None:
    with pytest.raises(TemplateNotValid) as refused:
        check_template(a_template(text=source))

    assert str(refused.value).startswith(said)
    assert refused.value.code == "TemplateNotValid"


def test_a_template_says_something() -> None:
    with pytest.raises(TemplateEmpty) as refused:
        check_template(a_template(text=" "))

    assert refused.value.field == "text"


def test_who_collects_is_named_in_every_part(  # CDC 42-A
) -> None:
    with pytest.raises(SupplierNotNamed) as in_text:
        check_template(a_template(text="Pague."))
    with pytest.raises(SupplierNotNamed) as in_html:
        check_template(a_template(html="<p>Pague.</p>"))

    assert (in_text.value.field, in_html.value.field) == ("text", "html")


@pytest.mark.parametrize("channel", ["email", "sms", "app"])
def test_a_notice_before_a_suspension_says_all_that_the_law_wants(  # RGC 71
    channel: str,
) -> None:
    rendered = check_template(shipped(BY_CODE["ladder_suspension_notice"], channel))

    said = rendered.text.replace("\xa0", " ")
    wanted = ("R$ 249,90", "10/2026", "11/11/2026", "10/01/2027", "SPC Brasil", "24 h")
    assert [each for each in wanted if each not in said] == []


@pytest.mark.parametrize(
    ("code", "text", "names"),
    [
        (
            "ladder_suspension_notice",
            "{{ total | brl }}: {{ ladder.suspended_on | day }}, {{ ladder.terminated_on | day }}",
            "ladder.restore_hours, supplier.bureau",
        ),
        ("ladder_termination_notice", "Pague {{ total | brl }}.", "ladder.terminated_on"),
    ],
)
def test_a_notice_that_leaves_out_what_the_law_wants_is_refused(
    code: str, text: str, names: str
) -> None:
    with pytest.raises(NoticeIncomplete) as refused:
        check_template(a_template(code=code, channel="sms", text=text))

    assert (refused.value.field, refused.value.params["names"]) == ("text", names)


@pytest.mark.parametrize(
    ("code", "channel", "expected"),
    [
        ("contact_cadence_1", "email", True),
        ("ladder_overdue", "email", True),
        ("promise_reminder", "email", True),
        ("agreement_made", "email", True),
        ("agreement_reminder_due", "email", True),
        ("customer_link", "email", True),
        ("bureau_notice", "email", True),
        ("promise_reminder", "sms", False),
        ("payment_thanks", "email", False),
        ("bureau_removed", "email", False),
        ("contract_welcome", "email", False),
    ],
)
def test_whatever_asks_for_a_debt_says_whose_it_is(
    code: str, channel: str, *, expected: bool
) -> None:
    assert is_collection_document(purpose_of(code), channel) is expected


def test_what_customers_are_called_is_no_markup() -> None:
    template = a_template(
        code="payment_thanks", text="ok", html="<p>{{ '<b>' }}{{ customer.name }}</p>"
    )

    assert "&lt;b&gt;" in check_template(template).html


def test_a_value_is_found_by_its_name_whatever_dictionaries_can_do() -> None:
    template = a_template(code="payment_thanks", text="{{ order.items }} {{ order.get('items') }}")

    assert render(template, {"order": {"items": "3 linhas"}}).text == "3 linhas 3 linhas"


def test_a_purpose_that_nobody_knows_is_refused() -> None:
    with pytest.raises(PurposeUnknown):
        purpose_of("birthday")


def test_variables_are_listed_by_dotted_name() -> None:
    names = [name for name, _sample in variables_of(BY_CODE["payment_thanks"])]

    assert {"supplier.name", "today", "customer.first_name", "payment.amount"} <= set(names)
