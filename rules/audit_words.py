"""What people and letters call the audit's rules, and what evidence tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.audit_rules import Rule
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
#: The fields of evidence that an operator looks for first, in this order.
FIELDS: Mapping[str, str] = {
    "number": N_("Linha"),
    "date": N_("Data"),
    "time": N_("Hora"),
    "until_date": N_("Até"),
    "called": N_("Número chamado"),
    "seconds": N_("Segundos"),
    "minutes": N_("Décimos de minuto"),
    "duration": N_("Duração"),
    "quantity": N_("Quantidade"),
    "category": N_("Categoria"),
    "initials": N_("Sigla"),
    "description": N_("Descrição"),
    "plan": N_("Código do plano"),
    "plan_name": N_("Plano"),
    "tax_rate": N_("Alíquota"),
    "note_number": N_("Nota fiscal"),
    "agreed_price": N_("No contrato"),
    "agreed_allowance": N_("Franquia do contrato"),
    "given_allowance": N_("Franquia no arquivo"),
    "use_so_far": N_("Uso até aqui"),
    "sharing_lines": N_("Linhas que a dividem"),
    "plan_line": N_("Plano na linha do arquivo"),
    "agreed_late": N_("Encargo do contrato"),
    "former_invoice": N_("Fatura anterior"),
    "former_amount": N_("Valor dela"),
    "former_due": N_("Vencimento dela"),
    "former_paid": N_("Pagamento dela"),
    "days_late": N_("Dias de atraso"),
}


def told_fields(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The fields of evidence that have a word, as (name, text), in the order they are looked for.

    Dates, times and numbers of fixed layouts are written as people write them.
    """
    for name in FIELDS:
        if name in fields:
            yield name, _written(name, str(fields[name]))


def _written(name: str, text: str) -> str:
    if name in ("date", "until_date") and text.isdecimal() and len(text) == 8:
        return f"{text[6:]}/{text[4:6]}/{text[:4]}"
    if name == "time" and text.isdecimal() and len(text) == 6:
        return f"{text[:2]}:{text[2:4]}:{text[4:]}"
    if name == "tax_rate" and text.isdecimal() and len(text) == 5:
        return f"{int(text) / 100:.2f} %".replace(".", ",")
    if name in ("seconds", "quantity", "minutes"):
        return text.lstrip("0") or "0"
    return text
