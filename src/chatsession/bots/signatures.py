"""Signatures between chatsession and a webhook, for both sides; needs the standard library alone.

What is signed is the timestamp and the body's bytes, with HMAC-SHA256. In any language:

    X-Chatsession-Timestamp: 1785672000
    X-Chatsession-Signature: sha256=hex(hmac_sha256(secret, "1785672000." + body))

While one secret replaces another there are two signatures, separated by a comma; one that is right is enough. An answer
is signed in the same way, with the request's key between the two, so that it cannot be given to another turn:
`"1785672000." + idempotency_key + "." + body`. Of a streamed answer every line is signed and numbered from 0.

The receiving side in Python, whatever its web framework:

    body = request_body_as_bytes
    verify_signature(["the secret"], request_headers, body)      # raises SignatureError: answer 401
    answer = json.dumps({"text": "Hello!"}).encode()
    headers = answer_headers("the secret", request_headers, answer)
"""

import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence

TIMESTAMP = "X-Chatsession-Timestamp"
SIGNATURE = "X-Chatsession-Signature"
KEY = "Idempotency-Key"
FRESH_SECONDS = 300
"""How far the timestamp may be away: what was recorded cannot be sent again later."""
SIGNATURES_MAX = 4


class SignatureError(ValueError):
    """The message is not from whom it should be, or not from now."""


def request_headers(secrets: Sequence[str], body: bytes, *, now: float | None = None) -> dict[str, str]:
    """The headers that sign a request with every secret that is in use."""
    timestamp = _timestamp(now)
    return {TIMESTAMP: timestamp, SIGNATURE: ",".join(_sign(secret, (timestamp,), body) for secret in secrets)}


def verify_signature(
    secrets: Sequence[str], headers: Mapping[str, str], body: bytes, *, now: float | None = None
) -> None:
    """Return if the request was signed with one of the secrets within the last five minutes; else raise."""
    timestamp, given = _fresh(headers, now), _header(headers, SIGNATURE)
    _check(secrets, given, (timestamp,), body)


def answer_headers(
    secret: str, request: Mapping[str, str], body: bytes = b"", *, now: float | None = None
) -> dict[str, str]:
    """The headers that sign an answer to a request; of a streamed one only the timestamp counts."""
    timestamp = _timestamp(now)
    return {TIMESTAMP: timestamp, SIGNATURE: _sign(secret, (timestamp, _header(request, KEY)), body)}


def signed_line(secret: str, answer: Mapping[str, str], request: Mapping[str, str], number: int, line: bytes) -> bytes:
    """A line of a streamed answer with its signature before it; `answer` are the headers the answer began with."""
    return _sign(secret, _line_parts(answer, request, number), line).encode() + b" " + line


def verify_answer(
    secrets: Sequence[str],
    answer: Mapping[str, str],
    request: Mapping[str, str],
    body: bytes,
    *,
    now: float | None = None,
) -> None:
    """Return if the answer is a fresh and signed one to this request; else raise."""
    timestamp, given = _fresh(answer, now), _header(answer, SIGNATURE)
    _check(secrets, given, (timestamp, _header(request, KEY)), body)


def verified_line(
    secrets: Sequence[str], answer: Mapping[str, str], request: Mapping[str, str], number: int, line: str
) -> str:
    """The line without its signature, if that is right; else raise. The answer's freshness is the caller's to check."""
    given, _, text = line.partition(" ")
    _check(secrets, given, _line_parts(answer, request, number), text.encode())
    return text


def fresh(answer: Mapping[str, str], *, now: float | None = None) -> None:
    """Return if the answer's timestamp is within five minutes; else raise."""
    _fresh(answer, now)


def _line_parts(answer: Mapping[str, str], request: Mapping[str, str], number: int) -> tuple[str, ...]:
    return _header(answer, TIMESTAMP), _header(request, KEY), str(number)


def _timestamp(now: float | None) -> str:
    return str(int(time.time() if now is None else now))


def _sign(secret: str, parts: Sequence[str], body: bytes) -> str:
    signed = "".join(f"{part}." for part in parts).encode() + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _fresh(headers: Mapping[str, str], now: float | None) -> str:
    timestamp = _header(headers, TIMESTAMP)
    at = int(timestamp) if timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("9999999999") else None
    if at is None:
        raise SignatureError(f"{TIMESTAMP} is missing, or is not a number of seconds")
    if abs((time.time() if now is None else now) - at) > FRESH_SECONDS:
        raise SignatureError(f"{TIMESTAMP} is more than {FRESH_SECONDS} s away from our clock")
    return timestamp


def _check(secrets: Sequence[str], given: str, parts: Sequence[str], body: bytes) -> None:
    if not given:
        raise SignatureError(f"{SIGNATURE} is missing")
    right = [_sign(secret, parts, body).encode() for secret in secrets]
    candidates = [each.strip().encode("utf-8", "replace") for each in given.split(",")[:SIGNATURES_MAX]]
    if not any(hmac.compare_digest(candidate, each) for candidate in candidates for each in right):
        raise SignatureError("no signature is right")


def _header(headers: Mapping[str, str], name: str) -> str:
    """A header whatever its case: dictionaries know one case, frameworks' own types know all."""
    known = headers.get(name)
    if known is None:
        known = next((value for key, value in headers.items() if key.lower() == name.lower()), "")
    return known
