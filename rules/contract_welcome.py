"""The welcome message of a contract: as it is to go out, and what its words are kept as."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.import_cells import Decimals, EmailNotValid, read_email
from rules.refusals import Refusal


class WelcomeKeep(StrEnum):
    """What the words of a welcome message are kept as."""

    NOT = ""
    TEMPLATE = "template"
    PLAN = "plan"
    ALL = "all"


@dataclass(frozen=True)
class Welcome:
    """The welcome message, as it is to go out; blank texts are the template's."""

    is_wanted: bool = True
    to: str = ""
    subject: str = ""
    text: str = ""
    keep: WelcomeKeep = WelcomeKeep.NOT
    sender_id: int | None = None


class AddressRequired(Refusal):
    message = "Informe o e-mail da mensagem de boas-vindas, ou desmarque-a."
    field = "welcome_to"


class WelcomeAddressNotValid(EmailNotValid, code=EmailNotValid.code):
    field = "welcome_to"


class WelcomeTextRequired(Refusal):
    message = "Escreva o texto que deve ser guardado."
    field = "welcome_text"


class WelcomeMayNotBeKept(Refusal):
    message = "Guardar o texto precisa da permissão de editar cadastros."
    field = "welcome_keep"


def check_welcome(welcome: Welcome) -> None:
    """This will refuse a welcome message that would go nowhere, and to keep words not written."""
    if welcome.is_wanted:
        _check_address(welcome.to.strip())
    if welcome.keep and not welcome.text.strip():
        raise WelcomeTextRequired


def _check_address(address: str) -> None:
    if not address:
        raise AddressRequired
    try:
        read_email(address, Decimals.UNKNOWN)
    except EmailNotValid:
        raise WelcomeAddressNotValid(email=address[:80]) from None
