"""Whoever comes before pages and API are there is told what is waited for."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx2
import pytest

from running.ports import LOOPBACK, PortTaken, adopted, listen
from running.waiting_room import WaitingRoom, waiting_room
from tests.support.ports import free_port


class Page(BaseHTTPRequestHandler):
    """What answers in the end."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"pages")


def ask(port: int, path: str, method: str = "GET") -> httpx2.Response:
    return httpx2.request(method, f"http://{LOOPBACK}:{port}{path}", trust_env=False)


def test_health_says_what_is_waited_for() -> None:
    port = free_port()
    with waiting_room(LOOPBACK, port) as room:
        room.told = "Demonstração 3/10"

        health = ask(port, "/health")
        api = ask(port, "/api/tasks", "POST")
        live = ask(port, "/health/live")

    assert (health.status_code, api.status_code, live.status_code) == (503, 503, 200)
    assert health.json() == {"status": "failing", "parts": {"api": "starting: Demonstração 3/10"}}
    assert api.json() == health.json()
    assert health.headers["retry-after"] == "2"


def test_a_person_sees_a_page_that_asks_again_by_itself() -> None:
    port = free_port()
    with waiting_room(LOOPBACK, port) as room:
        room.told = "<b>faturas</b>"

        page = ask(port, "/cobrancas/1?x=1")

    assert page.status_code == 503
    assert 'http-equiv="refresh"' in page.text
    assert "&lt;b&gt;faturas" in page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_closed_it_leaves_the_port_to_others() -> None:
    port = free_port()
    room = WaitingRoom(LOOPBACK, port)
    with pytest.raises(PortTaken):
        listen(LOOPBACK, port)
    ask(port, "/")

    room.close()
    room.close()

    listen(LOOPBACK, port).close()


def test_handed_over_nobody_is_refused() -> None:
    port = free_port()
    room = WaitingRoom(LOOPBACK, port)

    descriptor = room.hand_over()
    assert room.hand_over() == descriptor
    with ThreadPoolExecutor() as people:
        early = people.submit(ask, port, "/health")  # while nobody answers
        pages = HTTPServer((LOOPBACK, port), Page, bind_and_activate=False)
        pages.socket.close()
        pages.socket = adopted(os.dup(descriptor))
        pages.handle_request()
        room.close()
        later = people.submit(ask, port, "/")
        pages.handle_request()
        pages.server_close()

    assert (early.result().text, later.result().text) == ("pages", "pages")
    listen(LOOPBACK, port).close()
