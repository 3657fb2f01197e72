"""Which commands there are. Each is loaded when it is used: `--help` must not wait for a server's libraries."""

from importlib.metadata import version

from cyclopts import App, Group, Parameter

START = Group("Start", sort_key=1)
WATCH = Group("Watch", sort_key=2)
KEEP = Group("Keep", sort_key=3)
HELP = Group("Help", sort_key=4)

app = App(
    name="chatsession",
    help="Chat sessions that open, warn, close, resume and can be explained. Start with `chatsession demo`.",
    help_format="plaintext",
    help_epilogue="""\
Examples:

  chatsession demo     a shop's help desk, answered from the shop's own pages
  chatsession chat     talk to it, in a second terminal
  chatsession init     the files to start your own from
  chatsession serve    serve what chatsession.toml says

`chatsession COMMAND --help` shows each command with examples.

Exit codes: 0 done, 1 done and a problem was found, 2 wrong use,
3 not possible now, 70 our fault, 130 interrupted.""",
    version=lambda: version("chatsession"),
    default_parameter=Parameter(negative=()),
)

COMMANDS: dict[str, tuple[Group, str, str]] = {
    "demo": (START, "demo:demo", "Serve a shop's help desk to try everything on, and say how."),
    "chat": (START, "chat:chat", "Talk to a server as a visitor, in the terminal."),
    "init": (START, "init:init", "Write a commented chatsession.toml, a ten-line bot and a page to paste from."),
    "serve": (START, "serve:serve", "Serve the inboxes of chatsession.toml, or one bot named on the command line."),
    "sessions": (WATCH, "sessions:sessions", "List sessions, show one as a story, export them."),
    "doctor": (WATCH, "doctor:doctor", "Check the machine, the settings, the policies, the bots and the data."),
    "simulate": (WATCH, "simulate:simulate", "Play thousands of sessions with faults, and check every promise."),
    "keys": (KEEP, "keys:keys", "List API keys, make one, revoke one."),
    "backup": (KEEP, "copying:backup", "Copy the data to one file, while serving."),
    "restore": (KEEP, "copying:restore", "Put a backup in place of the data."),
    "migrate": (KEEP, "copying:migrate", "Bring the data to this version's schema."),
}

for _name, (_group, _place, _help) in COMMANDS.items():
    app.command(f"chatsession.cli.{_place}", name=_name, help=_help, group=_group)
for _flag in ("--help", "--version"):
    app[_flag].group = HELP
