import asyncio
import shutil

import pytest
from bots.asked import ask, turn
from bots.knowledge.tea_room import BREWING, TEA

from chatsession.bots.knowledge import KnowledgeBot
from chatsession.bots.knowledge.language import language

ENGLISH = language("en").texts
DEADLINE = 30


async def answer_changes(bot, question, *, until):
    """Ask until the answer is as wanted: the bot looks for changes by itself."""
    async with asyncio.timeout(DEADLINE):
        while not until(answered := await ask(bot, turn(question))):
            await asyncio.sleep(0.02)
    return answered


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
