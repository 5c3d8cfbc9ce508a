"""What the columns of a file of contracts want, where their title does not say it."""

from __future__ import annotations

from collections.abc import Mapping

from rules.import_columns import ImportKind
from rules.sentences import N_

_CONTRACTS: Mapping[str, str] = {
    "description": N_("Nome do serviço; em branco, o do plano."),
    "telecom_service": N_("sim ou não; em branco, como o plano."),
    "monthly_amount": N_("Valor de um período; em branco, o do plano."),
    "signed_on": N_("Dia de que contam prazo, fidelidade e reajuste."),
    "terminated_on": N_("Dia em que o contrato acabou no sistema anterior."),
    "plan_code": N_("Código do plano de venda: completa o que a linha deixa em branco."),
    "ends_on": N_("O dia seguinte ao último; em branco, sem fim."),
    "billing_method": N_("agrupada, por conta ou cortesia."),
    "charged_from": N_(
        "Primeiro dia que se cobra aqui; em branco, outro sistema cobra. Nunca antes do período"
        " anterior."
    ),
    "plan_since": N_("Dia em que vale a troca de plano de um contrato já cobrado aqui."),
    "periodicity_months": N_("Meses de um período: 1, 2, 3, 6 ou 12."),
    "payment_method": N_(
        "boleto com pix, boleto, pix, pix automático, débito automático, cartão ou balcão."
    ),
    "inactivity_discount": N_("sim ou não; só com cobrança agrupada e mensal."),
    "phone_terminal": N_(
        "De 8 a 13 dígitos; só em telefonia, com cobrança agrupada e renovação ignorada."
    ),
    "ignore_automatic_renewal": N_("sim: a renovação espera por uma pessoa."),
    "minimum_term_months": N_("12, 24 ou 36 meses, ou 0 para nenhuma."),
    "minimum_term_fee": N_("A multa inteira: cobra-se a parte dos dias que faltam."),
    "minimum_term_from": N_("Dia de que a fidelidade conta, se não é o da assinatura."),
    "readjusted_on": N_("Dia do último reajuste: o próximo vem ao menos 12 meses depois."),
    "data_base_month": N_("De 1 a 12; em branco, o aniversário da assinatura."),
    "billing_group": N_(
        "Código do agrupador, ou o nome dele no cliente: um nome novo faz um agrupador."
    ),
    "consultant": N_("Código do consultor de vendas."),
    "ledger_account": N_("Código do plano de contas das mensalidades; em branco, o do plano."),
    "adhesion_date": N_("Dia de que contam as parcelas da adesão."),
    "setup_fee": N_("Para constar: cobra-se só o que parcelas_adesao_a_cobrar disser."),
    "setup_instalments": N_("Em quantas parcelas a adesão foi vendida, de 1 a 60."),
    "setup_left": N_("Quantas das últimas parcelas se cobram aqui; em branco, nenhuma."),
    "setup_account": N_("Código do plano de contas da adesão; em branco, o do plano."),
    "setup_composition": N_("NFCom, NFS-e ou nota de débito."),
    "renewal_form": N_("prorrogar ou sucessor."),
    "renewal_price": N_("plano ou sugerido; sugerido pede valor_sugerido."),
    "readjustment_method": N_("número-índice ou variação mensal."),
    "readjustment_decimals": N_("Casas do percentual acumulado; em branco, sem arredondar."),
    "readjustment_lag_months": N_(
        "1, 2 ou 3: quantos meses antes do reajuste fica o último mês do índice."
    ),
    "negative_readjustment": N_("perguntar, manter ou reduzir, quando o índice cai."),
    "review_charges": N_("sim: as contas esperam revisão; só com uma fatura por conta."),
    "fiscal_note": N_("Sai no documento fiscal; só com uma fatura por conta."),
    "installation_street": N_("Se não é o endereço do cliente: com cidade e UF."),
}


def help_of(kind: ImportKind, field: str) -> str:
    """What a column wants, as a message id; "" where its title says it."""
    return _CONTRACTS.get(field, "") if kind is ImportKind.CONTRACTS else ""
