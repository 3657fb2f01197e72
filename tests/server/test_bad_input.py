"""Whatever comes in, a clear problem goes out, and nothing is lost or changed."""

import pytest
from server.house import Caller, House, problem

JSON = {"Content-Type": "application/json"}
DEEP = b"[" * 10_000 + b"]" * 10_000


WRONG_BODIES = {
    "no body": b"",
    "malformed": b'{"text": "Hello"',
    "not JSON": b"text=Hello",
    "two values": b'{"text": "Hello"} {}',
    "a list": b'["Hello"]',
    "a text": b'"Hello"',
    "null": b"null",
    "a number for a text": b'{"text": 7}',
    "a text for parts": b'{"text": "Hello", "parts": "x"}',
    "an unknown field": b'{"text": "Hello", "author": {"kind": "agent"}}',
    "no text": b'{"text": "   "}',
    "a NUL": b'{"text": "Hel\\u0000lo"}',
    "a raw NUL": b'{"text": "Hel\x00lo"}',
    "a NUL in the client id": b'{"text": "Hello", "client_id": "a\\u0000"}',
    "half of a surrogate pair": b'{"text": "\\ud83d"}',
    "the other half": b'{"text": "\\ude00"}',
    "bytes that are not UTF-8": b'{"text": "\xff\xfe"}',
    "a byte order mark": b'\xef\xbb\xbf{"text": "Hello"}',
    "ten thousand levels": b'{"text": "Hello", "parts": [{"a": ' + DEEP + b"}]}",
    "a hundred levels": b'{"text": "Hello", "parts": [{"a": ' + b"[" * 100 + b"]" * 100 + b"}]}",
    "a thread that is not there": b'{"text": "Hello", "thread": "thr_x_1"}',
    "an empty client id": b'{"text": "Hello", "client_id": ""}',
    "not a number": b'{"text": "Hello", "parts": [{"a": NaN}]}',
}
TOO_LARGE = {
    "16,001 characters": b'{"text": "' + b"x" * 16_001 + b'"}',
    "one mebibyte": b'{"text": "' + b"x" * 1024 * 1024 + b'"}',
    "seventeen parts": b'{"text": "Hello", "parts": [' + b",".join([b"{}"] * 17) + b"]}",
    "heavy parts": b'{"text": "Hello", "parts": [{"a": "' + b"x" * 20_000 + b'"}]}',
}


@pytest.mark.parametrize("body", WRONG_BODIES.values(), ids=WRONG_BODIES)
async def test_a_message_that_is_wrong_is_refused(ana: Caller, body: bytes):
    session = await ana.open(None)
    before = await ana.events(session)

    problem(
        await ana.ask("POST", f"/v1/sessions/{session}/messages", content=body, headers=JSON), 422, "invalid_request"
    )

    assert await ana.events(session) == before
    assert (await ana.say(session, "Hello")).status_code == 201


@pytest.mark.parametrize("body", TOO_LARGE.values(), ids=TOO_LARGE)
async def test_a_message_that_is_too_large_is_refused(ana: Caller, body: bytes):
    session = await ana.open(None)

    problem(await ana.ask("POST", f"/v1/sessions/{session}/messages", content=body, headers=JSON), 413, "too_large")

    assert (await ana.say(session, "Hello")).status_code == 201


async def test_a_number_that_no_snapshot_could_hold_is_refused_and_the_session_can_be_closed(ana: Caller):
    session = await ana.open(None)
    number = b'{"set": {"order": 1' + b"0" * 400 + b"}}"

    problem(
        await ana.ask("PATCH", f"/v1/sessions/{session}/context", content=number, headers=JSON), 422, "invalid_request"
    )

    assert (await ana.post(f"/v1/sessions/{session}/close")).json()["phase"] == "closed"


async def test_a_body_of_unknown_length_is_bounded_too(ana: Caller):
    session = await ana.open(None)

    async def endless():
        for _ in range(100):
            yield b" " * 10_000

    answer = await ana.ask("POST", f"/v1/sessions/{session}/messages", content=endless(), headers=JSON)

    problem(answer, 413, "too_large")


async def test_a_body_that_may_be_left_out_is_still_no_null(ana: Caller):
    session = await ana.open(None)

    for path in ("keep-open", "close", "resume", "handoff", "stop", "typing"):
        answer = await ana.ask("POST", f"/v1/sessions/{session}/{path}", content=b"null", headers=JSON)
        problem(answer, 422, "invalid_request")


async def test_an_unknown_field_is_named_with_those_there_are(ana: Caller):
    session = await ana.open(None)

    top = problem(await ana.post(f"/v1/sessions/{session}/messages", {"txt": "Hello"}), 422, "invalid_request")
    inner = problem(await ana.post("/v1/inboxes/shop/sessions", {"message": {"txt": "x"}}), 422, "invalid_request")
    empty = problem(await ana.post(f"/v1/sessions/{session}/close", {"force": True}), 422, "invalid_request")

    assert (top["field"], inner["field"], empty["field"]) == ("txt", "message.txt", "force")
    assert "client_id" in top["detail"]


@pytest.mark.parametrize(
    "metadata",
    [
        {f"key{number}": 1 for number in range(33)},
        {"page": "x" * 9_000},
        {"k" * 65: 1},
        {"": 1},
        {"deep": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]},
    ],
)
async def test_metadata_beyond_its_limits_is_refused_and_no_session_begins(ana: Caller, metadata):
    answer = await ana.post("/v1/inboxes/shop/sessions", {"metadata": metadata})

    assert answer.json()["code"] in ("too_large", "invalid_request")
    assert (await ana.get("/v1/visitors/me/sessions")).json()["sessions"] == []


