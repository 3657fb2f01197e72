"""Where the webhook bot may connect to: no name leads it inside, and who answers is who was asked."""

from pathlib import Path

import pytest
from bots.asked import ask, turn

from chatsession.bot import BotError
from chatsession.bots.webhook.addresses import checked_addresses

CERTIFICATE = Path(__file__).parent / "certificates" / "bot.example.pem"
PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.0.8", "192.88.99.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1",
    "fd12:3456::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "2001:0:53aa:64c::", "2001:db8::1", "3fff::1", "8.8.8.8 10.0.0.1", "10.0.0.1 8.8.8.8", "2606:4700::1111 ::1",
]  # fmt: skip


def leads_to(*addresses: str):
    """A resolver for which every name leads there; one address list for each time it is asked, the last for ever."""
    answers = [each.split() for each in addresses]

    async def resolve(host, port):
        return answers.pop(0) if len(answers) > 1 else answers[0]

    return resolve


@pytest.mark.parametrize("addresses", PRIVATE)
async def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(webhook_at, upstream, addresses):
    bot = webhook_at("checks", at="https://bot.example", resolve=leads_to(addresses))

    answered = await ask(bot)

    assert answered.reason == "forbidden_address"
    assert "which is no public address" in str(answered.error)
    assert await upstream.seen() == []


async def test_a_name_is_checked_each_time_for_it_may_lead_elsewhere_by_then():
    resolve = leads_to("8.8.8.8", "127.0.0.1")

    async def check():
        return await checked_addresses("bot.example", 443, resolve=resolve, allow_private=False, seconds=5)

    assert await check() == ["8.8.8.8"]
    with pytest.raises(BotError) as refused:
        await check()
    assert refused.value.reason == "forbidden_address"


async def test_the_connection_goes_to_the_address_that_was_checked_under_the_name_that_was_given(webhook_at, upstream):
    at, looked_up = f"https://bot.example:{upstream.tls_port}", []

    async def resolve(host, port):
        looked_up.append((host, port))
        return ["127.0.0.1"]

    bot = webhook_at("checks", at=at, resolve=resolve, allow_private=True, ca_file=str(CERTIFICATE))

    answered = await ask(bot, turn("Hello"))

    assert (answered.text, answered.error) == ("You said: Hello", None)
    assert looked_up == [("bot.example", upstream.tls_port)]
    assert (await upstream.seen())[0]["headers"]["host"] == f"bot.example:{upstream.tls_port}"


@pytest.mark.parametrize(("name", "trusted"), [("other.example", str(CERTIFICATE)), ("bot.example", None)])
async def test_a_certificate_for_another_name_or_of_nobody_is_refused(webhook_at, upstream, name, trusted):
    at = f"https://{name}:{upstream.tls_port}"
    bot = webhook_at("checks", at=at, resolve=leads_to("127.0.0.1"), allow_private=True, ca_file=trusted)

    answered = await ask(bot)

    assert answered.reason == "upstream_error"
    assert "CERTIFICATE_VERIFY_FAILED" in str(answered.error)
    assert await upstream.seen() == []


async def test_the_next_address_is_tried_where_nobody_listens(webhook_at, upstream):
    port = upstream.url.rpartition(":")[2]
    bot = webhook_at(
        "checks",
        at=f"http://bot.example:{port}",
        resolve=leads_to("::1 127.0.0.1"),
        allow_private=True,
        allow_http=True,
    )

    assert (await ask(bot, turn("Hello"))).text == "You said: Hello"


@pytest.mark.parametrize("addresses", ["", "nowhere"])
async def test_a_name_without_an_address_is_an_upstream_error(webhook_at, addresses):
    async def resolve(host, port):
        if addresses:
            raise OSError(-2, "Name or service not known")
        return []

    answered = await ask(webhook_at("checks", at="https://bot.example", resolve=resolve))

    assert (answered.reason, str(answered.error)) == ("upstream_error", "there is no address for bot.example")


async def test_other_ports_of_public_servers_are_not_asked(webhook_at):
    bot = webhook_at("checks", at="https://bot.example:6379", resolve=leads_to("8.8.8.8"))

    assert (await ask(bot)).reason == "forbidden_address"
