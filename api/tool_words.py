"""What the tools of the panels say: on the button, before they are confirmed, and afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from api.language import N_
from rules.bureau import check_details
from rules.panels import Tool

INTERNAL_ONLY = N_(
    "Este é apenas um controle interno: nada é enviado ao SPC por este sistema. O registro ou a"
    " baixa no próprio órgão é feito fora daqui."
)


@dataclass(frozen=True)
class ToolWords:
    """The words of one tool; `done` is (of one row, of several)."""

    tool: Tool
    button: str
    icon: str
    consequence: str
    confirmation: str
    done: tuple[str, str]
    warning: str = ""
    needs_details: bool = False
    check_details: Callable[[str], None] = check_details


WORDS = {
    words.tool: words
    for words in (
        ToolWords(
            Tool.START,
            N_("Dar início ao processo de cobrança"),
            "player-play",
            N_(
                "As faturas classificadas de cada cliente abaixo passam a “em contato”, e você fica"
                " responsável por elas. Nada é enviado ao cliente agora."
            ),
            N_("Dar início"),
            (
                N_("Processo de cobrança iniciado para %(num)s cliente."),
                N_("Processo de cobrança iniciado para %(num)s clientes."),
            ),
        ),
        ToolWords(
            Tool.CONFIRM,
            N_("Confirmar início do processo"),
            "checks",
            N_(
                "A conta de cobrança de cada cliente abaixo é criada, se ainda não existe, e todas"
                " as faturas em contato passam a aguardar negociação. A partir daí o sistema"
                " escreve ao cliente pela cadência de contato."
            ),
            N_("Confirmar início"),
            (
                N_("Processo confirmado para %(num)s cliente."),
                N_("Processo confirmado para %(num)s clientes."),
            ),
        ),
        ToolWords(
            Tool.REGISTER,
            N_("Adicionar ao controle de SPC"),
            "ban",
            N_(
                "O cliente recebe primeiro o aviso. Só depois do prazo do aviso a fatura aparece no"
                " painel Em SPC; se for paga antes, não chega lá."
            ),
            N_("Adicionar ao controle"),
            (
                N_("%(num)s fatura adicionada ao controle de SPC."),
                N_("%(num)s faturas adicionadas ao controle de SPC."),
            ),
            warning=INTERNAL_ONLY,
            needs_details=True,
        ),
        ToolWords(
            Tool.REMOVE,
            N_("Remover do controle de SPC"),
            "circle-minus",
            N_("O registro de cada fatura abaixo é encerrado neste controle."),
            N_("Remover do controle"),
            (
                N_("%(num)s fatura removida do controle de SPC."),
                N_("%(num)s faturas removidas do controle de SPC."),
            ),
            warning=INTERNAL_ONLY,
            needs_details=True,
        ),
    )
}
