"""Reading mail as it comes: whole, automatic, broken; nothing that is sent can stop it."""

import time
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.inbound_mail import read_mail, without_quotes
from rules.mail_weight import is_too_heavy

pytestmark = pytest.mark.once


def a_mail(text="Sem sinal", **headers):
    mail = EmailMessage()
    mail["From"] = "Maria <Maria@Exemplo.test>"
    mail["To"] = "suporte@acerto.test"
    mail["Subject"] = "Olá, sem sinal"
    mail["Message-ID"] = "<1@exemplo.test>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def test_a_plain_mail_is_read():
    read = read_mail(a_mail(In_Reply_To="<b@x>", References="<a@x> <b@x>").as_bytes())

    assert (read.sender, read.name, read.subject) == (
        "maria@exemplo.test", "Maria", "Olá, sem sinal",
    )  # fmt: skip
    assert (read.text, read.mail_id, read.quoted) == (
        "Sem sinal", "<1@exemplo.test>", ("<b@x>", "<a@x>"),
    )  # fmt: skip
    assert not read.is_automatic
    assert not read.is_broken


def test_html_alone_is_told_as_text():
    mail = a_mail()
    mail.set_content("<style>p{}</style><p>Sem <b>sinal</b></p><p>desde ontem</p>", subtype="html")

    assert read_mail(mail.as_bytes()).text == "Sem sinal\ndesde ontem"


def test_files_come_along():
    mail = a_mail()
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="conta.pdf")

    [file] = read_mail(mail.as_bytes()).files

    assert (file.name, file.content) == ("conta.pdf", b"%PDF-1.7")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"Precedence": "bulk"},
        {"List_Id": "<lista.exemplo.test>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_what_nobody_wrote_is_known(headers):
    assert read_mail(a_mail(**headers).as_bytes()).is_automatic


def test_a_null_sender_and_auto_submitted_no():
    assert read_mail(a_mail().as_bytes(), envelope_sender="<>").is_automatic
    assert not read_mail(a_mail(Auto_Submitted="no").as_bytes()).is_automatic


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: a@b.test\nContent-Type: multipart/mixed; boundary=x\n\nno boundary here",
        b"From: a@b.test\nContent-Type: multipart/mixed\n\nno boundary at all",
        b"Subject: nobody\n\nwho?",
        b"From: =?utf-8?q?" + b"=" * 500 + b"\nSubject: =?unknown?b?////?=\n\nx",
    ],
)
def test_what_is_broken_is_told_as_such_and_raises_nothing(raw):
    assert read_mail(raw).is_broken


def test_a_charset_that_nobody_knows_still_gives_the_words():
    raw = b"From: a@b.test\nContent-Type: text/plain; charset=klingon\n\nSem sinal \xe9\n"

    assert read_mail(raw).text.startswith("Sem sinal")


def test_a_nul_never_reaches_the_database():
    raw = b"From: a@b.test\nSubject: a\x00b\n\nc\x00d\n"
    read = read_mail(raw)

    assert "\x00" not in read.subject + read.text


@given(st.binary(max_size=2000))
def test_any_bytes_can_be_read(raw):
    read = read_mail(raw, envelope_sender="x@y.test")

    (read.subject + read.text + read.sender + read.name).encode()


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_headers_can_be_read(name, value):
    raw = f"From: {name} <a@b.test>\nSubject: {value}\nReferences: {value}\n\n{name}".encode(
        "utf-8", "replace"
    )

    read_mail(raw)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Funciona!\n\nEm seg., 9 de mar. de 2026, Suporte escreveu:\n> Testou?", "Funciona!"),
        ("Sim.\n> Testou?", "Sim."),
        ("> só citação", "> só citação"),
        ("Sim.\n-----Mensagem original-----\nDe: x", "Sim."),
        (
            "É o X9.\n\nEm seg., 23 de nov. de 2026 às 02:25, Acerto Telecom <\n"
            "suporte@acerto.test> escreveu:\n\n> Qual o modelo?",
            "É o X9.",
        ),
        (
            "Sim.\n\nDe: Acerto <suporte@acerto.test>\nEnviado em: segunda-feira\nPara: Maria\n",
            "Sim.",
        ),
        ("Em casa não funciona.\nO técnico escreveu:\ntrocar", None),
        ("Mudança\nDe: rua A\nPara: rua B", None),
    ],
)
def test_an_answer_is_told_without_what_it_quotes(text, new):
    assert without_quotes(text) == (text if new is None else new)


