"""Orders to the bureau before people and programs."""

from __future__ import annotations

from models.bureau import BureauRecord
from models.bureau_orders import BureauOrder
from rules.bureau_orders import MOST_BYTES
from tests import builders
from tests.support.web import NOW, Web

PATH, API = "/cobrancas/pedidos-ao-spc", "/api/bureau/orders"
WORKS = ("bureau:see", "bureau:act")


async def some_orders(web: Web, *kinds: str) -> list[int]:
    async with web.database.write() as session:
        made = []
        for kind in kinds:
            customer = await builders.a_customer(session, name="Ana Souza")
            invoice = await builders.an_invoice(session, customer, bureau_stage="registered")
            record = await builders.stored(
                session,
                BureauRecord(
                    invoice_id=invoice.id, customer_id=customer.id, stage="registered",
                    added_by="ana", noticed_at=NOW, registered_at=NOW,
                    expires_on=NOW.date().replace(year=2031),
                ),
            )  # fmt: skip
            order = BureauOrder(record_id=record.id, kind=kind, amount=100, made_at=NOW)
            made.append((await builders.stored(session, order)).id)
    return made


async def test_programs_take_a_batch_and_answer_each_order(web: Web) -> None:
    first, second = await some_orders(web, "include", "remove")
    program = await web.program(*WORKS)
    reader = await web.program("bureau:see", login="leitor")

    forbidden = await reader.post("/api/bureau/batches")
    early = await program.post(f"{API}/{first}/answer", json={"accepted": True})
    twice = [
        await program.post("/api/bureau/batches", headers={"Idempotency-Key": "k"}) for _ in "ab"
    ]
    nothing = await program.post("/api/bureau/batches")
    batch = twice[0].json()
    bare = await program.post(f"{API}/{second}/answer", json={"accepted": False})
    said = {"accepted": False, "code": "R01", "note": "não consta"}
    refused = await program.post(f"{API}/{second}/answer", json=said)
    done = await program.post(f"{API}/{first}/answer", json={"accepted": True})
    again = await program.post(f"{API}/{second}/resend")
    unknown = await program.post(f"{API}/99/answer", json={"accepted": True})
    older = (await reader.get(API, params={"before": second, "limit": 1})).json()

    assert (forbidden.status_code, early.json()["code"]) == (403, "BureauOrderNotSent")
    assert twice[0].json() == twice[1].json()
    assert [each["id"] for each in batch["orders"]] == [first, second]
    assert (await reader.get(f"/api/bureau/batches/{batch['batch']}")).json()[0]["code"] == ""
    assert (nothing.json()["code"], bare.json()["code"]) == ("NothingToSend", "BureauCodeRequired")
    assert (refused.json()["status"], done.json()["status"]) == ("refused", "accepted")
    assert (again.status_code, again.json()["status"], unknown.status_code) == (201, "waiting", 404)
    assert [(each["id"], each["status"]) for each in older] == [(first, "accepted")]


async def test_people_send_a_batch_and_bring_the_answers_back(web: Web) -> None:
    first, second = await some_orders(web, "include", "remove")
    browser = await web.browser(*WORKS, "documents:whole")

    made = await browser.post(PATH)
    listed = await browser.get(made.headers["location"])
    batch = made.headers["location"].partition("remessa=")[2]
    file = await browser.get(f"{PATH}/{batch}.csv")
    wrong = await browser.post(f"{PATH}/respostas", files={"file": ("r.csv", b"lixo")})
    answers = f"pedido;resultado;codigo;mensagem\n{first};aceito;;\n{second};recusado;R01;x\n"
    told = await browser.post(f"{PATH}/respostas", files={"file": ("r.csv", answers.encode())})
    again = await browser.post(f"{PATH}/reenvio", data={"order_id": second})
    by_hand = await browser.post(f"{PATH}/resposta", data={"order_id": "abc"})
    spoken = {"order_id": first, "code": "x" * 21, "note": "nota <b>"}
    long = await browser.post(f"{PATH}/resposta", data=spoken)
    done = await browser.post(f"{PATH}/resposta", data={"order_id": first, "code": "E1"})
    unknown = await browser.post(f"{PATH}/resposta", data={"order_id": 99, "accepted": "1"})
    twice = await browser.post(f"{PATH}/reenvio", data={"order_id": second})
    nobody = await browser.post(f"{PATH}/reenvio", data={"order_id": "0"})
    large = answers.encode() + b"\n" * MOST_BYTES
    cut = await browser.post(f"{PATH}/respostas", files={"file": ("r.csv", large)})

    assert listed.text.count("Ana Souza") >= 2
    assert f"{first};include;" in file.text
    assert (wrong.status_code, told.status_code, again.status_code) == (422, 303, 303)
    assert (by_hand.status_code, long.status_code, nobody.status_code) == (422, 422, 422)
    assert ("não existe" in long.text, "nota &lt;b&gt;" in long.text) == (False, True)
    assert f"O pedido {first} não espera resposta" in done.text
    assert (unknown.status_code, "O pedido 99 ao SPC não existe." in unknown.text) == (404, True)
    assert (twice.status_code, "Só um pedido de remoção recusado" in twice.text) == (422, True)
    assert (cut.status_code, "passa de 2 MB" in cut.text) == (422, True)
    page = (await browser.get(PATH)).text
    assert ("Recusado" in page, "R01" in page) == (True, True)