@pytest.mark.parametrize("client_id", ["", "x" * 257, "a\x00b", 7])
async def test_an_opening_with_an_impossible_client_id_is_refused(ana: Caller, client_id):
    problem(await ana.post("/v1/inboxes/shop/sessions", {"client_id": client_id}), 422, "invalid_request")


NUMBERS = ("-1", "1.5", "x", "", "٣", "99999999999999999999999999", "9" * 5_000, "0x10", "%00")


@pytest.mark.parametrize("name", ["after", "limit"])
@pytest.mark.parametrize("number", NUMBERS)
async def test_numbers_that_cannot_be_are_refused_by_name(ana: Caller, name: str, number: str):
    session = await ana.open(None)

    answer = problem(await ana.get(f"/v1/sessions/{session}/events?{name}={number}"), 422, "invalid_request")

    assert answer["field"] == name


@pytest.mark.parametrize(
    ("name", "number"),
    [("limit", "0"), ("limit", "501"), ("wait", "-1"), ("wait", "31"), ("wait", "nan"), ("wait", "inf")],
)
async def test_numbers_beyond_their_bounds_are_refused_by_name(ana: Caller, name: str, number: str):
    session = await ana.open(None)

    answer = problem(await ana.get(f"/v1/sessions/{session}/events?{name}={number}"), 422, "invalid_request")

    assert answer["field"] == name


async def test_an_address_that_is_none_says_so(served: House, ana: Caller):
    for path in ("/", "/v1", "/v1/nothing", "/v2/sessions", "/../etc/passwd", "/" + "a/" * 200):
        problem(await served.nobody.get(path), 404, "not_found")
        problem(await ana.post(path, {}), 404, "not_found")


async def test_another_method_is_answered_with_those_there_are(ana: Caller):
    session = await ana.open(None)

    for method in ("PUT", "DELETE", "PATCH", "POST"):
        answer = await ana.ask(method, f"/v1/sessions/{session}")
        problem(answer, 405, "method_not_allowed")
        assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/widget.js", "/healthz", "/v1/sessions/{session}", "/v1/sessions/{session}/stream"])
async def test_what_can_be_got_can_be_asked_for_its_head_alone(ana: Caller, path: str):
    session = await ana.open(None)
    path = path.format(session=session)

    async with ana.http.stream("GET", path, headers=ana.headers) as got:
        head = await ana.ask("HEAD", path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers.get("content-length") == got.headers.get("content-length")


async def test_the_head_of_what_cannot_be_got_is_not_to_be_had(served: House, ana: Caller):
    session = await ana.open(None)

    assert (await ana.ask("HEAD", f"/v1/sessions/{session}/messages")).status_code == 405
    assert (await served.nobody.ask("HEAD", "/v1/nothing")).status_code == 404
    assert (await served.nobody.ask("HEAD", f"/v1/sessions/{session}")).status_code == 401


async def test_an_answer_in_another_form_is_not_to_be_had(ana: Caller):
    session = await ana.open(None)

    for accept in ("text/html", "application/xml, image/png", "application/json;q=0", "text/event-stream"):
        problem(await ana.get(f"/v1/sessions/{session}", headers={"Accept": accept}), 406, "not_acceptable")
    problem(
        await ana.get(f"/v1/sessions/{session}/stream", headers={"Accept": "application/json"}), 406, "not_acceptable"
    )
    for accept in ("*/*", "application/*;q=0.5", "text/html, application/json;q=0.1", ""):
        assert (await ana.get(f"/v1/sessions/{session}", headers={"Accept": accept})).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"])
async def test_a_body_of_another_kind_is_refused(ana: Caller, kind: str):
    session = await ana.open(None)
    headers = {"Content-Type": kind}

    answer = await ana.ask("POST", f"/v1/sessions/{session}/messages", content=b'{"text": "Hello"}', headers=headers)

    problem(answer, 415, "unsupported_media_type")


async def test_json_may_say_its_charset(ana: Caller):
    session = await ana.open(None)
    headers = {"Content-Type": "application/json; charset=utf-8"}

    answer = await ana.ask("POST", f"/v1/sessions/{session}/messages", content=b'{"text": "Hello"}', headers=headers)

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Basic eDp5", "Bearer nonsense", "Bearer key_nonsense", "Bearer " + "x" * 2_000, "Bearer a b"],
)
async def test_without_a_credential_of_ours_nothing_is_answered(served: House, authorization: str):
    answer = await served.http.get("/v1/sessions/ses_x", headers={"Authorization": authorization})

    problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_in_the_address_is_no_credential(ana: Caller, served: House):
    session = await ana.open(None)

    for name in ("token", "access_token", "ticket", "jwt"):
        problem(await served.nobody.get(f"/v1/sessions/{session}?{name}={ana.secret}"), 401, "unauthorized")
    problem(await served.nobody.get(f"/v1/sessions/{session}/stream?ticket={ana.secret}"), 401, "unauthorized")


@pytest.mark.parametrize(
    "name", ["ses_x", "x", "ses_%00", "%ff", "..", "ses_" + "x" * 500, "%F0%9F%98%80", "' or 1=1 --"]
)
async def test_ids_that_are_none_are_not_found(ana: Caller, name: str):
    for path in ("", "/events", "/stream"):
        answer = await ana.get(f"/v1/sessions/{name}{path}")
        assert answer.status_code == 404, answer.text
        problem(answer, 404, "not_found")
