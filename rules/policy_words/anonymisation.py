"""The words of the policies of personal data."""

from __future__ import annotations

from rules.policy_words.entries import HOUSE, Words, days, flag, number, team
from rules.sentences import N_

LGPD = N_("LGPD, arts. 15 e 16")

WORDS: Words = {
    "fiscal_years": number(
        N_("Faturas e pagamentos: anos até poder anonimizar"),
        N_("Desde o último vencimento ou pagamento; os valores ficam também depois."),
        30,
        source=N_("CTN, arts. 173 e 174; Código Civil, art. 206 § 5º I (a confirmar)"),
    ),
    "contract_years": number(
        N_("Contratos: anos até poder anonimizar"),
        N_("Desde o fim do último contrato."),
        30,
        source=N_("CDC, art. 27 (a confirmar)"),
    ),
    "connection_months": number(
        N_("Registros de conexão: meses até poder anonimizar"),
        N_("Desde o fim do último contrato: até aí é preciso saber de quem era a conexão."),
        120,
        source=N_("Marco Civil da Internet, art. 13"),
    ),
    "contact_years": number(
        N_("Prova de contato: anos até poder anonimizar"),
        N_("Desde a última mensagem enviada: até aí se prova a quem ela foi."),
        30,
        source=LGPD,
    ),
    "access_months": number(
        N_("Registros de acesso: meses"),
        N_("Depois disso sessões e auditoria deixam de dizer de que endereço se acessou."),
        120,
        least=6,
        source=N_("Marco Civil da Internet, art. 15: ao menos seis meses"),
    ),
    "lost_lead_months": number(
        N_("Oportunidades perdidas: meses"),
        N_("Depois disso deixam de dizer quem era; o que foi oferecido fica."),
        120,
        least=1,
        source=LGPD,
    ),
    "look_again_days": days(
        N_("Pedido impedido: conferir de novo a cada"),
        N_("Enquanto uma dívida ou um processo impede a anonimização."),
        90,
        least=1,
        source=HOUSE,
    ),
    "by_itself": flag(
        N_("Anonimizar sozinho o que ninguém precisa mais guardar"),
        N_("Toda noite, clientes sem nada em curso e com os prazos vencidos são anonimizados."),
        LGPD,
    ),
    "team": team(
        N_("Equipe dos dados pessoais"), N_("A equipe que recebe as tarefas de pedidos impedidos.")
    ),
}
