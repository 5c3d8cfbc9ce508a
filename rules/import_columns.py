"""The columns of portfolio files: what each fills, the headers it goes by, how a cell is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules import import_agreement_cells as agreed
from rules import import_bureau as bureau
from rules import import_cells as cells
from rules import import_choices as choices
from rules import import_contract_cells as words
from rules.import_cells import Reader, text
from rules.money import ZERO


class ImportKind(StrEnum):
    """What a file holds, in the order in which files lean on each other."""

    CUSTOMERS = "customers"
    CONTRACTS = "contracts"
    INVOICES = "invoices"
    AGREEMENTS = "agreements"
    PAYMENTS = "payments"


@dataclass(frozen=True)
class Column:
    """A column of a file: the field it fills, the headers it is known by, how a cell is read.

    `blank` is what an empty cell means; a required column's cells may not be empty.
    """

    field: str
    names: tuple[str, ...]
    reader: Reader
    is_required: bool = False
    blank: Any = None


def _column(field: str, names: str, reader: Reader, **options: Any) -> Column:
    return Column(field, (*names.split(), field), reader, **options)


def _key(names: str = "codigo", field: str = "code", length: int = 40) -> Column:
    return _column(field, names, text(length), is_required=True)


_CUSTOMERS = (
    _key("codigo codigo_cliente cod_cliente customer_code"),
    _column("name", "nome razao_social nome_razao_social", text(160), is_required=True),
    _column(
        "document", "cpf_cnpj documento cpf cnpj tax_id", cells.read_document, is_required=True
    ),
    _column("email", "email e_mail", cells.read_email),
    _column("mobile", "celular telefone phone", cells.read_phone),
    _column("street", "endereco logradouro address", text(200)),
    _column("city", "cidade municipio", text(80), blank=""),
    _column("uf", "uf estado state", cells.read_uf, blank=""),
    _column("postal_code", "cep zip", cells.read_postal_code),
)
_CONTRACTS = (
    _key("codigo codigo_contrato contract_code"),
    _key("cliente codigo_cliente customer_code", field="customer"),
    _column("description", "descricao plano plan", text(160)),
    _column("ladder", "regua regua_codigo ladder_code", text(40)),
    _column("telecom_service", "servico_telecom telecom", cells.read_flag),
    _column("monthly_amount", "mensalidade valor_mensal valor_periodo", cells.read_amount),
    _column("pay_on_time_discount", "desconto_pontualidade", cells.read_amount, blank=ZERO),
    _column("signed_on", "assinado_em data_assinatura", cells.read_date),
    _column("terminated_on", "encerrado_em data_encerramento", cells.read_date),
    _column("plan_code", "codigo_plano", text(40)),
    _column("starts_on", "inicio data_inicio", cells.read_date),
    _column("ends_on", "fim data_fim", cells.read_date),
    _column("due_day_rule", "regra_vencimento due_day_rule_code", text(40)),
    _column("payment_profile", "profile_pagamento perfil_pagamento", text(40)),
    _column("billing_method", "metodo_faturamento", choices.read_billing),
    _column("charged_from", "cobrar_de", cells.read_date),
    _column("plan_since", "plano_desde data_troca_plano", cells.read_date),
    _column("periodicity_months", "periodicidade", choices.read_period),
    _column("payment_method", "forma_pagamento", choices.read_payment_method),
    _column("discount_table", "tabela_descontos", text(40)),
    _column("sla_table", "tabela_sla", text(40)),
    _column("inactivity_discount", "desconto_inatividade", cells.read_flag),
    _column("phone_terminal", "terminal", cells.read_terminal),
    _column("ignore_automatic_renewal", "ignorar_renovacao", cells.read_flag),
    _column("minimum_term_months", "fidelidade_meses", choices.read_term),
    _column("minimum_term_fee", "multa_fidelidade", cells.read_amount),
    _column("price_index", "indice_reajuste", text(40)),
    _column("readjusted_on", "ultimo_reajuste", cells.read_date),
    _column("data_base_month", "mes_data_base", cells.read_month),
    _column("fiscal_document", "nota_automatica", cells.read_flag),
    _column("notes", "observacoes", cells.long_text(2000)),
    _column("billing_group", "agrupador agrupador_cobrancas", text(120)),
    _column("consultant", "consultor vendedor", text(40)),
    _column("ledger_account", "plano_contas", text(40)),
    _column("adhesion_date", "data_adesao", cells.read_date),
    _column("setup_fee", "taxa_adesao valor_adesao", cells.read_amount),
    _column("setup_instalments", "parcelas_adesao", words.number(1, 60)),
    _column("setup_left", "parcelas_adesao_a_cobrar", words.number(0, 60)),
    _column("setup_account", "plano_contas_adesao", text(40)),
    _column("setup_composition", "composicao_adesao", words.one_of(words.COMPOSITIONS)),
    _column("renewal_form", "forma_renovacao", words.one_of(words.RENEWAL_FORMS)),
    _column("renewal_price", "valor_renovacao", words.one_of(words.RENEWAL_PRICES)),
    _column("suggested_amount", "valor_sugerido", cells.read_amount),
    _column("minimum_term_from", "fidelidade_desde", cells.read_date),
    _column("readjustment_method", "metodo_reajuste", words.one_of(words.METHODS)),
    _column("readjustment_decimals", "casas_reajuste", words.number(0, 8)),
    _column("readjustment_lag_months", "defasagem_reajuste", words.number(1, 3)),
    _column("negative_readjustment", "reajuste_negativo", words.one_of(words.NEGATIVES)),
    _column("review_charges", "revisar_contas", cells.read_flag),
    _column("fiscal_note", "observacao_fiscal", text(300)),
    _column("installation_street", "endereco_instalacao", text(200)),
    _column("installation_city", "cidade_instalacao", text(80)),
    _column("installation_uf", "uf_instalacao", cells.read_uf),
    _column("installation_postal_code", "cep_instalacao", cells.read_postal_code),
)
_INVOICES = (
    _key("codigo codigo_fatura invoice_code"),
    _key("cliente codigo_cliente customer_code", field="customer"),
    _column("due_date", "vencimento data_vencimento", cells.read_date, is_required=True),
    _column("amount", "valor valor_total", cells.read_positive, is_required=True),
    _column("number", "numero nosso_numero", text(40), blank=""),
    _column("contract", "contrato codigo_contrato contract_code", text(40)),
    _column("issue_date", "emissao data_emissao", cells.read_date),
    _column("description", "descricao", text(200), blank=""),
    _column("open_amount", "saldo valor_aberto", cells.read_amount),
    _column("status", "situacao", choices.read_status),
    _column("settled_on", "quitada_em data_quitacao", cells.read_date),
    _column("fiscal_document_issued", "nota_emitida", cells.read_flag, blank=False),
    _column("remittance_generated", "remessa_gerada", cells.read_flag, blank=False),
    _column("payment_profile", "profile_pagamento perfil_pagamento", text(40)),
    _column("pay_on_time_discount", "desconto_pontualidade", cells.read_amount, blank=ZERO),
    _column("collection_stage", "estagio stage", choices.read_stage),
    _column("stage_since", "desde", cells.read_date),
    _column("bureau", "spc", bureau.read_bureau_stage),
    _column("bureau_noticed_on", "spc_avisado_em", cells.read_date),
    _column("bureau_registered_on", "spc_registrado_em", cells.read_date),
    _column("bureau_proof", "spc_prova", text(300), blank=""),
)
_AGREEMENTS = (
    _key("codigo codigo_acordo acordo agreement_code"),
    _key("cliente codigo_cliente customer_code", field="customer"),
    _column("kind", "tipo tipo_acordo", agreed.read_kind, is_required=True),
    _column("tolerance_date", "tolerancia data_tolerancia", cells.read_date, is_required=True),
    _key("categoria codigo_categoria category_code", field="category"),
    _column("invoices", "faturas parcelas", agreed.read_codes, is_required=True),
    _column("originals", "originais faturas_originais", agreed.read_codes, blank=()),
    _column("total", "valor valor_total", cells.read_positive),
    _column("made_on", "feito_em data_acordo", cells.read_date),
    _column("made_by", "feito_por operador", text(60)),
    _column("standing", "situacao status", agreed.read_standing),
    _column("description", "descricao", text(200), blank=""),
)
_PAYMENTS = (
    _key("codigo codigo_pagamento payment_code", length=60),
    _key("fatura codigo_fatura invoice_code", field="invoice"),
    _column("amount", "valor valor_pago", cells.read_positive, is_required=True),
    _column("paid_on", "pago_em data_pagamento", cells.read_date, is_required=True),
    _column("credited_on", "creditado_em data_credito", cells.read_date),
    _column("principal", "valor_principal", cells.read_amount),
    _column("fine", "multa late_fee", cells.read_amount, blank=ZERO),
    _column("interest", "juros", cells.read_amount, blank=ZERO),
)
COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = {
    ImportKind.CUSTOMERS: _CUSTOMERS,
    ImportKind.CONTRACTS: _CONTRACTS,
    ImportKind.INVOICES: _INVOICES,
    ImportKind.AGREEMENTS: _AGREEMENTS,
    ImportKind.PAYMENTS: _PAYMENTS,
}
#: The fields that show how a file writes decimals.
AMOUNTS = frozenset(
    {"amount", "open_amount", "monthly_amount", "pay_on_time_discount", "principal", "fine",
     "interest", "minimum_term_fee", "setup_fee", "suggested_amount",
     "total"}
)  # fmt: skip
