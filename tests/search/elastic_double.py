"""A small HTTP server that stands before Elasticsearch and fails in the ways in which servers fail."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PRODUCT = ("X-Elastic-Product", "Elasticsearch")  # without it the client refuses to talk
JSON = "application/vnd.elasticsearch+json;compatible-with=8"
FAULTS = ("429", "503", "cut", "hang")


class Double(ThreadingHTTPServer):
    """`mode` is "pass" (the real server answers) or one of FAULTS; `asked` counts the requests."""

    daemon_threads = True

    def __init__(self, real: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.real = urlsplit(real)
        self.mode = "pass"
        self.asked = 0
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up is what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Double

    def do_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked += 1
        mode = self.server.mode
        if mode == "pass":
            self.forward(body)
        elif mode == "hang":
            self.server.released.wait(20)
            self.close_connection = True
        elif mode == "cut":
            self.send_response(200)
            self.send_header(*PRODUCT)
            self.send_header("Content-Type", JSON)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"took": 1, ')
            self.close_connection = True
        else:
            kinds = {"429": "es_rejected_execution_exception", "503": "cluster_block_exception"}
            self.answer(int(mode), json.dumps({"error": {"type": kinds[mode]}, "status": int(mode)}).encode())

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_any  # noqa: N815  the names that http.server calls

    def forward(self, body: bytes) -> None:
        real = http.client.HTTPConnection(self.server.real.hostname or "", self.server.real.port, timeout=20)
        kept = {name: self.headers[name] for name in ("Content-Type", "Accept") if self.headers[name]}
        real.request(self.command, self.path, body, kept)
        found = real.getresponse()
        self.answer(found.status, found.read(), found.headers.get("Content-Type", JSON))
        real.close()

    def answer(self, status: int, body: bytes, content_type: str = JSON) -> None:
        self.send_response(status)
        self.send_header(*PRODUCT)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing to say."""


@contextmanager
def double(real: str) -> Iterator[Double]:
    server = Double(real)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
