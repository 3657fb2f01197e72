import asyncio

import pytest
from bots.asked import ask, turn

from chatsession.bot import Delta, Finished, Line, Span
from chatsession.bots.knowledge import KnowledgeBot
from chatsession.bots.knowledge.language import language

ENGLISH, GERMAN = language("en").texts, language("de").texts


async def test_an_answer_comes_in_pieces_with_its_source_and_its_retrieval(bot):
    answered = await ask(bot, turn("How long is black tea brewed?"))

    assert answered.text == "Green tea is brewed for 2 minutes, black tea for 4 minutes."
    assert [type(event) for event in answered.events] == [Span, Delta, Delta, Delta, Finished]
    assert [(source.title, source.url, source.passage) for source in answered.finished.sources] == [
        ("Brewing", None, "How long to brew")
    ]
    (span,) = answered.spans
    assert (span.kind, span.input["text"]) == ("retrieval", "How long is black tea brewed?")
    assert span.output["quoted"] == [answered.text]
    assert span.output["release"] == bot.release()
    assert span.output["passages"][0][0]["heading"] == "How long to brew"


async def test_what_the_pages_do_not_say_is_not_known_and_a_human_is_offered(bot):
    answered = await ask(bot, turn("Do you sell coffee machines?"))

    assert answered.text == ENGLISH["unknown"]
    assert (answered.finished.known, answered.finished.result, answered.finished.sources) == (False, "needs_agent", [])


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Hello!", "greeting"),
        ("thanks a lot, that helps", "thanks"),
        ("ok, bye", "bye"),
        ("are you a robot?", "robot"),
        ("Good morning, can you help me?", "about"),
        ("no thanks", "dissent"),
    ],
)
async def test_small_talk_is_answered_without_sources(bot, said, kind):
    answered = await ask(bot, turn(said))

    assert answered.text == ENGLISH[kind]
    assert answered.finished == Finished()


@pytest.mark.parametrize(
    "said",
    ["I want to talk to a person", "human", "Can I speak to someone about my tea, please?", "let me talk to an agent"],
)
async def test_whoever_asks_for_a_person_gets_one(bot, said):
    answered = await ask(bot, turn(said))

    assert (answered.text, answered.finished.result, answered.finished.known) == (
        ENGLISH["person"],
        "needs_agent",
        True,
    )


async def test_a_question_that_mentions_people_is_still_a_question(shop_bot):
    answered = await ask(shop_bot, turn("Can somebody else collect my parcel?"))

    assert answered.finished.sources[0].title == "Store pickup"


async def test_yes_to_the_offer_of_a_human_asks_for_one_and_yes_to_nothing_does_not(bot):
    lines = [
        Line(role="visitor", text="Do you sell coffee machines?", seq=1),
        Line(role="bot", text=ENGLISH["unknown"], seq=2),
        Line(role="visitor", text="yes please", seq=3),
    ]

    offered = await ask(bot, turn("yes please", lines=lines))
    not_offered = await ask(bot, turn("yes please"))

    assert offered.finished.result == "needs_agent"
    assert not_offered.finished.result == "answered"


async def test_the_bot_speaks_the_visitors_language_and_greets_first_where_nothing_was_asked(bot):
    german = await ask(bot, turn("Danke!", locale="de-AT"))
    unknown = await ask(bot, turn("Do you sell coffee machines?", locale="de"))
    first = await ask(bot, turn(""))

    assert german.text == GERMAN["thanks"]
    assert unknown.text == GERMAN["unknown"]
    assert first.text == ENGLISH["opening"]


async def test_two_questions_in_one_message_are_both_answered(bot):
    answered = await ask(bot, turn("When is the tea room open? And how long is green tea brewed?"))

    assert [source.title for source in answered.finished.sources] == ["Tea", "Brewing"]
    assert "9:00 to 17:00" in answered.text
    assert "2 minutes" in answered.text


async def test_a_list_of_exceptions_is_not_read_as_one_of_offers(shop_bot):
    answered = await ask(shop_bot, turn("Is moth damage covered by the guarantee?"))

    assert answered.text.startswith("What is not covered\n• wear and tear")