FOLDED = b"\r\n ".join([b"=?utf-8?q?a?="] * 20_000)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.test\r\nTo: " + b"a@b.test,\r\n " * 20_000 + b"\r\n\r\nx",
        b"From: a@b.test\r\nSubject: " + FOLDED + b"\r\n\r\nx",
        b"Content-Type: text/plain; x=" + FOLDED + b"\r\nFrom: a@b.test\r\n\r\nx",
        b"From: a@b.test\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\nDiagnostic-Code: "
        + FOLDED,
        b"From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n"
        + b"\r\n--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx" * 100_000,
        b"From: a@b.test\r\n"
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n)
            for n in range(400)
        )
        + b"\r\n" * 300_000,
    ],
    ids=["recipients", "subject", "kind", "report", "parts", "nested"],
)
def test_a_mail_made_to_take_hours_is_told_as_broken_at_once(raw: bytes) -> None:
    began = time.process_time()

    read = read_mail(raw, envelope_sender="a@b.test")

    assert time.process_time() - began < 1
    assert (read.is_broken, read.sender) == (True, "a@b.test")


def test_long_lists_logs_and_files_are_read_as_ever() -> None:
    log = "Trace:\n" + "".join(f"    linha {n} do registro\n" for n in range(500))
    mail = a_mail(
        "\n".join(("-- separador", log, "-----")) * 3,
        Cc=", ".join(f"pessoa.de.nome.comprido.{n}@exemplo.test" for n in range(150)),
        References=" ".join(f"<{n}.longo.identificador@exemplo.test>" for n in range(80)),
    )
    for n in range(20):
        mail.add_attachment(
            b"%PDF" * 50_000, maintype="application", subtype="pdf", filename=f"{n}"
        )

    read = read_mail(mail.as_bytes())

    assert (read.is_broken, len(read.files), len(read.recipients)) == (False, 20, 151)
    assert read.text.count("linha 499") == 3


LONG_LINE = "Erro:" + "x" * 20_000


def as_file(mail: EmailMessage) -> EmailMessage:
    log = {"maintype": "text", "subtype": "plain", "filename": "erro.log", "cte": "7bit"}
    mail.add_attachment(LONG_LINE.encode(), **log)
    return mail


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.test\r\nSubject: Erro\r\n\r\n" + LONG_LINE.encode(),
        b"From: a@b.test\r\nSubject: Erro\r\n\r\nOi\r\nVeja:\r\n" + LONG_LINE.encode(),
        b"From: a@b.test\n\n" + LONG_LINE.encode(),
        as_file(a_mail("Segue o registro.")).as_bytes(),
        as_file(a_mail("Segue o registro.")).as_bytes(policy=policy.SMTP),
    ],
    ids=["alone", "after others", "unix", "file", "file as sent"],
)
def test_a_long_line_of_a_body_is_no_header(raw: bytes) -> None:
    read = read_mail(raw)

    assert not read.is_broken
    assert "x" * 20_000 in read.text + "".join(each.content.decode() for each in read.files)


LONG_FIELD = b"Subject: " + b"=?utf-8?q?a?=\r\n " * 20_000


@pytest.mark.parametrize(
    "raw",
    [
        b"X-A: 1\r\n folded\r\n" + LONG_FIELD,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\nOi\r\n--b\r\nX-A: 1\r\n" + LONG_FIELD,
        b"Content-Type: message/rfc822\r\n\r\nX-A: 1\r\n" + LONG_FIELD,
        b"Content-Type: =?utf-8?b?bWVzc2FnZS9yZmM4MjI=?=\r\n\r\nX-A: 1\r\n" + LONG_FIELD,
        b"Content-Type:\r\n =?utf-8?b?bWVzc2FnZS9yZmM4MjI=?=\r\n\r\n" + LONG_FIELD,
        b"Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n" + LONG_FIELD,
        b"From: a@b.test\rX-A: 1\r" + LONG_FIELD.replace(b"\r\n", b"\r"),
        b"Content-Type: multipart/mixed; boundary=b\r\r--b\r" + LONG_FIELD.replace(b"\n", b""),
    ],
    ids=[
        "not first",
        "of a part",
        "of a mail within",
        "of a hidden one",
        "of a folded one",
        "of a digest",
        "old ends",
        "part of old ends",
    ],
)
def test_a_long_field_is_found_in_whichever_head(raw: bytes) -> None:
    began = time.process_time()

    assert is_too_heavy(b"From: a@b.test\r\n" + raw + b"\r\n\r\nx")
    assert time.process_time() - began < 0.5
