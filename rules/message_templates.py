"""Message templates: which purposes there are, on which channels, and what each may mention.

The purposes of a process stand in rules/message_purposes/<process>.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rules.message_purposes import (
    agreements,
    bureau,
    collections,
    contestation,
    contracts,
    kickoff,
    ladder,
    payments,
    people,
    returned,
    tasks,
    tickets,
)
from rules.message_purposes.entries import CUSTOMER, EVERY, STANDARD, Purpose
from rules.messages import Channel
from rules.refusals import Refusal

#: In the order in which pages offer them.
PURPOSES: tuple[Purpose, ...] = (
    *collections.PURPOSES,
    *ladder.PURPOSES,
    *agreements.PURPOSES,
    *bureau.PURPOSES,
    *payments.PURPOSES,
    *contracts.PURPOSES,
    *tasks.PURPOSES,
    *contestation.PURPOSES,
    *tickets.PURPOSES,
    *kickoff.PURPOSES,
    *people.PURPOSES,
    *returned.PURPOSES,
)
BY_CODE = {purpose.code: purpose for purpose in PURPOSES}
#: What those write who do not collect: contracts, support, contestations, activations, the house.
OF_OTHER_DESKS = frozenset(
    purpose.code
    for desk in (contracts, tasks, contestation, tickets, kickoff, people)
    for purpose in desk.PURPOSES
)

#: How the codes of letters begin that ask for a debt, or say by when it is to be paid.
ASKS_FOR_DEBTS = (
    *("contact_cadence", "customer_link", "promise_reminder", "ladder_", "agreement_made"),
    *("agreement_reminder", "agreement_broken", "bureau_notice"),
)
#: What the law wants told in a notice (RGC, arts. 71 and 75): the debt, what comes of it and when,
#: that the bureau may hear of it afterwards, how soon the service is back.
WANTED = {
    "ladder_suspension_notice": (
        *("total", "ladder.suspended_on", "ladder.terminated_on", "ladder.restore_hours"),
        "supplier.bureau",
    ),
    "ladder_termination_notice": ("total", "ladder.terminated_on"),
}
#: Codes of the templates that people of the house make.
OWN = "own_"


class PurposeUnknown(Refusal):
    message = "O modelo de mensagem %(purpose)s não existe."


class TemplateNotValid(Refusal):
    message = "O modelo não pode ser usado: %(problem)s"


class TemplateVariableUnknown(TemplateNotValid, code="TemplateNotValid"):
    message = "Não há %(name)s neste modelo. Confira as variáveis que ele tem."


class TemplateUnsafe(TemplateNotValid, code="TemplateNotValid"):
    message = "O modelo pede o que um modelo não pode fazer: %(problem)s"


class TemplatePartUnknown(TemplateNotValid, code="TemplateNotValid"):
    message = "Não há a parte %(name)s para incluir."


class TemplateMiswritten(TemplateNotValid, code="TemplateNotValid"):
    message = "O modelo tem um erro de escrita na linha %(line)s: %(problem)s"


class TemplateEmpty(Refusal):
    message = "Escreva o texto."


class TemplateNameRequired(Refusal):
    message = "Dê um nome ao modelo."
    field = "template_name"


class TemplateNameTaken(Refusal):
    message = "Já existe um modelo com o nome %(name)s. Escolha outro."
    field = "template_name"


class SupplierNotNamed(Refusal):
    message = (
        "O texto precisa identificar quem cobra: inclua supplier.name, supplier.document e"
        " supplier.address (CDC, art. 42-A)."
    )


class NoticeIncomplete(Refusal):
    message = "A lei quer mais nesta notificação (RGC, arts. 71 e 75): inclua %(names)s."


def is_own(code: str) -> bool:
    """Whether people of the house made this template, to write by hand with it."""
    return code.startswith(OWN)


def purpose_of(code: str) -> Purpose:
    """This will give what is known of a purpose. Refuses PurposeUnknown.

    A template of the house has no label here: its name stands in its versions.
    """
    if is_own(code):
        return Purpose(code, "", EVERY, {**STANDARD, **CUSTOMER})
    if code not in BY_CODE:
        raise PurposeUnknown(purpose=code)
    return BY_CODE[code]


def is_conversation(code: str) -> bool:
    """Whether an answer to a message of this purpose goes to the support address."""
    return code in BY_CODE and BY_CODE[code].is_conversation


def heeds_opt_out(code: str) -> bool:
    """Whether an opt-out holds a message back: not what the law wants told, nor an answer."""
    purpose = BY_CODE.get(code)
    return purpose is None or not (purpose.is_legal_notice or purpose.is_conversation)


def variables_of(purpose: Purpose) -> list[tuple[str, Any]]:
    """This will list what a template may mention, by dotted name, each with its sample."""
    found: list[tuple[str, Any]] = []
    for name, value in purpose.sample.items():
        if isinstance(value, dict):
            found += [(f"{name}.{part}", inner) for part, inner in value.items()]
        else:
            found.append((name, value))
    return found


def is_collection_document(purpose: Purpose, channel: str) -> bool:
    """Whether the law wants the supplier identified in it (CDC 42-A).

    An SMS has no room for an address: it names the supplier, and the document it points to shows
    the rest.
    """
    return channel == Channel.EMAIL and purpose.code.startswith(ASKS_FOR_DEBTS)


def check_supplier(rendered: str, purpose: Purpose, *, field: str) -> None:
    """This will refuse a collection document that does not say whose it is (SupplierNotNamed)."""
    supplier = purpose.sample["supplier"]
    if not all(supplier[part] in rendered for part in ("name", "document", "address")):
        raise SupplierNotNamed(field=field)


def wanted_of(purpose: Purpose) -> dict[str, Any]:
    """What a notice must say by law, by dotted name, each with its sample; nothing of the rest."""
    samples = dict(variables_of(purpose))
    return {name: samples[name] for name in WANTED.get(purpose.code, ())}


def check_notice(rendered: str, wanted: Mapping[str, str], *, field: str) -> None:
    """This will refuse a notice that leaves out what the law wants (NoticeIncomplete)."""
    said = rendered.replace("\xa0", " ")
    missing = [name for name, words in wanted.items() if not _says(said, words)]
    if missing:
        raise NoticeIncomplete(field=field, names=", ".join(missing))


def _says(text: str, words: str) -> bool:
    """Whether these words stand in a text, not within a longer number."""
    alone = rf"(?<![\d.,/]){re.escape(words.replace(chr(0xA0), ' '))}(?![.,/]?\d)"
    return re.search(alone, text) is not None
