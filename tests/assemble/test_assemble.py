import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from chatsession.assemble import clock_for, make_bot, make_service, service_of, store_at
from chatsession.bots.loading import BotNotUsableError
from chatsession.clocks.system import SystemClock
from chatsession.core.policy import Policy
from chatsession.runtime.inboxes import Inbox
from chatsession.settings import (
    EchoBotSettings,
    FunctionBotSettings,
    InboxSettings,
    KnowledgeBotSettings,
    OpenAIBotSettings,
    PriceSettings,
    Settings,
    WebhookBotSettings,
)
from chatsession.stores.memory import MemoryStore
from chatsession.stores.sqlite import SqliteStore


def test_without_a_path_the_store_is_in_memory(tmp_path):
    assert isinstance(store_at(None), MemoryStore)
    assert isinstance(store_at(tmp_path / "chats.db"), SqliteStore)


async def test_time_does_not_go_back_when_a_store_is_opened_again(tmp_path):
    store = store_at(tmp_path / "chats.db")
    await store.open()
    ahead = SystemClock().now() + timedelta(days=3)
    await store.heartbeat(ahead)
    await store.close()
    await store.open()

    clock = await clock_for(store)

    assert clock.now() >= ahead
    await store.close()


async def test_the_assembled_service_serves():
    store = store_at(None)
    await store.open()
    clock = await clock_for(store)
    service = make_service(store=store, bots={}, inboxes={"shop": Inbox(name="shop")}, clock=clock)

    await service.start()
    grant = await service.identity.new_visitor("shop")

    assert grant.visitor.inbox == "shop"
    await service.drain(timedelta(0))
    await store.close()


async def test_each_kind_of_bot_is_made_as_it_is_configured(tmp_path):
    (tmp_path / "bot.py").write_text("async def answer(turn):\n    return 'x'\n")
    (tmp_path / "docs").mkdir()
    secret = "a secret that is long enough, really"
    kinds = {
        "echo": EchoBotSettings(),
        "answer": FunctionBotSettings(target=f"{tmp_path}/bot.py:answer"),
        "knowledge": KnowledgeBotSettings(folder=tmp_path / "docs"),
        "openai": OpenAIBotSettings(
            base_url="http://127.0.0.1:1/v1",
            model="m",
            price=PriceSettings(input=0.15, output=0.6, cached_input=0.075),
            offers_person=True,
        ),
        "webhook": WebhookBotSettings(url="https://shop.example/bot", secrets=(secret,)),
    }

    made = {name: make_bot(settings) for name, settings in kinds.items()}

    assert {name: bot.name for name, bot in made.items()} == {name: name for name in kinds}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (WebhookBotSettings(url="http://shop.example", secrets=("x" * 32,)), "must begin with https"),
        (OpenAIBotSettings(base_url="http://user:pass@shop.example", model="m"), "must not hold a password"),
        (KnowledgeBotSettings(folder=Path("nowhere")), "there is no folder nowhere"),
        (FunctionBotSettings(target="none.py:bot"), "there is no file none.py"),
    ],
)
def test_a_bot_that_cannot_be_had_is_named_with_its_inbox(settings, sentence):
    whole = Settings(inboxes={"shop": InboxSettings(name="shop", bot=settings)})

    with pytest.raises(BotNotUsableError, match=f"inboxes.shop.bot: .*{sentence}"):
        service_of(whole, store_at(None), SystemClock())


def test_what_is_configured_reaches_the_service():
    policy = Policy(idle_timeout=timedelta(minutes=7))
    inbox = InboxSettings(name="shop", title="Shop", policy=policy, origins=("https://shop.example",))

    service = service_of(Settings(inboxes={"shop": inbox}), store_at(None), SystemClock())

    assert service.inboxes["shop"] == Inbox(name="shop", title="Shop", policy=policy, origins=("https://shop.example",))
    assert not service.bots


def test_a_program_with_a_bot_of_its_own_loads_no_other_kind():
    code = "import sys, chatsession.assemble; print([m for m in sys.modules if 'knowledge' in m or m == 'httpx'])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
