import pytest

from chatsession.bots.loading import BotNotUsableError, bot_at


@pytest.fixture
def written(tmp_path):
    def write(text: str, name: str = "bot.py") -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


def test_a_bot_is_loaded_from_its_file_with_what_lies_beside_it(written):
    written("GREETING = 'Good day'", "greetings_of_the_shop.py")
    file = written("from greetings_of_the_shop import GREETING\nasync def bot(turn):\n    return GREETING\n")

    assert bot_at(f"{file}:bot").name == "bot"


def test_a_bot_is_loaded_from_a_module():
    assert bot_at("chatsession.cli.templates.bot:bot").name == "bot"


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        ("async def answer(turn): ...", "bot", "there is no 'bot' in .*; it has answer"),
        ("bot = 5", "bot", "a bot is an async function or has `answer`, not int"),
        ("def bot(turn): return 'x'", "bot", "is not async"),
        ("import json\n\njson.loads('{')", "bot", r"cannot be loaded: line 3: JSONDecodeError"),
        ("async def bot(turn:\n", "bot", r"cannot be loaded: line 1: "),
    ],
)
def test_what_is_no_bot_is_named_with_what_is_wrong(written, text, name, sentence):
    file = written(text)

    with pytest.raises(BotNotUsableError, match=sentence):
        bot_at(f"{file}:{name}")


def test_a_file_or_module_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BotNotUsableError, match="`chatsession init` writes"):
        bot_at(f"{tmp_path}/none.py:bot")
    with pytest.raises(BotNotUsableError, match="cannot be imported"):
        bot_at("no_such_module_anywhere:bot")
