import asyncio
import shutil

import pytest
from bots.asked import ask, turn
from bots.knowledge.dialogues import SHOP

from chatsession.bot import Delta, Finished, Line, Span
from chatsession.bots.knowledge import KnowledgeBot
from chatsession.bots.knowledge.language import language

ENGLISH, GERMAN = language("en").texts, language("de").texts
TEA = "---\ntitle: Tea\nurl: /tea\n---\n\n# Tea\n\n## Opening hours\n\nThe tea room is open from 9:00 to 17:00.\n"
BREWING = "# Brewing\n\n## How long to brew\n\nGreen tea is brewed for 2 minutes, black tea for 4 minutes.\n"
DEADLINE = 30


@pytest.fixture
async def shop_bot():
    bot = KnowledgeBot(SHOP)
    await bot.start()
    yield bot
    await bot.close()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "tea.md").write_text(TEA)
    (folder / "brewing.md").write_text(BREWING)
    return folder


@pytest.fixture
async def bot(folder):
    bot = KnowledgeBot(folder)
    await bot.start()
    yield bot
    await bot.close()


async def answer_changes(bot, question, *, until):
    """Ask until the answer is as wanted: the bot looks for changes by itself."""
    async with asyncio.timeout(DEADLINE):
        while not until(answered := await ask(bot, turn(question))):
            await asyncio.sleep(0.02)
    return answered


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


async def test_a_page_is_found_by_how_people_are_known_to_ask_for_it(bot, folder):
    page = folder / "brewing.md"
    asked = "tea tastes bitter, why?"
    before = await ask(bot, turn(asked))

    page.write_text(BREWING.replace("Green", "<!-- asked: my tea tastes bitter; too strong -->\n\nGreen"))
    after = await answer_changes(bot, asked, until=lambda answered: answered.finished.known)

    assert not before.finished.known
    assert after.text == "Green tea is brewed for 2 minutes, black tea for 4 minutes."


async def test_small_words_alone_find_what_is_asked_in_just_these(bot, folder):
    (folder / "orders.md").write_text("# Orders\n\n<!-- asked: is it there yet -->\n\nWe write when it leaves.\n")

    answered = await answer_changes(bot, "Is it there yet?", until=lambda answered: answered.finished.known)

    assert answered.text == "We write when it leaves."


async def test_a_site_says_what_its_people_call_things(bot, folder):
    before = await ask(bot, turn("How long do I brew gunpowder?"))
    (folder / "words.toml").write_text('same = ["gunpowder, green tea"]\n')

    after = await answer_changes(bot, "How long do I brew gunpowder?", until=lambda answered: answered.finished.known)

    assert not before.finished.known
    assert after.finished.sources[0].title == "Brewing"


async def test_words_that_cannot_be_read_are_left_out_and_said_so(bot, folder):
    (folder / "words.toml").write_text("same = tea\n")

    answered = await answer_changes(
        bot, "How long is black tea brewed?", until=lambda answered: "skipped" in answered.spans[0].output
    )

    (skipped,) = answered.spans[0].output["skipped"]
    assert skipped["path"] == "words.toml"
    assert answered.finished.known


async def test_only_the_thread_at_hand_is_read(shop_bot):
    elsewhere = Line(role="visitor", text="How much is delivery to Germany?", seq=1, thread="thr_1")
    now = Line(role="visitor", text="and to Austria?", seq=3, thread="thr_2")

    here = await ask(shop_bot, turn(now.text, lines=[elsewhere, now], thread="thr_1"))
    apart = await ask(shop_bot, turn(now.text, lines=[elsewhere, now], thread="thr_2"))

    assert "€6.90" in here.text
    assert here.spans[0].input["looked_up"] != apart.spans[0].input["looked_up"]


async def test_a_page_that_changes_is_read_again_and_makes_a_new_release(bot, folder):
    before = bot.release()

    (folder / "tea.md").write_text(TEA.replace("17:00", "20:30"))

    answered = await answer_changes(bot, "When is the tea room open?", until=lambda answered: "20:30" in answered.text)
    assert answered.spans[0].output["release"] == bot.release() != before


async def test_pages_that_come_and_go_are_noticed(bot, folder):
    (folder / "more").mkdir()
    (folder / "more" / "scones.md").write_text("# Scones\n\nA scone costs €3.\n")
    await answer_changes(bot, "How much is a scone?", until=lambda answered: "€3" in answered.text)

    (folder / "tea.md").unlink()

    await answer_changes(bot, "When is the tea room open?", until=lambda answered: not answered.finished.known)


async def test_the_release_is_the_contents_and_not_when_or_where_they_were_written(bot, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    copy = KnowledgeBot(tmp_path / "copy")
    await copy.start()

    assert copy.release() == bot.release()
    await copy.close()


async def test_files_that_cannot_be_read_are_left_out_by_name_and_the_others_answer(folder, caplog):
    (folder / "old.md").write_bytes("# Tee\n\nGrüner Tee".encode("latin-1"))
    (folder / "huge.md").write_text("word " * 1_000_000)
    bot = KnowledgeBot(folder)

    await bot.start()
    answered = await ask(bot, turn("How long is black tea brewed?"))
    await bot.close()

    assert "4 minutes" in answered.text
    assert answered.spans[0].output["skipped"] == [
        {"path": "huge.md", "reason": "it has more than 1024 KiB; split it"},
        {"path": "old.md", "reason": "it is not UTF-8 (byte 9); save it as UTF-8"},
    ]
    assert "old.md is left out" in caplog.text


@pytest.mark.parametrize("there_is_a_folder", [True, False])
async def test_without_pages_nothing_is_known_until_some_come(tmp_path, there_is_a_folder):
    folder = tmp_path / "later"
    if there_is_a_folder:
        folder.mkdir()
    bot = KnowledgeBot(folder)
    await bot.start()
    empty = await ask(bot, turn("How long is black tea brewed?"))

    folder.mkdir(exist_ok=True)
    (folder / "brewing.md").write_text(BREWING)

    await answer_changes(bot, "How long is black tea brewed?", until=lambda answered: "4 minutes" in answered.text)
    await bot.close()
    assert (empty.text, empty.finished.known) == (ENGLISH["no_pages"], False)


async def test_a_bot_that_was_not_started_says_so(folder):
    bot = KnowledgeBot(folder)

    answered = await ask(bot)
    await bot.close()

    assert answered.reason == "not_started"


async def test_many_visitors_are_answered_at_once(shop_bot):
    asked = ["How much is delivery to Austria?", "How do I return something?", "Do you ship to Brazil?"] * 10

    answers = await asyncio.gather(*(ask(shop_bot, turn(each)) for each in asked))

    assert len({answered.text for answered in answers}) == 3