async def test_who_asks_what_is_not_possible_is_told_that(shop_bot):
    possible = await ask(shop_bot, turn("What can be returned?"))
    impossible = await ask(shop_bot, turn("What can't I return?"))

    assert possible.text.startswith("You can return anything you do not like")
    assert impossible.text.startswith("What cannot be returned\n• personalised items")


async def test_how_long_is_answered_by_the_table_of_times_and_not_by_the_beginning_of_the_page(shop_bot):
    answered = await ask(shop_bot, turn("How long does delivery take?"))

    *rows, more = answered.text.splitlines()
    assert rows[0].startswith("• Germany – Delivery time: 2–3 working days")
    assert [row.partition(" –")[0] for row in rows] == ["• Germany", "• Austria", "• Switzerland"]
    assert more.startswith("Also listed: Liechtenstein; Belgium, Luxembourg, Netherlands; Czechia,")
    assert more.endswith("; USA; Canada.")


async def test_one_row_that_answers_is_told_without_a_bullet(shop_bot):
    answered = await ask(shop_bot, turn("How much is delivery to Austria?"))

    assert answered.text == (
        "Austria – Delivery time: 3–4 working days; Delivery cost: €6.90; Free delivery from: €100"
    )


async def test_what_a_list_does_not_have_is_said_so_and_a_human_offered(shop_bot):
    asked = "Do you ship to Brazil?"
    answered = await ask(shop_bot, turn(asked))
    lines = [
        Line(role="visitor", text=asked, seq=1),
        Line(role="bot", text=answered.text, seq=2),
        Line(role="visitor", text="yes", seq=3),
    ]
    agreed = await ask(shop_bot, turn("yes", lines=lines))

    assert answered.text.startswith(
        'I don\'t know: "Brazil" is not in the list on our page "Delivery times and costs".'
    )
    assert (answered.finished.known, answered.finished.sources) == (False, [])
    assert agreed.finished.result == "needs_agent"


async def test_what_the_visitor_looks_at_is_what_it_means(shop_bot):
    jumper = await ask(shop_bot, turn("how do i wash it?", context={"looked_at": "Grat Norden"}))
    jacket = await ask(shop_bot, turn("how do i wash it?", context={"looked_at": "Alm Jacket"}))

    assert jumper.text.startswith("Grat jumpers – Machine: wool cycle or by hand")
    assert jacket.text.startswith("Alm jackets – Machine: do not wash")


async def test_the_page_of_the_question_says_what_it_is(shop_bot):
    page = "https://shop.example/products/kuppe-hat?ref=mail#sizes"
    hat = await ask(shop_bot, turn("how do i wash it?", page=page, context={"looked_at": "Alm Jacket"}))
    odd = await ask(shop_bot, turn("how do i wash it?", page="http://[", context={"looked_at": "Alm Jacket"}))

    assert hat.text.startswith("Hats and gloves – Machine: by hand only")
    assert odd.text.startswith("Alm jackets – Machine: do not wash")


async def test_where_nothing_says_what_it_is_no_row_is_picked(shop_bot):
    answered = await ask(shop_bot, turn("how do i wash it?"))

    assert [line[:6] for line in answered.text.splitlines()[:2]] == ["• Talw", "• Grat"]
    assert "Also listed: Alm jackets; Steig socks; Hats and gloves" in answered.text


async def test_only_the_thread_at_hand_is_read(shop_bot):
    elsewhere = Line(role="visitor", text="How much is delivery to Germany?", seq=1, thread="thr_1")
    now = Line(role="visitor", text="and to Austria?", seq=3, thread="thr_2")

    here = await ask(shop_bot, turn(now.text, lines=[elsewhere, now], thread="thr_1"))
    apart = await ask(shop_bot, turn(now.text, lines=[elsewhere, now], thread="thr_2"))

    assert "€6.90" in here.text
    assert here.spans[0].input["looked_up"] != apart.spans[0].input["looked_up"]


async def test_a_bot_that_was_not_started_says_so(folder):
    bot = KnowledgeBot(folder)

    answered = await ask(bot)
    await bot.close()

    assert answered.reason == "not_started"


async def test_many_visitors_are_answered_at_once(shop_bot):
    asked = ["How much is delivery to Austria?", "How do I return something?", "Do you ship to Brazil?"] * 10

    answers = await asyncio.gather(*(ask(shop_bot, turn(each)) for each in asked))

    assert len({answered.text for answered in answers}) == 3
