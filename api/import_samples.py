"""Sample files of each kind, to be downloaded and filled in."""

from __future__ import annotations

from rules.import_columns import ImportKind
from rules.imports import sample_titles

_ROWS: dict[ImportKind, tuple[tuple[str, ...], ...]] = {
    ImportKind.CUSTOMERS: (
        (
            "C0001", "Ana Souza", "529.982.247-25", "ana@exemplo.com.br", "(11) 98765-4321",
            "Rua das Flores, 10", "São Paulo", "SP", "01310-100",
        ),
        (
            "C0002", "Padaria Lima Ltda", "12.ABC.345/01DE-35", "contato@exemplo.com.br",
            "(81) 99876-5432", "Av. Boa Viagem, 200", "Recife", "PE", "51011-000",
        ),
    ),
    ImportKind.CONTRACTS: (
        (
            "K0001", "C0001", "Fibra 500 Mega", "", "sim", "129,90", "10,00", "05/01/2025", "",
            "", "05/01/2025", "", "", "", "agrupada", "", "", "mensal",
            "boleto com pix", "", "", "não", "", "não", "12", "300,00", "", "", "", "sim", "",
            "Matriz", "", "", "05/01/2025", "0,00", "", "", "", "", "prorrogar", "plano", "",
            "", "", "", "", "", "não", "", "Rua das Flores, 12", "São Paulo", "SP", "01310-100",
        ),
    ),
    ImportKind.INVOICES: (
        (
            "F0001", "C0001", "05/10/2026", "129,90", "2026/0001", "K0001", "20/09/2026",
            "Mensalidade 10/2026", "129,90", "aberta", "", "sim", "não", "", "10,00", "", "",
        ),
        (
            "F0002", "C0002", "05/08/2026", "1.299,00", "2026/0002", "", "20/07/2026",
            "Link dedicado 08/2026", "1.299,00", "aberta", "", "sim", "sim", "", "0,00",
            "em negociação", "01/09/2026", "registrado", "20/08/2026", "05/09/2026",
            "AR BR123456785BR",
        ),
        (
            "F0003", "C0002", "05/07/2026", "1.299,00", "2026/0003", "", "20/06/2026",
            "Link dedicado 07/2026", "1.299,00", "suspensa", "", "sim", "não", "", "0,00", "", "",
        ),
        *(
            (
                code, "C0002", due, "620,00", code, "", "01/10/2026", f"Acordo AC0001, {place}/2",
                owed, status, settled, "não", "não", "", "0,00", "", "",
            )
            for code, due, place, owed, status, settled in (
                ("AC0001-1", "10/10/2026", 1, "0,00", "quitada", "09/10/2026"),
                ("AC0001-2", "10/12/2026", 2, "620,00", "aberta", ""),
            )
        ),
    ),
    ImportKind.AGREEMENTS: (
        (
            "AC0001", "C0002", "nova proposta", "20/12/2026", "A0", "AC0001-1|AC0001-2", "F0003",
            "1.240,00", "01/10/2026", "", "em andamento", "Acordo feito no sistema anterior",
        ),
    ),
    ImportKind.PAYMENTS: (
        ("P0001", "F0001", "129,90", "13/11/2026", "16/11/2026", "125,74", "2,51", "1,65"),
    ),
}  # fmt: skip


def sample(kind: ImportKind) -> str:
    """A small file of this kind that is accepted as it is, given what it leans on."""
    titles = sample_titles(kind)
    blank = ("",) * len(titles)
    lines = [titles, *((*row, *blank[len(row) :]) for row in _ROWS[kind])]
    return "\ufeff" + "".join(";".join(line) + "\r\n" for line in lines)
