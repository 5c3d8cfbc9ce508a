"""What the columns of portfolio files want, where their title does not say it."""

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
_INVOICES: Mapping[str, str] = {
    "status": N_(
        "aberta, quitada, cancelada ou suspensa. A original que um acordo substituiu vem como "
        "suspensa, com o saldo que tinha."
    ),
    "open_amount": N_(
        "O que falta pagar do principal. Em branco: o valor inteiro, ou nada se quitada."
    ),
    "collection_stage": N_(
        "Para assumir uma fatura vencida no estágio em que está: classificado, em contato ou em "
        "negociação. As de um acordo vêm sem estágio, e o acordo no arquivo de acordos."
    ),
    "stage_since": N_(
        "Desde quando está nesse estágio. Os prazos e as mensagens contam da importação."
    ),
}
_INVOICES_AT_BUREAU: Mapping[str, str] = {
    "bureau": N_(
        "avisado (o prazo do aviso segue aqui) ou registrado (também se já paga: vira crítica, com "
        "o prazo legal de remoção). Em branco: fora do SPC."
    ),
    "bureau_noticed_on": N_("Dia em que o aviso prévio foi entregue; de avisado, obrigatório."),
    "bureau_registered_on": N_("Dia do registro no SPC; de registrado, obrigatório."),
    "bureau_proof": N_("Como o aviso foi entregue (rastreio, recibo); de avisado, obrigatório."),
}
_AGREEMENTS: Mapping[str, str] = {
    "code": N_("O número do acordo no outro sistema. Importado de novo, muda só o que mudou."),
    "customer": N_("O cliente de todas as faturas do acordo."),
    "kind": N_(
        "sem alteração (as próprias faturas continuam) ou nova proposta (parcelas no lugar delas)."
    ),
    "tolerance_date": N_("O último dia para cumprir o acordo, não antes do último vencimento."),
    "category": N_("O código de uma categoria de acordo dos cadastros."),
    "invoices": N_(
        "Os códigos das faturas a pagar, separados por |: as parcelas de uma nova proposta, também "
        "as já pagas, ou as próprias faturas. Todas já importadas."
    ),
    "originals": N_(
        "Só de uma nova proposta: os códigos das faturas substituídas, separados por |, abertas ou "
        "suspensas e com saldo. Sem elas não há o que restaurar se o acordo for desfeito."
    ),
    "total": N_("O total do acordo, para conferir: as parcelas devem somar exatamente isso."),
    "made_on": N_("Quando foi feito; desde então a régua está parada. Em branco: hoje."),
    "made_by": N_("O login de quem o fez, para os gráficos. Em branco: quem importa."),
    "standing": N_(
        "em andamento, não cumprido ou cumprido. Em branco vale o que as faturas dizem; um acordo "
        "que já deixou de ser cumprido só entra com não cumprido, e sem aviso ao cliente."
    ),
    "description": N_("Até 200 letras, para quem trabalha o acordo."),
}
_HELP = {
    ImportKind.CONTRACTS: _CONTRACTS,
    ImportKind.INVOICES: {**_INVOICES, **_INVOICES_AT_BUREAU},
    ImportKind.AGREEMENTS: _AGREEMENTS,
}


def help_of(kind: ImportKind, field: str) -> str:
    """What a column wants, as a message id; "" where its title says it."""
    return _HELP.get(kind, {}).get(field, "")
