"""The columns of files of contracts."""

from __future__ import annotations

from collections.abc import Mapping

from rules.import_help.entries import ColumnHelp as Told
from rules.sentences import N_

_SERVICE: Mapping[str, Told] = {
    "code": Told(N_("O código do contrato no outro sistema; por ele as faturas o citam."), "K0001"),
    "customer": Told(N_("O código do cliente titular."), "C0001"),
    "description": Told(N_("Nome do serviço; em branco, o do plano."), "Fibra 500 Mega"),
    "ladder": Told(N_("Código da régua de cobrança; em branco, a do plano ou a padrão."), "PADRAO"),
    "telecom_service": Told(N_("sim ou não; em branco, como o plano."), "sim"),
    "monthly_amount": Told(N_("Valor de um período; em branco, o do plano."), "129,90"),
    "pay_on_time_discount": Told(
        N_("O que se desconta de cada fatura de quem paga até o vencimento."), "10,00"
    ),
    "signed_on": Told(N_("Dia de que contam prazo, fidelidade e reajuste."), "05/01/2025"),
    "terminated_on": Told(N_("Dia em que o contrato acabou no sistema anterior."), "30/09/2026"),
    "plan_code": Told(
        N_("Código do plano de venda: completa o que a linha deixa em branco."), "FIBRA500"
    ),
    "starts_on": Told(N_("Primeiro dia do serviço: dele contam os períodos."), "05/01/2025"),
    "ends_on": Told(N_("O dia seguinte ao último; em branco, sem fim."), "05/01/2027"),
    "due_day_rule": Told(N_("Código da regra de vencimento; em branco, a do plano."), "DIA10"),
    "payment_profile": Told(
        N_("O código de um profile de pagamento dos cadastros; em branco, o do plano."), "BOLETO"
    ),
    "billing_method": Told(N_("agrupada, por conta ou cortesia."), "agrupada"),
    "charged_from": Told(
        N_(
            "Primeiro dia que se cobra aqui; em branco, outro sistema cobra. Nunca antes "
            "do período anterior."
        ),
        "05/12/2026",
    ),
    "plan_since": Told(
        N_("Dia em que vale a troca de plano de um contrato já cobrado aqui."), "05/01/2027"
    ),
    "periodicity_months": Told(N_("Meses de um período: 1, 2, 3, 6 ou 12."), "mensal"),
    "payment_method": Told(
        N_("boleto com pix, boleto, pix, pix automático, débito automático, cartão ou balcão."),
        "boleto com pix",
    ),
}
_TERMS: Mapping[str, Told] = {
    "discount_table": Told(N_("Código de uma tabela de descontos dos cadastros."), "EMDIA"),
    "sla_table": Told(N_("Código de uma tabela de SLA; em branco, a do plano."), "OURO"),
    "inactivity_discount": Told(N_("sim ou não; só com cobrança agrupada e mensal."), "não"),
    "phone_terminal": Told(
        N_("De 8 a 13 dígitos; só em telefonia, com cobrança agrupada e renovação ignorada."),
        "(11) 3333-4444",
    ),
    "ignore_automatic_renewal": Told(N_("sim: a renovação espera por uma pessoa."), "não"),
    "minimum_term_months": Told(N_("12, 24 ou 36 meses, ou 0 para nenhuma."), "12"),
    "minimum_term_fee": Told(
        N_("A multa inteira: cobra-se a parte dos dias que faltam."), "300,00"
    ),
    "price_index": Told(
        N_("Código do índice de preços do reajuste; em branco, o do plano."), "IGP-DI"
    ),
    "readjusted_on": Told(
        N_("Dia do último reajuste: o próximo vem ao menos 12 meses depois."), "05/01/2026"
    ),
    "data_base_month": Told(N_("De 1 a 12; em branco, o aniversário da assinatura."), "1"),
    "fiscal_document": Told(
        N_("sim: o documento fiscal sai sozinho; em branco, de um contrato novo, sim."), "sim"
    ),
    "notes": Told(N_("Observações do contrato, até 2000 letras."), "Portão azul"),
    "billing_group": Told(
        N_("Código do agrupador, ou o nome dele no cliente: um nome novo faz um agrupador."),
        "Matriz",
    ),
    "consultant": Told(N_("Código do consultor de vendas."), "V01"),
    "ledger_account": Told(
        N_("Código do plano de contas das mensalidades; em branco, o do plano."), "1.1"
    ),
}
_FURTHER: Mapping[str, Told] = {
    "adhesion_date": Told(N_("Dia de que contam as parcelas da adesão."), "05/01/2025"),
    "setup_fee": Told(
        N_("Para constar: cobra-se só o que parcelas_adesao_a_cobrar disser."), "240,00"
    ),
    "setup_instalments": Told(N_("Em quantas parcelas a adesão foi vendida, de 1 a 60."), "12"),
    "setup_left": Told(N_("Quantas das últimas parcelas se cobram aqui; em branco, nenhuma."), "3"),
    "setup_account": Told(N_("Código do plano de contas da adesão; em branco, o do plano."), "1.2"),
    "setup_composition": Told(N_("NFCom, NFS-e ou nota de débito."), "nota de débito"),
    "renewal_form": Told(N_("prorrogar ou sucessor."), "prorrogar"),
    "renewal_price": Told(N_("plano ou sugerido; sugerido pede valor_sugerido."), "plano"),
    "suggested_amount": Told(
        N_("O valor do período depois da renovação, se valor_renovacao é sugerido."), "139,90"
    ),
    "minimum_term_from": Told(
        N_("Dia de que a fidelidade conta, se não é o da assinatura."), "05/01/2025"
    ),
    "readjustment_method": Told(N_("número-índice ou variação mensal."), "número-índice"),
    "readjustment_decimals": Told(
        N_("Casas do percentual acumulado; em branco, sem arredondar."), "4"
    ),
    "readjustment_lag_months": Told(
        N_("1, 2 ou 3: quantos meses antes do reajuste fica o último mês do índice."), "2"
    ),
    "negative_readjustment": Told(
        N_("perguntar, manter ou reduzir, quando o índice cai."), "manter"
    ),
    "review_charges": Told(
        N_("sim: as contas esperam revisão; só com uma fatura por conta."), "não"
    ),
    "fiscal_note": Told(N_("Sai no documento fiscal; só com uma fatura por conta."), "Pedido 4711"),
    "installation_street": Told(
        N_("Se não é o endereço do cliente: com cidade e UF."), "Rua das Flores, 12"
    ),
    "installation_city": Told(N_("Cidade da instalação; com logradouro e UF."), "São Paulo"),
    "installation_uf": Told(N_("Sigla do estado da instalação."), "SP"),
    "installation_postal_code": Told(N_("CEP da instalação."), "01310-100"),
}
COLUMNS: Mapping[str, Told] = {**_SERVICE, **_TERMS, **_FURTHER}
