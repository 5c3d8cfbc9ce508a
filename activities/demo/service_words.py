"""What the demonstration's customers ask for, and what its teams answer and check."""

from __future__ import annotations

#: How far each ticket got.
TICKETS = (
    *("new", "new", "new", "late", "late", "taken", "taken", "in_progress", "in_progress"),
    *("in_progress", "urgent", "waiting", "waiting", "resolved", "resolved", "reopened"),
    *("closed", "closed", "closed", "stranger"),
)
#: How far each kickoff got.
KICKOFFS = (
    *("scheduling", "late", "scheduled", "parametrising", "waiting", "installed"),
    *("in_service", "cancelled"),
)
MATTERS = (
    ("Sem sinal desde ontem", "Boa tarde, estou sem sinal desde ontem à noite. O PON pisca."),
    ("Segunda via da fatura", "Não recebi a fatura deste mês. Podem reenviar?"),
    ("Internet lenta à noite", "Depois das 20h a velocidade cai para menos da metade."),
    ("Troca de senha do Wi-Fi", "Gostaria de trocar a senha da rede."),
    ("Telefone fixo mudo", "O telefone não dá linha desde a última chuva."),
    ("Cobrança em duplicidade", "Fui cobrado duas vezes pela mesma mensalidade."),
    ("Mudança de endereço", "Vou me mudar no dia 10 e quero levar o plano."),
    ("Queda de energia no poste", "Caiu o poste da rua e a fibra foi junto. Fora do ar."),
)
CATEGORIES = (
    ("tecnico", "Técnico", 2),
    ("financeiro", "Financeiro", 2),
    ("comercial", "Comercial", 3),
)
RULES = (
    ("queda", "Sem serviço", "sem sinal, fora do ar, mudo"),
    ("saude", "Serviço essencial", "hospital, clínica, delegacia"),
)
ANSWERS = (
    (
        "reinicio",
        "Reiniciar o equipamento",
        "Por favor, desligue o roteador da tomada por 30 segundos e ligue de novo.",
    ),
    (
        "visita",
        "Visita técnica",
        "Agendamos uma visita técnica; a equipe confirma o horário por telefone.",
    ),
)
