from datetime import timedelta
from pathlib import Path

from settings.whole_file import ENVIRONMENT, SECRET, WHOLE

from chatsession.core.policy import PRESETS
from chatsession.settings import (
    FunctionBotSettings,
    KnowledgeBotSettings,
    OpenAIBotSettings,
    PriceSettings,
    ServerSettings,
    WebhookBotSettings,
)


def test_everything_that_is_written_is_read(written, tmp_path):
    settings = written(WHOLE)

    assert settings.server == ServerSettings(
        host="0.0.0.0",
        port=9000,
        data=tmp_path / "chats",
        trusted_proxies=("10.0.0.0/8",),
        hosts=("chat.shop.example",),
        metrics="key",
        messages_per_second=5.0,
        messages_burst=20,
        turn_grace=timedelta(seconds=5),
    )
    support = settings.inboxes["support"]
    assert support.policy.idle_timeout == PRESETS["support"].idle_timeout
    assert support.policy.resume_window == timedelta(days=2)
    assert support.policy.carry_over == {"default": "fresh", "timeout": "keep_all"}
    assert support.origins == ("https://shop.example", "http://localhost:5173")
    assert support.identity_secrets == (SECRET,)
    assert support.require_identity


def test_each_kind_of_bot_gets_what_it_is_told(written, tmp_path):
    inboxes = written(WHOLE).inboxes

    assert inboxes["support"].bot == OpenAIBotSettings(
        base_url="http://127.0.0.1:11434/v1",
        model="llama3.2",
        api_key="sk-1",
        instructions="Be brief.",
        temperature=0.2,
        tokens_max=500,
        tokens_field="max_completion_tokens",
        price=PriceSettings(input=0.15, output=0.6),
        offers_person=True,
    )
    assert inboxes["sales-team"].bot == KnowledgeBotSettings(folder=tmp_path / "docs")
    assert inboxes["orders"].bot == FunctionBotSettings(target=f"{tmp_path / 'bot.py'}:answer")
    assert inboxes["returns"].bot == WebhookBotSettings(
        url="https://shop.example/bot", secrets=(SECRET,), ports=(8443,)
    )
    assert inboxes["humans"].bot is None


def test_what_is_not_written_is_at_its_default(written, tmp_path):
    settings = written("[inboxes.support]")

    assert settings.server == ServerSettings(data=tmp_path / "data")
    assert settings.inboxes["support"].policy == PRESETS["default"]


def test_the_environment_goes_before_the_file(written, tmp_path):
    environment = ENVIRONMENT | {
        "CHATSESSION_SERVER__PORT": "7000",
        "CHATSESSION_SERVER__DATA": "/var/lib/chats",
        "CHATSESSION_INBOXES__SALES_TEAM__IDLE_TIMEOUT": "5m",
        "CHATSESSION_INBOXES__SALES_TEAM__ORIGINS": '["https://sales.example"]',
    }

    settings = written(WHOLE, environment)

    assert settings.server.port == 7000
    assert settings.server.data == Path("/var/lib/chats")
    assert settings.inboxes["sales-team"].policy.idle_timeout == timedelta(minutes=5)
    assert settings.inboxes["sales-team"].origins == ("https://sales.example",)


def test_variables_that_others_set_are_not_ours(written):
    kubernetes = {"CHATSESSION_PORT": "tcp://10.0.0.1:80", "CHATSESSION_SERVICE_HOST": "10.0.0.1"}

    assert written("[inboxes.support]", kubernetes).server.port == 8080


def test_settings_that_are_printed_show_no_secret(written):
    settings = written(WHOLE)

    assert SECRET not in repr(settings)
    assert "sk-1" not in repr(settings.inboxes["support"].bot)
    assert SECRET not in repr(settings.inboxes["returns"].bot)
