"""What comes of a contract of which no journey is open."""

from __future__ import annotations

from datetime import date

from api.language import N_, day, gettext
from models.contracts import Contract
from models.invoices import Invoice
from rules.contracts import ContractStage

AT_REST = N_("Nada acontece sozinho neste contrato, além da renovação e do reajuste no seu dia.")
WAITS_FOR_OTHER = N_("Assume no início da sua vigência, quando termina o contrato a que sucede.")
WAITS_IN_VAIN = N_(
    "Nada o ativa mais: a implantação foi cancelada. Cancele também o contrato, ou crie outro."
)
COMES_BACK = N_(
    "Bloqueado ou reduzido por falta de pagamento: volta sozinho quando nada vencido o pedir mais."
)
LADDER_COMES_BACK = N_("A fatura %(code)s está vencida: a régua volta a ela em %(day)s.")
LADDER_GOES_ON = N_("A fatura %(code)s está vencida: a régua diz o que vem.")


def at_rest(contract: Contract, *, overdue: Invoice | None, today: date) -> str:
    """This will say what comes by itself; `overdue` is the invoice that the ladder goes on with."""
    stage = ContractStage(contract.stage)
    if stage.is_over:
        return gettext(N_("Este contrato terminou."))
    if stage is ContractStage.AWAITING_ACTIVATION:
        return gettext(WAITS_FOR_OTHER if contract.predecessor_id else WAITS_IN_VAIN)
    if stage in {ContractStage.REDUCED, ContractStage.BLOCKED}:
        return gettext(COMES_BACK)
    if overdue is None:
        return gettext(AT_REST)
    looks_on = overdue.ladder_next_on
    if looks_on is None or looks_on <= today:
        return gettext(LADDER_GOES_ON, code=overdue.code)
    return gettext(LADDER_COMES_BACK, code=overdue.code, day=day(looks_on))
