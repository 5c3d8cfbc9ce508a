"""What people and letters call the audit's rules."""

from __future__ import annotations

from collections.abc import Mapping

from rules.carrier_terms import Rule
from rules.sentences import N_

RULES: Mapping[str, str] = {
    Rule.LINE_UNKNOWN: N_("Linha fora do inventário"),
    Rule.LINE_INACTIVE: N_("Linha cancelada ou ainda não ativa"),
    Rule.DUPLICATE: N_("Cobrança em duplicidade"),
    Rule.TOO_OLD: N_("Uso mais antigo que o limite"),
    Rule.OUTSIDE_PERIOD: N_("Uso fora do período"),
    Rule.INSTALMENT_BEYOND: N_("Parcela além do combinado"),
    Rule.FINE_NOT_DUE: N_("Multa ou juros indevidos"),
    Rule.NOT_CONTRACTED: N_("Serviço não contratado"),
    Rule.TAX_DIFFERS: N_("Alíquota diferente"),
    Rule.ALLOWANCE_NOT_APPLIED: N_("Franquia não aplicada"),
    Rule.DURATION_WRONG: N_("Duração ou arredondamento"),
    Rule.RATE_DIFFERS: N_("Tarifa diferente"),
    Rule.FEE_DIFFERS: N_("Assinatura diferente"),
    Rule.DISCOUNT_MISSING: N_("Desconto não concedido"),
    Rule.TOTAL_WRONG: N_("Total não confere"),
}
