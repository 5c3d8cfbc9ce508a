"""E-mail addresses as people type them: several in one field, behind commas."""

from __future__ import annotations

import re

from rules.refusals import Refusal


class AddressRequired(Refusal):
    message = "O cliente não tem endereço para este canal. Corrija o cadastro antes."


class AddressNotValid(Refusal):
    message = "Há um e-mail que não é válido. Separe vários com vírgulas."


def addresses(text: str) -> tuple[str, ...]:
    """This will give the addresses of a field that holds several behind commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")


def check_addresses(text: str, *, field: str) -> str:
    """This will give a typed list of e-mail addresses as it is stored. Refuses AddressNotValid.

    Whether a mailbox exists is for its server to say: only what cannot be an address is refused.
    """
    found = addresses(text.replace(";", ","))
    if not all(ADDRESS.fullmatch(each) for each in found):
        raise AddressNotValid(field=field)
    return ", ".join(found)
