"""What whoever runs the server sees: health, counters, logs without texts, safe headers."""

import json
import logging
import socket
from contextlib import closing
from io import StringIO

import pytest
from litestar import MediaType, get
from prometheus_client import CONTENT_TYPE_LATEST
from server.house import Caller, House, house, problem, until

from chatsession.server.logs import JsonLines, log_to
from chatsession.server.options import ServerOptions
from chatsession.server.serving import ListenError, running
from chatsession.server.socket.listening import listening_socket
from chatsession.stores.sqlite import SqliteStore


async def test_health_says_what_an_acknowledged_write_survives(served: House, tmp_path):
    assert (await served.nobody.get("/healthz")).json() == {"status": "ok", "durability": "none"}
    assert (await served.nobody.get("/readyz")).json() == {"status": "ready", "durability": "none"}
    store = SqliteStore(tmp_path / "chats.db")
    await store.open()
    async with house(store=store) as durable:
        assert (await durable.nobody.get("/readyz")).json() == {"status": "ready", "durability": "D2"}
    await store.close()


async def test_requests_are_counted_by_route_and_never_by_id(served: House, ana: Caller):
    session = await ana.open()
    await ana.get(f"/v1/sessions/{session}")
    await ana.get("/v1/sessions/ses_x")
    await served.nobody.get("/nothing")

    answer = await served.nobody.get("/metrics")

    # Prometheus reads nothing from an answer whose type names a parameter twice.
    assert answer.headers["content-type"] == CONTENT_TYPE_LATEST
    counted = answer.text
    requests = "chatsession_http_requests_total"
    assert f'{requests}{{method="GET",route="/v1/sessions/{{session}}",status="200"}} 1.0' in counted
    assert f'{requests}{{method="GET",route="/v1/sessions/{{session}}",status="404"}} 1.0' in counted
    assert f'{requests}{{method="GET",route="unmatched",status="404"}} 1.0' in counted
    assert 'chatsession_open{kind="sessions_at_hand"} 1.0' in counted
    assert f'durability="none",epoch="{served.service.epoch}"' in counted
    for id_ in (session, ana.id, ana.secret, "ses_x"):
        assert id_ not in counted


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "203.0.113.7"}, {"Via": "1.1 proxy"}, {"Host": "chat.example"}, {"Forwarded": "for=x"}],
)
async def test_metrics_are_for_this_machine_and_for_admin_keys(served: House, ana, carl, admin, headers):
    problem(await served.nobody.get("/metrics", headers=headers), 403, "forbidden")
    problem(await ana.get("/metrics", headers=headers), 403, "forbidden")
    problem(await carl.get("/metrics", headers=headers), 403, "forbidden")
    assert (await admin.get("/metrics", headers=headers)).status_code == 200


@pytest.mark.parametrize("who", ["key", "off"])
async def test_metrics_can_be_closed_further(who):
    async with house(options=ServerOptions(metrics=who, turn_grace_seconds=0)) as served:
        problem(await served.nobody.get("/metrics"), 403, "forbidden")
        admin = await served.key()
        assert (await admin.get("/metrics")).status_code == (200 if who == "key" else 403)


@pytest.fixture
def lines():
    """What is logged, line by line."""
    stream = StringIO()
    loggers = [logging.getLogger(name) for name in ("chatsession", "uvicorn.error")]
    before = [(logger.handlers, logger.level, logger.propagate) for logger in loggers]
    log_to(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


async def test_every_request_leaves_a_line_and_no_line_says_what_was_said(lines):
    async with house("The bot's own words") as served:
        ana = await served.visitor()
        session = await ana.open("My secret is 4711")
        await ana.post(f"/v1/sessions/{session}/messages?q=in-the-address", {"text": "Another secret", "x": "wrong"})
        await ana.patch(f"/v1/sessions/{session}/context", {"set": {"iban": "AT-0815"}})
        await ana.get(f"/v1/sessions/{session}", headers={"X-Secret": "in-the-head"})

    requests = [line for line in lines() if line["event"] == "request"]
    assert {"at", "level", "event", "method", "route", "status", "bytes", "ms"} <= requests[0].keys()
    assert [line["route"] for line in requests][1:3] == [
        "/v1/inboxes/{inbox}/sessions",
        "/v1/sessions/{session}/messages",
    ]
    assert requests[1]["caller"] == ana.id
    everything = json.dumps(lines())
    for word in ("4711", "Another secret", "own words", "AT-0815", "in-the-address", "in-the-head", ana.secret):
        assert word not in everything
    assert [line["event"] for line in lines() if line["event"] in ("serving", "draining", "stopped")] == [
        "serving", "draining", "stopped",
    ]  # fmt: skip


def test_an_exception_is_logged_by_kind_and_place_never_by_its_words():
    with pytest.raises(ValueError, match="somebody") as raised:
        int("what somebody wrote")
    record = logging.LogRecord("chatsession", logging.ERROR, "x.py", 1, "unexpected", (), None)
    record.exc_info = (raised.type, raised.value, raised.tb)
    record.text = "what somebody wrote"

    line = json.loads(JsonLines().format(record))

    assert (line["event"], line["level"], line["error"]) == ("unexpected", "error", "ValueError")
    assert any("test_operating.py" in place for place in line["where"])
    assert "somebody" not in json.dumps(line)


async def test_answers_carry_safe_headers(served: House, ana: Caller):
    for answer in (await ana.get("/v1/visitors/me/sessions"), await served.nobody.get("/nothing")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        assert "set-cookie" not in answer.headers


async def test_pages_are_served_beside_and_fenced_in():
    @get("/hello", media_type=MediaType.HTML, sync_to_thread=False)
    def hello() -> str:
        return "<p>Hello</p>"

    options = ServerOptions(trusted_proxies=("127.0.0.1",), turn_grace_seconds=0)
    async with house(pages=[hello], options=options) as served:
        page = await served.nobody.get("/hello")
        secure = await served.nobody.get("/hello", headers={"X-Forwarded-Proto": "https"})

    assert page.text == "<p>Hello</p>"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "strict-transport-security" not in page.headers
    assert "strict-transport-security" in secure.headers


async def test_a_port_that_is_taken_is_said_in_one_sentence(served: House):
    taken = int(served.host.rpartition(":")[2])
    for host, port, words in (
        ("127.0.0.1", taken, f"Port {taken} of 127.0.0.1 is in use"),
        ("203.0.113.1", 0, "203.0.113.1 is no address of this machine"),
        ("no such host", 0, "no such host is no address of this machine"),
        ("127.0.0.1", 70_000, "70000 is no port"),
    ):
        with pytest.raises(ListenError, match=words):
            async with running(served.service, host=host, port=port):
                pass


async def test_followers_are_counted_while_they_are_there(served: House, ana: Caller):
    session = await ana.open()
    async with ana.http.stream("GET", f"/v1/sessions/{session}/stream", headers=ana.headers) as answer:
        await until(lambda: len(served.service.following))
        counted = (await served.nobody.get("/metrics")).text
        assert 'chatsession_open{kind="streams"} 1.0' in counted
        assert 'chatsession_open{kind="followers"} 1.0' in counted
        await answer.aclose()


def test_a_connection_sends_at_once_and_is_bounded_in_bytes_and_in_time():
    with closing(listening_socket("127.0.0.1", 0)) as listener:
        listener.setblocking(True)  # noqa: FBT003  the standard library's
        with closing(socket.create_connection(listener.getsockname())), closing(listener.accept()[0]) as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 128 * 1024
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 12_000
