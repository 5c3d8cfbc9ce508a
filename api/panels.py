"""The ten panels as pages: address, words, columns, filters and tools of each, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from api.dependencies import Principal
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.table import Chip, FilterKind, Kind
from models.collections import PanelTotal
from rules.debts import Limitation
from rules.panels import Panel, Tool

ROOT = "/cobrancas"
CHARTS_PATH = f"{ROOT}/graficos"
CHARTS_SEE = "collections.charts:see"

UFS = tuple(
    "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split()  # noqa: SIM905 - read as the list it is
)


@dataclass(frozen=True)
class PanelPage:
    """One panel's page. `area` names its permissions; `empty` says why it is empty; `short`
    stands on its chip."""

    panel: Panel
    slug: str
    area: str
    label: str
    icon: str
    empty: str
    columns: tuple[Column, ...]
    tools: tuple[Tool, ...] = ()
    short: str = ""
    default_sort: str = "due_date"

    @property
    def path(self) -> str:
        """Where the page is."""
        return f"{ROOT}/{self.slug}"

    def listed(self, query: str) -> str:
        """The page as it was left: narrowed and sorted by the query of its address."""
        kept = urlencode(parse_qsl(query[:2000]))
        return f"{self.path}?{kept}" if kept else self.path

    def details(self, customer_id: int, query: str) -> str:
        """Where a customer of the first panels is shown; the query leads back to the list."""
        kept = urlencode({"lista": query}) if query else ""
        return f"{self.path}/{customer_id}{'?' if kept else ''}{kept}"

    @property
    def see(self) -> str:
        """The permission to see the panel."""
        return f"collections.{self.area}:see"

    @property
    def act(self) -> str:
        """The permission to use its tools."""
        return f"collections.{self.area}:act"

    def listing(self, request: Request) -> Listing:
        """The list's declaration; filters that only charts set show up when they are set."""
        filters: tuple[Filter, ...] = FILTERS
        if not self.panel.lists_customers:
            asked = tuple(each for each in RARE_FILTERS if request.query_params.get(each.key))
            filters = (*FILTERS, *AGREEMENT_FILTERS, *asked)
        return Listing(self.columns, self.default_sort, filters, empty=self.empty)

    def tools_of(self, by: Principal) -> tuple[Tool, ...]:
        """The tools that this person may use here."""
        return self.tools if by.may(self.act) else ()


FILTERS = (
    Filter("busca", N_("Cliente, CPF/CNPJ ou fatura")),
    Filter("cidade", N_("Cidade")),
    Filter("uf", N_("UF"), FilterKind.CHOICE, tuple((uf, uf) for uf in UFS)),
    Filter("vencimento_de", N_("Vencimento de"), FilterKind.DAY, is_rare=True),
    Filter("vencimento_ate", N_("Vencimento até"), FilterKind.DAY, is_rare=True),
    Filter("atraso_de", N_("Atraso de (dias)"), FilterKind.NUMBER),
    Filter("atraso_ate", N_("Atraso até (dias)"), FilterKind.NUMBER),
    Filter(
        "prescricao",
        N_("Prescrição"),
        FilterKind.CHOICE,
        (
            (Limitation.NEAR.value, N_("perto de prescrever")),
            (Limitation.REACHED.value, N_("prescrita")),
        ),
        is_rare=True,
    ),
    Filter("valor_de", N_("Valor de"), FilterKind.AMOUNT),
    Filter("valor_ate", N_("Valor até"), FilterKind.AMOUNT),
)
AGREEMENT_FILTERS = (
    Filter("acordo", N_("Acordo nº"), FilterKind.NUMBER),
    Filter("operador", N_("Operador")),
)
RARE_FILTERS = (
    Filter("feito_de", N_("Acordo feito de"), FilterKind.DAY),
    Filter("feito_ate", N_("Acordo feito até"), FilterKind.DAY),
    Filter("tolerancia_de", N_("Tolerância de"), FilterKind.DAY),
    Filter("tolerancia_ate", N_("Tolerância até"), FilterKind.DAY),
)

BY_NAME, BY_CITY = ("searched_name", "customer_id", "id"), ("city", "customer_id", "id")
CUSTOMER = Column("customer", N_("Cliente"), is_sortable=True, order=BY_NAME)
DOCUMENT = Column("document", N_("CPF/CNPJ"))
CITY = Column("city", N_("Cidade"), is_sortable=True, order=BY_CITY)
DUE = Column("due_date", N_("Vencimento"), Kind.DAY, is_sortable=True)
OVERDUE = Column("overdue", N_("Atraso"), Kind.BADGE)
AMOUNT = Column("amount", N_("Valor"), Kind.MONEY, is_sortable=True, is_totalled=True)
OPERATOR = Column("operator", N_("Operador"))
SINCE = Column("since", N_("Neste painel"), Kind.AGO, is_extra=True)
ACCOUNT = Column("account", N_("Conta"))
NUMBER = Column("number", N_("Fatura"))
AGREEMENT = Column("agreement", N_("Acordo"))
TOLERANCE = Column("tolerance_date", N_("Tolerância"), Kind.DAY)
SETTLED = Column("settled_on", N_("Liquidada em"), Kind.DAY)
REGISTERED = Column("registered_at", N_("Registrada em"), Kind.MOMENT)
REMOVE_BY = Column("remove_by", N_("Remover até"), Kind.DAY)
REMOVED = Column("removed_at", N_("Removida em"), Kind.MOMENT)

