"""`chatsession init`: the three files to start from."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from chatsession.cli.embedding import script_tag
from chatsession.cli.failing import CommandError
from chatsession.cli.screen import facts, out

FILES = {
    "chatsession.toml": "what is served: every setting, with its default",
    "bot.py": "your bot, in ten lines",
    "page.html": "a page to paste from",
}
SERVED_AT = "http://127.0.0.1:8080"
"""Where the settings that are written let the server listen."""

init = App(
    name="init",
    help="Write a commented chatsession.toml, a ten-line bot and a page to paste from.",
    help_epilogue="""\
Examples:

  chatsession init
  chatsession init my-shop

A file that is there already is left as it is; then nothing at all is written.""",
)


@init.default
def _init(folder: Annotated[Path, Parameter(help="Where to.", show_default=False)] = Path(), /) -> None:
    there = [name for name in FILES if (folder / name).exists()]
    if there:
        names = ", ".join(there)
        raise CommandError("file_exists", f"{names} is there already in {folder.absolute()}; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        text = (files("chatsession.cli") / "templates" / name).read_text(encoding="utf-8")
        with (folder / name).open("x", encoding="utf-8") as file:
            file.write(text)
    console = out()
    console.print(facts(*((str(folder / name), what) for name, what in FILES.items())))
    begin = "" if folder == Path() else f"cd {folder} && "
    console.print(f"\nNow: {begin}chatsession serve, and in a second terminal: chatsession chat")
    console.print("\nThe chat on a page of your own (page.html says how to try it):", style="bold")
    console.print(script_tag(SERVED_AT, "support"), soft_wrap=True)
