import pytest
from bots.knowledge.dialogues import SHOP
from bots.knowledge.tea_room import BREWING, TEA

from chatsession.bots.knowledge import KnowledgeBot


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
