"""Notices to customers that a change waits for: nobody was reached."""

from __future__ import annotations

from rules.refusals import Refusal


class NobodyReached(Refusal):
    message = (
        "Nenhum canal alcança o cliente: corrija o e-mail ou o celular, ou registre como ele foi"
        " avisado."
    )
