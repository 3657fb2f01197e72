"""What is too slow, too large or no HTTP at all is told so, in a problem document, and hung up on."""

from server.house import House, house

from chatsession.server.options import ServerOptions


async def test_what_arrives_too_slowly_is_given_up():
    options = ServerOptions(body_seconds_max=0.2, header_seconds_max=0.2, turn_grace_seconds=0)
    async with house(options=options) as hasty:
        ana = await hasty.visitor()
        session = await ana.open(None)
        head = (
            f"POST /v1/sessions/{session}/messages HTTP/1.1\r\nHost: {hasty.host}\r\nContent-Length: 100\r\n"
            f"Content-Type: application/json\r\nAuthorization: Bearer {ana.secret}\r\n\r\n"
        ).encode()

        for part in (head + b'{"text":', head[:40], b"", b"GET /healthz HTTP/1.1\r\n\r\nGET /heal"):
            answers = await hasty.raw(part)
            assert b"408" in answers
            assert b'"timed_out"' in answers


async def test_what_is_no_http_is_told_so(served: House):
    for words in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"HELO house\r\n\r\n", b"GET\r\n\r\n"):
        answer = await served.raw(words)
        assert answer.startswith(b"HTTP/1.1 422 ")
        assert b'"invalid_request"' in answer


async def test_heads_and_addresses_have_their_limits(served: House):
    heavy = await served.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\nCookie: " + b"x" * 40_000 + b"\r\n\r\n")
    long = await served.raw(b"GET /healthz?" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")

    assert heavy.startswith(b"HTTP/1.1 431 ")
    assert long.startswith(b"HTTP/1.1 414 ")
    assert b'"too_large"' in heavy
    assert b'"too_large"' in long
