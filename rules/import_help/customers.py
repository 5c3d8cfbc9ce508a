"""The columns of files of customers."""

from __future__ import annotations

from collections.abc import Mapping

from rules.import_help.entries import ColumnHelp as Told
from rules.sentences import N_

COLUMNS: Mapping[str, Told] = {
    "code": Told(
        N_("O código do cliente no outro sistema; por ele os outros arquivos o citam."), "C0001"
    ),
    "name": Told(N_("Nome da pessoa ou razão social, até 160 letras."), "Ana Souza"),
    "document": Told(
        N_("CPF ou CNPJ, com ou sem pontuação, também o CNPJ com letras."), "529.982.247-25"
    ),
    "email": Told(N_("Um só endereço de e-mail."), "ana@exemplo.com.br"),
    "mobile": Told(N_("Telefone com DDD; celular tem nove dígitos."), "(11) 98765-4321"),
    "street": Told(N_("Logradouro, número e complemento."), "Rua das Flores, 10"),
    "city": Told(N_("Cidade do cliente; os gráficos e filtros contam por ela."), "São Paulo"),
    "uf": Told(N_("A sigla do estado: dela vêm o horário de contato e as regras do SPC."), "SP"),
    "postal_code": Told(N_("CEP de oito dígitos."), "01310-100"),
}
