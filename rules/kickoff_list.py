"""What a new house parametrises in the management of telecom expenses (TEM), and for whom it is.

The house changes it, and adds lists of other service models, among its registries.
"""

from __future__ import annotations

#: The item, and whether it is the client's to do. Each client has a deployment of its own (TIM
#: Gestão de Faturas: "cada cliente tem uma VPS exclusiva").
FIRST_LIST: tuple[tuple[str, bool], ...] = (
    ("Implantar o ambiente do cliente, exclusivo dele", False),
    ("Carregar o inventário de linhas", False),
    ("Receber a lista de centros de custo", True),
    ("Acesso aos portais das operadoras", True),
    ("Configurar as regras de auditoria", False),
    ("Treinar os usuários", False),
)
