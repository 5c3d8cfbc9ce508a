"""Who answers on the port of pages and API before they are there: what is waited for, and that
they come.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from running.ports import listen

PAGE = """<!doctype html>
<html lang="pt-BR"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><title>Acerto</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }}
body {{ display: grid; place-content: center; min-height: 90vh; max-width: 36rem; margin: auto;
padding: 1rem }}
</style></head>
<body><main><h1>Acerto</h1><p>Quase lá: esta página abre sozinha. <br>
<span lang="en">Nearly there: this page opens by itself.</span></p>
<p>{told}</p></main></body></html>
"""
#: Seconds after which it is worth asking again.
PATIENCE = 2


class WaitingRoom(ThreadingHTTPServer):
    """What is told to whoever comes early. `told` is the newest line of the console."""

    told = ""

    def __init__(self, host: str, port: int) -> None:
        super().__init__((host, port), _Answer, bind_and_activate=False)
        self.socket.close()
        self.socket = listen(host, port)
        self._thread = Thread(target=self.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    def hand_over(self) -> int:
        """This will answer nobody any more and keep the port: its descriptor, for who answers next.

        Whoever comes until then is kept waiting, not refused.
        """
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        return self.fileno()

    def close(self) -> None:
        """This will leave the port; again: nothing."""
        self.hand_over()
        self.server_close()


@contextmanager
def waiting_room(host: str, port: int) -> Iterator[WaitingRoom]:
    """This will answer on the port until the room is closed. Refuses a port taken (PortTaken)."""
    room = WaitingRoom(host, port)
    try:
        yield room
    finally:
        room.close()


class _Answer(BaseHTTPRequestHandler):
    """One request: health as JSON, everything else as a page that asks again by itself."""

    server: WaitingRoom
    server_version = "Acerto"
    sys_version = ""

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/health/live":
            self._send(HTTPStatus.OK, _health("ok", "starting"), "application/json")
        elif path == "/health" or path.startswith(("/api/", "/webhooks/")):
            told = _health("failing", f"starting: {self.server.told}")
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, told, "application/json")
        else:
            told = PAGE.format(told=escape(self.server.told))
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, told, "text/html; charset=utf-8")

    # The names are those of the standard library's server.
    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815

    def _send(self, status: HTTPStatus, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", str(PATIENCE))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nothing: whoever waits asks again and again."""


def _health(status: str, api: str) -> str:
    return json.dumps({"status": status, "parts": {"api": api}}, ensure_ascii=False)
