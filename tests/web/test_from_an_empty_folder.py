"""From an empty folder to a chat on a page of one's own: install, begin, serve, paste, and talk."""

import re
import venv
from pathlib import Path

import pytest
from commands import Server, Shell, until
from playwright.sync_api import expect
from web.site import Sheet, Site
from web.visitor import Visitor
from wheel import pip, wheel

SNIPPET = re.compile(r'<script src="(http://[^/"]+)/widget\.js" data-inbox="\w+" async></script>')

pytestmark = [pytest.mark.slow, pytest.mark.long]


class Installed(Shell):
    """A folder with an environment of its own, into which nothing but the wheel was installed."""

    def __init__(self, folder: Path, program: Path):
        super().__init__(folder)
        self.program = program
        self.environment.pop("PYTHONPATH", None)

    def command(self, *arguments) -> list[str]:
        return [str(self.program), *map(str, arguments)]


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Path:
    """The command, as an install from the wheel makes it."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder / "venv")
    programs = folder / "venv" / "bin"
    pip(programs / "python", "install", wheel(tmp_path_factory.getbasetemp()))
    return programs / "chatsession"


@pytest.fixture
def shell(program, tmp_path):
    shell = Installed(tmp_path, program)
    yield shell
    shell.end()


@pytest.fixture
def site():
    """Somebody's website, still without a page."""
    here = Site({})
    yield here
    here.stop()


def test_install_init_serve_paste_chat(shell, site, context):
    begun = shell.run("init")
    assert begun.returncode == 0, begun.stderr
    written = (shell.folder / "page.html").read_text()
    printed, in_page = SNIPPET.search(begun.stdout), SNIPPET.search(written)
    assert printed.group() == in_page.group()
    server = Server(shell, "serve")
    served = until(lambda: SNIPPET.search("".join(server.said)), "it says what to paste")
    assert served.group(1) == server.base_url

    site.sheets["/bare"] = Sheet(served.group())
    visitor = Visitor(context.new_page(), f"{site.base_url}/bare")
    visitor.open()
    visitor.say("Anybody there?")

    assert visitor.said == ["Anybody there?", "You said: Anybody there? (This is line 1 of our chat.)"]
    site.sheets["/page"] = Sheet(written.replace(printed.group(1), server.base_url))
    visitor.page.goto(f"{site.base_url}/page")
    expect(visitor.messages).to_have_count(2)
    visitor.say("And here?")
    assert len(visitor.said) == 4
    assert visitor.complaints == []
    assert server.stop() == 0
