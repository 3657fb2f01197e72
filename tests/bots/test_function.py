import asyncio
import functools

import pytest
from bots.asked import ask, turn

from chatsession.bot import ContextSet, Delta, Finished, Span, Working
from chatsession.bots.echo import EchoBot
from chatsession.bots.function import FunctionBot, as_bot


async def test_what_a_function_returns_is_the_answer():
    async def bot(turn):
        return f"You said: {turn.text}"

    answered = await ask(FunctionBot(bot), turn("Hello"))

    assert answered.events == [Delta("You said: Hello")]


async def test_what_a_function_yields_is_streamed_in_order():
    learnt, found, busy = ContextSet({"name": "Ana"}), Span(kind="tool", name="orders"), Working("orders")
    end = Finished(known=False)

    async def bot(turn):
        for event in ("It is ", busy, found, Delta("on its way."), learnt, end):
            yield event

    answered = await ask(FunctionBot(bot))

    assert answered.events == [Delta("It is "), busy, found, Delta("on its way."), learnt, end]


async def test_a_function_may_return_the_outcome_alone():
    async def bot(turn):
        return Finished(result="needs_agent", text="I fetch somebody.")

    assert (await ask(FunctionBot(bot))).finished.result == "needs_agent"


async def test_a_function_may_return_a_stream():
    async def pieces():
        yield "a"
        yield "b"

    async def bot(turn):
        return pieces()

    assert (await ask(FunctionBot(bot))).text == "ab"


async def test_none_is_no_answer():
    async def bot(turn):
        return None

    assert (await ask(FunctionBot(bot))).events == []


@pytest.mark.parametrize("said", [7, b"bytes", ["a", "list"], {"text": "x"}, Span(kind="tool", name="x")])
async def test_another_return_type_is_named_in_the_error(said):
    async def bot(turn):
        return said

    answered = await ask(FunctionBot(bot))

    assert answered.reason == "garbage"
    assert f"'bot' returned {type(said).__name__}" in str(answered.error)


async def test_another_yielded_type_is_named_in_the_error():
    async def bot(turn):
        yield "So far so good. "
        yield 7

    answered = await ask(FunctionBot(bot))

    assert answered.text == "So far so good. "
    assert "'bot' yielded int" in str(answered.error)


def test_a_function_that_is_not_async_is_refused_at_once():
    def bot(turn):
        return "too soon"

    with pytest.raises(TypeError, match="'bot' is not async; write `async def"):
        FunctionBot(bot)


def test_a_function_that_does_not_take_the_turn_is_refused_at_once():
    async def bot():
        return "about what?"

    with pytest.raises(TypeError, match="must take one argument, the turn"):
        FunctionBot(bot)


@pytest.mark.parametrize(("given", "said"), [("text", "not str"), (EchoBot, r"pass an instance of it: EchoBot\(…\)")])
def test_what_is_no_bot_is_refused_in_words(given, said):
    with pytest.raises(TypeError, match=said):
        as_bot(given)


def test_what_is_almost_a_bot_is_told_what_it_lacks():
    class Almost:
        name = "almost"

        async def answer(self, turn):
            yield Delta("x")

    with pytest.raises(TypeError, match="Almost is not quite a bot: it lacks release, start, close"):
        as_bot(Almost())


def test_a_bot_stays_the_bot_it_is():
    echo = EchoBot()

    assert as_bot(echo) is echo


async def test_methods_partials_callables_and_decorated_functions_are_functions_too():
    class Shop:
        def __init__(self, name):
            self.shop = name

        async def __call__(self, turn):
            return f"{self.shop}: called"

        async def method(self, turn):
            return f"{self.shop}: method"

    async def with_shop(shop, turn):
        return f"{shop.shop}: partial"

    def loud(function):
        @functools.wraps(function)
        def wrapped(turn):
            return function(turn)

        return wrapped

    @loud
    async def decorated(turn):
        return "decorated"

    shop = Shop("Nordlys")
    bots = [as_bot(each) for each in (shop, shop.method, functools.partial(with_shop, shop), decorated)]

    assert [(await ask(bot)).text for bot in bots] == [
        "Nordlys: called",
        "Nordlys: method",
        "Nordlys: partial",
        "decorated",
    ]
    assert [bot.name for bot in bots] == ["Shop", "method", "with_shop", "decorated"]


async def test_closing_the_answer_closes_the_function():
    closed = []

    async def bot(turn):
        try:
            yield "one"
            await asyncio.Event().wait()
        finally:
            closed.append("yes")

    stream = FunctionBot(bot).answer(turn())
    await anext(stream)
    await stream.aclose()

    assert closed == ["yes"]


def _bot_saying(source: str):
    namespace = {}
    exec(source, namespace)  # noqa: S102  two versions of one function, as two deployments have them
    return FunctionBot(namespace["bot"])


def test_the_release_changes_with_the_code_and_with_nothing_else():
    one = _bot_saying("async def bot(turn):\n    return 'Hello'")
    again = _bot_saying("async def bot(turn):\n    return 'Hello'")
    other = _bot_saying("async def bot(turn):\n    return 'Good day'")

    assert one.release() == again.release() != other.release()


def test_the_release_changes_with_the_name_and_with_the_version_given():
    async def bot(turn):
        return "x"

    releases = {
        FunctionBot(bot).release(),
        FunctionBot(bot, name="other").release(),
        FunctionBot(bot, release="prompt 7").release(),
    }

    assert len(releases) == 3


async def test_an_echo_says_every_character_again_in_pieces():
    answered = await ask(EchoBot(), turn("  two\n words "))

    assert answered.text == "  two\n words "
    assert len(answered.events) == 2


async def test_an_echo_that_speaks_first_greets():
    assert (await ask(EchoBot(), turn(""))).text.startswith("Hello")