OF_CUSTOMERS = (
    replace(CUSTOMER, order=("searched_name", "id")),
    DOCUMENT,
    replace(CITY, order=("city", "id")),
    Column("invoices", N_("Faturas"), Kind.NUMBER, is_sortable=True, is_totalled=True),
    Column("due_date", N_("Vencimento mais antigo"), Kind.DAY, is_sortable=True),
    OVERDUE,
    AMOUNT,
    OPERATOR,
    Column("next_at", N_("Próxima ação"), Kind.MOMENT, is_extra=True),
    SINCE,
)
OF_INVOICES = (NUMBER, CUSTOMER, DOCUMENT, CITY, DUE)
_EXTRA_OVERDUE = Column("overdue", N_("Atraso"), Kind.BADGE, is_extra=True)

PAGES = (
    PanelPage(
        Panel.CLASSIFIED, "classificados", "classified", N_("Classificados"), "user-search",
        N_("Ninguém espera o início da cobrança. O classificador traz para cá, todo dia às 7h, "
           "quem tem fatura vencida além do prazo da régua; ele também pode ser executado agora."),
        OF_CUSTOMERS, (Tool.START,),
    ),
    PanelPage(
        Panel.IN_CONTACT, "em-contato", "in_contact", N_("Em contato"), "phone",
        N_("Nenhum cliente em contato. Quem é iniciado no painel Classificados vem para cá."),
        OF_CUSTOMERS, (Tool.CONFIRM,),
    ),
    PanelPage(
        Panel.NEGOTIATING, "negociacao", "negotiating", N_("Aguardam negociação"), "messages",
        N_("Ninguém aguarda negociação. Quem é confirmado no painel Em contato vem para cá."),
        (*OF_CUSTOMERS, ACCOUNT), short=N_("Negociação"),
    ),
    PanelPage(
        Panel.IN_AGREEMENT, "em-acordo", "in_agreement", N_("Em acordo"), "file-dollar",
        N_("Nenhuma fatura em acordo. As de um acordo feito na conta do cliente vêm para cá."),
        (*OF_INVOICES, OVERDUE, AGREEMENT, TOLERANCE, OPERATOR, AMOUNT, ACCOUNT, SINCE),
        (Tool.REGISTER,),
    ),
    PanelPage(
        Panel.FULFILLED, "efetivadas", "fulfilled", N_("Efetivadas"), "circle-check",
        N_("Nenhuma fatura de acordo foi liquidada ainda. O pagamento as traz para cá."),
        (*OF_INVOICES, SETTLED, AGREEMENT, OPERATOR, AMOUNT, SINCE), default_sort="-due_date",
    ),
    PanelPage(
        Panel.BROKEN, "nao-cumpridos", "broken", N_("Não cumpridos"), "alert-triangle",
        N_("Nenhum acordo descumprido. Vêm para cá as faturas de acordos não honrados até a data "
           "de tolerância."),
        (*OF_INVOICES, OVERDUE, AGREEMENT, TOLERANCE, OPERATOR, AMOUNT, SINCE), (Tool.REGISTER,),
    ),
    PanelPage(
        Panel.AT_BUREAU, "spc", "registered", N_("Em SPC"), "ban",
        N_("Nenhuma fatura no controle de SPC. Inclua-as pelos painéis Em acordo e Não cumpridos; "
           "elas aparecem aqui depois do prazo do aviso ao cliente."),
        (*OF_INVOICES, OVERDUE, REGISTERED, AMOUNT, SINCE), (Tool.REMOVE,),
    ),
    PanelPage(
        Panel.BUREAU_CONFLICTS, "criticas-spc", "conflict", N_("Críticas de SPC"),
        "exclamation-circle",
        N_("Nenhuma crítica: nenhum registro continua de pé depois do pagamento."),
        (*OF_INVOICES, SETTLED, REMOVE_BY, AMOUNT, SINCE, _EXTRA_OVERDUE), (Tool.REMOVE,),
    ),
    PanelPage(
        Panel.LEFT_BUREAU, "removidas-spc", "removed", N_("Removidas do SPC"), "history",
        N_("Nenhuma fatura liquidada saiu do SPC ainda."),
        (*OF_INVOICES, SETTLED, REMOVED, AMOUNT, SINCE), short=N_("Removidas SPC"),
        default_sort="-due_date",
    ),
)  # fmt: skip
PAGE_OF = {page.panel: page for page in PAGES}


def chips_of(
    totals: Mapping[Panel, PanelTotal], by: Principal, current: Panel | None
) -> list[Chip]:
    """The chips of the panels that this person may see, the tenth being the charts."""
    chips = [_chip(page, totals[page.panel], current) for page in PAGES if by.may(page.see)]
    if by.may(CHARTS_SEE):
        label = gettext("Gráficos")
        chips.append(Chip(label, None, CHARTS_PATH, "chart-bar", is_current=current is None))
    return chips


def _chip(page: PanelPage, total: PanelTotal, current: Panel | None) -> Chip:
    count = total.customers if page.panel.lists_customers else total.invoices
    return Chip(
        gettext(page.short or page.label), count, page.path, page.icon,
        amount=total.amount, is_current=page.panel is current,
    )  # fmt: skip
