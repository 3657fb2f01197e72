"""A model's endpoint from the command line: served, and looked at by the doctor."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from commands import Server


class Endpoint(BaseHTTPRequestHandler):
    """Lists one model, for one key; streams one answer that says what it was told."""

    def do_GET(self):
        if self.headers.get("Authorization") != "Bearer sk-right":
            self.send_response(401)
            self.end_headers()
            return
        self._answer(b'{"data": [{"id": "small-model"}]}', "application/json")

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = f"{asked['model']} heard {asked['messages'][-1]['content']}"
        chunks = [{"choices": [{"index": 0, "delta": {"content": said}}]}]
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
        self._answer("".join([*lines, "data: [DONE]\n\n"]).encode(), "text/event-stream")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def endpoint():
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


def test_a_model_is_served_from_the_command_line(endpoint, shell):
    server = Server(shell, "serve", "--bot", "openai", "--base-url", endpoint, "--model", "small-model")

    done = shell.run("chat", "--url", server.base_url, text="Good day\n")

    assert "bot: small-model heard Good day" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("key", "model", "level", "says"),
    [
        ("sk-right", "small-model", "ok", "has small-model"),
        ("sk-right", "other-model", "warning", "does not list other-model"),
        ("sk-wrong", "small-model", "problem", "refuses the key"),
    ],
)
def test_the_doctor_asks_the_endpoint(endpoint, run_here, tmp_path, monkeypatch, key, model, level, says):
    monkeypatch.setenv("MODEL_KEY", key)
    (tmp_path / "chatsession.toml").write_text(
        f"[server]\nport = 0\n[inboxes.support.bot]\nkind = 'openai'\nbase_url = '{endpoint}'\n"
        f"model = '{model}'\napi_key_from = 'MODEL_KEY'\n"
    )

    done = run_here("doctor", "--json")

    findings = [json.loads(line) for line in done.stdout.splitlines()]
    last = [finding for finding in findings if finding["about"] == "support: bot"][-1]
    assert last["level"] == level
    assert says in last["says"]
    assert key not in done.stdout


def test_the_doctor_notices_that_nobody_is_there(run_here, tmp_path, monkeypatch):
    monkeypatch.setenv("HOOK_SECRET", "a secret that is long enough, really")
    (tmp_path / "chatsession.toml").write_text(
        "[server]\nport = 0\n"
        "[inboxes.model.bot]\nkind = 'openai'\nbase_url = 'http://127.0.0.1:1/v1'\nmodel = 'x'\n"
        "[inboxes.hook.bot]\nkind = 'webhook'\nurl = 'http://127.0.0.1:1/bot'\nsecrets_from = 'HOOK_SECRET'\n"
    )

    done = run_here("doctor", "--json")

    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    for name in ("model: bot", "hook: bot"):
        last = [finding for finding in findings if finding["about"] == name][-1]
        assert last["level"] == "problem", last
        assert "does not answer" in last["says"]
