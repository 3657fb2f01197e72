"""`chatsession serve`: the inboxes of a settings file, or one bot named on the command line."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from msgspec.structs import replace

from chatsession.assemble import files_at, service_of
from chatsession.cli.embedding import script_tag
from chatsession.cli.folder import DataFolder
from chatsession.cli.running import Log, Plan, Running, free_port, in_loop, run
from chatsession.cli.screen import facts, out
from chatsession.demo.pages import no_skipping
from chatsession.demo.place import DURABILITIES
from chatsession.server.options import ServerOptions
from chatsession.settings import ServerSettings, Settings, read_settings, settings_of

CONFIG = "CHATSESSION_CONFIG"
CONFIG_FILE = "chatsession.toml"
KINDS = ("echo", "knowledge", "openai")

serve = App(
    name="serve",
    help="Serve the inboxes of chatsession.toml, or one bot named on the command line.",
    help_epilogue="""\
Examples:

  chatsession serve
  chatsession serve --config shop.toml --port 9000
  chatsession serve --bot bot.py:bot
  chatsession serve --bot knowledge --folder docs
  chatsession serve --bot openai --base-url http://127.0.0.1:11434/v1 --model llama3.2

Options go before the environment (CHATSESSION_SERVER__PORT=9000), the environment before the file.
It prints the address, the durability and where the keys are. Ctrl-C stops it: running answers get a grace.""",
)


@serve.default
def _serve(  # noqa: PLR0913  each is an option of the command
    *,
    config: Annotated[Path | None, Parameter(help="The settings file.", show_default=lambda _: CONFIG_FILE)] = None,
    bot: Annotated[str | None, Parameter(help="In place of a file: echo, knowledge, openai, or FILE.py:NAME.")] = None,
    base_url: Annotated[str | None, Parameter(help="With openai: the endpoint.")] = None,
    model: Annotated[str | None, Parameter(help="With openai: the model.")] = None,
    api_key_from: Annotated[str | None, Parameter(help="With openai: the variable that holds the API key.")] = None,
    instructions: Annotated[str | None, Parameter(help="With openai: the system prompt.")] = None,
    folder: Annotated[str | None, Parameter(help="With knowledge: the folder of Markdown.")] = None,
    inbox: Annotated[str, Parameter(help="With --bot: the inbox's name.")] = "support",
    preset: Annotated[str, Parameter(help="With --bot: default, support, sales or messaging.")] = "default",
    host: Annotated[str | None, Parameter(help="The address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="The port to listen on; 0 is any free one.")] = None,
    data: Annotated[Path | None, Parameter(help="The folder of the data.")] = None,
    log: Log = None,
) -> None:
    if bot is None:
        settings = read_settings(config or Path(os.environ.get(CONFIG, CONFIG_FILE)))
    else:
        options = {
            "base_url": base_url,
            "model": model,
            "api_key_from": api_key_from,
            "instructions": instructions,
            "folder": folder,
        }
        settings = settings_of({"inboxes": {inbox: {"preset": preset, "bot": bot_table(bot, options)}}}, Path.cwd())
    given = {"host": host, "port": port, "data": data}
    server = replace(settings.server, **{name: value for name, value in given.items() if value is not None})
    in_loop(run(replace(plan_of(replace(settings, server=server)), log=log)))


def bot_table(bot: str, options: dict[str, str | None]) -> dict[str, Any]:
    """The bot's table as a settings file would have it."""
    given = {name: value for name, value in options.items() if value is not None}
    return {"kind": "function", "target": bot, **given} if ":" in bot else {"kind": bot, **given}


def plan_of(settings: Settings) -> Plan:
    """What these settings ask to be served."""
    server, folder = settings.server, DataFolder(settings.server.data)
    return Plan(
        folder=folder,
        host=server.host,
        port=free_port(server.host, server.port, or_next=False),
        service=lambda store, clock: service_of(settings, store, clock, files_at(folder.files)),
        pages=lambda _: (no_skipping,),
        greet=_greet,
        options=_options(server),
    )


def _options(server: ServerSettings) -> ServerOptions:
    return ServerOptions(
        trusted_proxies=server.trusted_proxies,
        hosts=server.hosts,
        metrics=server.metrics,
        turn_grace_seconds=server.turn_grace.total_seconds(),
    )


def _greet(running: Running) -> None:
    service, folder = running.service, running.folder
    bots = {name: service.bots[name].name if name in service.bots else "no bot" for name in service.inboxes}
    durability = service.store.durability
    console = out()
    console.print(f"chatsession {version('chatsession')} serves at {running.base_url}", style="bold")
    console.print(
        facts(
            ("inboxes", ", ".join(f"{name} ({bot})" for name, bot in bots.items())),
            ("data", f"{folder.path} ({durability}: {DURABILITIES[durability].lower().rstrip('.')})"),
            ("keys", f"{folder.keys} (yours alone to read)"),
            ("talk", f"chatsession chat --url {running.base_url} --inbox {next(iter(service.inboxes))}"),
            ("stop", "Ctrl-C"),
        )
    )
    console.print("\nThe chat on your own pages:", style="bold")
    console.print(script_tag(running.base_url, next(iter(service.inboxes))), soft_wrap=True)
