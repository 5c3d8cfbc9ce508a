"""Users, teams, roles: who may do what to whom."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from models.people import AuditEntry, Role, User, UserSession
from tests.support.web import Web


async def saved(web: Web, kind, **where):
    async with web.database.read() as session:
        return (await session.exec(select(kind).filter_by(**where))).first()


PAGES = {
    "/pessoas": "people:see",
    "/pessoas/novo": "people:edit",
    "/pessoas/equipes": "people:see",
    "/pessoas/equipes/nova": "people:edit",
    "/pessoas/perfis": "people:see",
    "/pessoas/perfis/novo": "people:edit",
    "/pessoas/auditoria": "audit:see",
    "/cadastros": "registries:see",
    "/cadastros/plano-de-contas": "registries:see",
    "/cadastros/plano-de-contas/novo": "registries:edit",
}


@pytest.mark.parametrize(("path", "permission"), PAGES.items())
async def test_each_page_opens_with_its_permission_alone(web: Web, path, permission):
    allowed = await web.browser(permission, login="bia")
    refused = await web.browser("tasks:see", login="caio")

    assert (await allowed.get(path)).status_code == 200
    assert (await refused.get(path)).status_code == 403


async def test_a_place_without_permission_is_not_shown(web: Web):
    browser = await web.browser("people:see")

    page = (await browser.get("/pessoas")).text

    assert 'data-go="p"' in page
    assert 'data-go="r"' not in page
    assert "Novo usuário" not in page


async def test_a_new_user_gets_a_password_for_one_log_in(web: Web):
    browser = await web.browser("*")
    role = await saved(web, Role)
    typed = {"login": "bruno", "name": "Bruno Lima", "email": "", "role_ids": role.id}

    answer = await browser.post("/pessoas/novo", data=typed | {"is_active": "1"})

    password = re.search(r'class="secret[^>]*>([^<]+)<', answer.text)[1]
    entered = await web.visitor().post("/entrar", data={"login": "bruno", "senha": password})
    assert entered.status_code == 303
    assert (await saved(web, User, login="bruno")).must_change_password
    assert "entra e não vê nada" not in answer.text


async def test_a_user_without_a_role_is_said_to_see_nothing(web: Web):
    admin = await web.browser("*", login="admin")

    made = await admin.post("/pessoas/novo", data={"login": "rui", "name": "Rui", "is_active": "1"})

    rui = await saved(web, User, login="rui")
    assert "Sem perfil, rui entra e não vê nada." in made.text
    assert f'href="/pessoas/{rui.id}"' in made.text
    assert "sem perfil" in (await admin.get("/pessoas")).text


async def test_a_form_comes_back_with_errors_beside_its_fields(web: Web):
    browser = await web.browser("*")

    answer = await browser.post(
        "/pessoas/novo", data={"login": "a b", "name": "", "email": "x@y.br"}
    )

    assert answer.status_code == 422
    assert 'id="e-login"' in answer.text
    assert "Campo obrigatório." in answer.text
    assert 'value="x@y.br"' in answer.text


async def test_a_login_in_use_is_refused_whatever_its_case(web: Web):
    browser = await web.browser("*")

    answer = await browser.post("/pessoas/novo", data={"login": "ANA", "name": "Outra Ana"})

    assert answer.status_code == 422
    assert "Já existe um usuário com o login ANA" in answer.text


async def test_a_user_made_inactive_is_signed_out_at_once(web: Web):
    admin = await web.browser("*", login="admin")
    bia = await web.browser("people:see", login="bia")
    user = await saved(web, User, login="bia")

    await admin.post(f"/pessoas/{user.id}", data={"login": "bia", "name": "Bia"})

    assert (await bia.get("/pessoas")).status_code == 303


async def test_the_last_administrator_stays(web: Web):
    admin = await web.browser("*", login="admin")
    user = await saved(web, User, login="admin")

    answer = await admin.post(f"/pessoas/{user.id}", data={"login": "admin", "name": "Admin"})

    assert "último administrador" in answer.text
    assert (await saved(web, User, login="admin")).is_active


async def test_nobody_hands_out_more_than_they_hold(web: Web):
    await web.user("*", login="admin")
    editor = await web.browser("people:edit", "people:see", login="editor")
    role = await saved(web, Role, code="role-of-admin")
    typed = {"login": "novo", "name": "Novo", "role_ids": role.id}

    answer = await editor.post("/pessoas/novo", data=typed)

    assert answer.status_code == 422
    assert "permissões que você não tem" in answer.text
    assert await saved(web, User, login="novo") is None


async def test_nobody_takes_over_a_stronger_user_by_a_new_password(web: Web):
    admin_id = await web.user("*", login="admin", password_hash="kept")
    editor = await web.browser("people:edit", login="editor")

    answer = await editor.post(f"/pessoas/{admin_id}/senha")

    assert answer.status_code == 422
    assert (await saved(web, User, login="admin")).password_hash == "kept"


async def test_nobody_widens_a_role_beyond_their_own(web: Web):
    editor = await web.browser("people:edit", "people:see", login="editor")
    role = await saved(web, Role, code="role-of-editor")
    typed = {"code": role.code, "name": "Perfil", "permissions": ["people:edit", "system:act"]}

    answer = await editor.post(f"/pessoas/perfis/{role.id}", data=typed)

    assert answer.status_code == 422


async def test_an_invented_permission_is_refused(web: Web):
    admin = await web.browser("*")

    answer = await admin.post(
        "/pessoas/perfis/novo", data={"code": "x", "name": "X", "permissions": "moon:land"}
    )

    assert answer.status_code == 422
    assert "moon:land não existe" in answer.text


async def test_a_team_is_kept_with_its_members(web: Web):
    admin = await web.browser("*")
    user = await saved(web, User, login="ana")
    typed = {"code": "cobranca", "name": "Cobrança", "lead_id": user.id, "member_ids": user.id}

    answer = await admin.post("/pessoas/equipes/nova", data=typed)

    assert answer.status_code == 303
    page = (await admin.get("/pessoas/equipes")).text
    assert "Cobrança" in page
    assert "Ana" in page
    again = await admin.post("/pessoas/equipes/nova", data=typed)
    assert "Já existe uma equipe com o código cobranca" in again.text


async def test_an_unknown_user_is_not_found(web: Web):
    browser = await web.browser("*")
    program = await web.program("*")

    assert (await browser.get("/pessoas/999")).status_code == 404
    answer = await program.put("/api/users/999", json={"login": "xx", "name": "X"})
    assert (answer.status_code, answer.json()["code"]) == (404, "UserUnknown")


@pytest.mark.parametrize(
    ("substitute", "is_accepted"), [("bia", True), ("ana", False), ("left", False), ("away", False)]
)
async def test_only_someone_else_who_is_here_stands_in(web: Web, substitute, is_accepted):
    browser = await web.browser()
    await web.user(login="bia")
    await web.user(login="left", is_active=False)
    await web.user(login="away", absent_until=web.now.date())
    chosen = await saved(web, User, login=substitute)
    typed = {"absent_until": "2026-11-30", "substitute_id": chosen.id}

    answer = await browser.post("/ausencia", data=typed)

    assert answer.status_code == (303 if is_accepted else 422)


async def test_every_change_of_people_is_in_the_trail(web: Web):
    admin = await web.browser("*")

    await admin.post("/pessoas/novo", data={"login": "bruno", "name": "Bruno"})

    entry = await saved(web, AuditEntry, action="user.create")
    assert (entry.by, entry.subject) == ("ana", "user/bruno")
    trail = (await admin.get("/pessoas/auditoria?busca=user.create")).text
    assert "Usuário: criar" in trail
    assert "Usuário bruno" in trail
    assert "Usuário bruno" in (await admin.get("/pessoas/auditoria?busca=usuário")).text
    assert "Usuário bruno" not in (await admin.get("/pessoas/auditoria?busca=fatura")).text


async def test_names_are_shown_as_text_whatever_they_contain(web: Web):
    browser = await web.browser("people:see", name="<script>alert(1)</script>")

    assert "<script>alert(1)" not in (await browser.get("/pessoas")).text


async def test_one_sees_and_ends_only_ones_own_sessions(web: Web):
    ana, bia = await web.browser(login="ana"), await web.browser(login="bia")
    page = (await bia.get("/sessoes")).text
    assert page.count("Esta sessão") == 1
    async with web.database.read() as session:
        user = await saved(web, User, login="ana")
        of_ana = (await session.exec(select(UserSession).filter_by(user_id=user.id))).one()

    answer = await bia.post("/sessoes/encerramento", data={"sessao": of_ana.id})

    assert answer.status_code == 404
    assert (await ana.get("/sessoes")).status_code == 200
    assert (await ana.post("/sessoes/encerramento", data={"sessao": of_ana.id})).status_code == 303
    assert (await ana.get("/sessoes")).status_code == 303


async def test_the_first_roles_are_named_in_the_readers_language(web: Web):
    async with web.database.write() as session:
        session.add(Role(code="operator", name="Operador"))
    browser = await web.browser("people:see", "people:edit")

    assert "Operador" in (await browser.get("/pessoas/perfis")).text
    english = (await browser.get("/pessoas/perfis", headers={"Accept-Language": "en"})).text
    assert "Operator" in english
    assert "Operador" not in english


async def test_an_address_of_the_houses_own_network_is_taken_and_another_is_named(web: Web):
    admin = await web.browser("people:see", "people:edit")
    new = {"login": "novo", "name": "Novo", "is_active": "1"}

    wrong = await admin.post("/pessoas/novo", data=new | {"email": "novo@"})
    made = await admin.post("/pessoas/novo", data=new | {"email": "novo@provedor.test"})

    assert "O e-mail “novo@” não é válido." in wrong.text
    assert made.status_code == 200
    assert "novo" in made.text
