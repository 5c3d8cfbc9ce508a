"""Who may call a kickoff off: the contract's administrators, as the house has them on record."""

from __future__ import annotations

from collections.abc import Sequence

from rules.refusals import Refusal
from rules.ticket_priority import folded


class NotTheAdministrator(Refusal):
    message = (
        "%(name)s não está entre os administradores do contrato: %(names)s. "
        "Se isso mudou, corrija antes os contatos do cliente."
    )
    field = "requested_by"


def check_administrator(name: str, *, administrators: Sequence[str], client: str) -> None:
    """This will pass one of the administrators, or the client in person.

    Where none is on record, whoever is named passes. Refuses others (NotTheAdministrator).
    """
    known = [each for each in administrators if each.strip()]
    if known and _plain(name) not in {_plain(each) for each in (*known, client)}:
        raise NotTheAdministrator(name=name.strip(), names=", ".join(known))


def _plain(name: str) -> str:
    return " ".join(folded(name).split())
