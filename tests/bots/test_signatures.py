import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatsession.bots.signatures import (
    FRESH_SECONDS,
    KEY,
    SIGNATURE,
    TIMESTAMP,
    SignatureError,
    answer_headers,
    request_headers,
    signed_line,
    verified_line,
    verify_answer,
    verify_signature,
)

OLD, NEW = "the-old-secret-of-the-shop", "the-new-secret-of-the-shop"
NOW = 1_785_672_000.0


def test_a_signature_is_what_the_documentation_says():
    headers = request_headers([OLD], b'{"text": "Hello"}', now=NOW)

    # echo -n '1785672000.{"text": "Hello"}' | openssl dgst -sha256 -hmac the-old-secret-of-the-shop
    assert headers == {
        "X-Chatsession-Timestamp": "1785672000",
        "X-Chatsession-Signature": "sha256=ec0a9b73467950f8fce5fb420d8a2810db6573e50b820e7140e082281517bf39",
    }


@given(st.binary(), st.sampled_from([[OLD], [NEW], [OLD, NEW]]), st.sampled_from([[OLD], [NEW], [NEW, OLD]]))
def test_one_common_secret_is_enough(body, signing, checking):
    headers = request_headers(signing, body, now=NOW)

    if set(signing) & set(checking):
        verify_signature(checking, headers, body, now=NOW)
    else:
        with pytest.raises(SignatureError, match="no signature is right"):
            verify_signature(checking, headers, body, now=NOW)


@given(st.binary(min_size=1), st.data())
def test_one_other_bit_is_noticed(body, data):
    headers = request_headers([OLD], body, now=NOW)
    place = data.draw(st.integers(0, len(body) * 8 - 1))
    other = bytearray(body)
    other[place // 8] ^= 1 << place % 8

    with pytest.raises(SignatureError):
        verify_signature([OLD], headers, bytes(other), now=NOW)


@pytest.mark.parametrize("away", [-FRESH_SECONDS - 1, FRESH_SECONDS + 1])
def test_what_was_recorded_cannot_be_sent_again_later(away):
    headers = request_headers([OLD], b"x", now=NOW)

    verify_signature([OLD], headers, b"x", now=NOW + away - (1 if away > 0 else -1))
    with pytest.raises(SignatureError, match="away from our clock"):
        verify_signature([OLD], headers, b"x", now=NOW + away)


@pytest.mark.parametrize("timestamp", ["", "now", "-5", "1e9", "²", "9" * 5_000, "1785672000.0"])
def test_a_timestamp_is_a_number_of_seconds(timestamp):
    headers = {**request_headers([OLD], b"x", now=NOW), TIMESTAMP: timestamp}

    with pytest.raises(SignatureError, match="is missing, or is not a number of seconds"):
        verify_signature([OLD], headers, b"x", now=NOW)


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=é", "md5=x", "," * 10_000])
def test_other_signatures_are_refused(signature):
    headers = {**request_headers([OLD], b"x", now=NOW), SIGNATURE: signature}

    with pytest.raises(SignatureError):
        verify_signature([OLD], headers, b"x", now=NOW)


def test_headers_may_come_in_any_case():
    headers = {name.lower(): value for name, value in request_headers([OLD], b"x", now=NOW).items()}

    verify_signature([OLD], headers, b"x", now=NOW)


def test_an_answer_is_good_for_its_own_request_alone():
    mine, other = {KEY: "ses_1/1/1"}, {KEY: "ses_1/1/2"}
    headers = answer_headers(OLD, mine, b"Yes", now=NOW)

    verify_answer([NEW, OLD], headers, mine, b"Yes", now=NOW)
    with pytest.raises(SignatureError):
        verify_answer([NEW, OLD], headers, other, b"Yes", now=NOW)


def test_a_line_is_good_in_its_own_place_alone():
    request = {KEY: "ses_1/1/1"}
    answer = answer_headers(OLD, request, now=NOW)
    line = signed_line(OLD, answer, request, 1, b'{"type": "finished"}').decode()

    assert verified_line([OLD], answer, request, 1, line) == '{"type": "finished"}'
    for number, text in ((0, line), (1, line.upper()), (1, line.partition(" ")[2]), (1, "")):
        with pytest.raises(SignatureError):
            verified_line([OLD], answer, request, number, text)
