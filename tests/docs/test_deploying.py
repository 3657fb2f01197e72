"""The guide to running it says what the code does: options that exist, times that fit together."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chatsession.server.options import ServerOptions
from chatsession.settings import ServerSettings
from chatsession.widget import FILE_BYTES_MAX

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
DEPLOY = GUIDES / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
CADDY = (DEPLOY / "Caddyfile").read_text()
EVERYTHING = "\n".join(path.read_text() for path in [GUIDES / "deploy.md", *sorted(DEPLOY.iterdir())])
DEFAULTS = ServerOptions()
MIB = 1024 * 1024


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / name)
    return parser


def seconds(pattern: str, text: str) -> int:
    return int(re.search(pattern + r"\s+(\d+)s", text).group(1))


def commands() -> dict[str, set[str]]:
    """Every command of ours that the guide names, with its options."""
    found: dict[str, set[str]] = {}
    joined = EVERYTHING.replace("\\\n", " ")
    for name, rest in re.findall(r"chatsession (serve|backup|restore|doctor|migrate|init)\b([^\n&|`]*)", joined):
        found.setdefault(name, set()).update(re.findall(r"--[a-z-]+", rest))
    serve = re.search(r'CMD \["serve", ([^\]]*)\]', EVERYTHING).group(1)
    found["serve"] |= set(re.findall(r"--[a-z-]+", serve))
    return found


@pytest.mark.parametrize(("command", "options"), commands().items(), ids=commands())
def test_every_option_it_names_exists(command, options):
    help_text = subprocess.run(
        [sys.executable, "-c", "from chatsession.cli import main; main()", command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert {option for option in options if option not in help_text} == set()


def test_the_settings_it_shows_exist():
    table = re.search(r"\[server\]\n(.*?)\n\n", EVERYTHING, re.DOTALL).group(1)

    named = {line.partition("=")[0].strip() for line in table.splitlines()}
    assert named
    assert named <= set(ServerSettings.__struct_fields__)


def test_the_unit_waits_for_longer_than_running_answers_get():
    grace = ServerSettings().turn_grace.total_seconds()

    assert int(unit("chatsession.service")["Service"]["TimeoutStopSec"]) >= 2 * grace


def test_the_unit_may_open_a_file_for_every_connection():
    assert int(unit("chatsession.service")["Service"]["LimitNOFILE"]) > 2 * DEFAULTS.connections_max


@pytest.mark.parametrize(
    ("text", "pattern"), [(NGINX, "proxy_read_timeout"), (CADDY, "read_timeout")], ids=["nginx", "caddy"]
)
def test_a_proxy_leaves_a_quiet_stream_alone_for_several_beats(text, pattern):
    assert seconds(pattern, text) >= 4 * DEFAULTS.beat_seconds


@pytest.mark.parametrize(
    ("text", "pattern"), [(NGINX, "keepalive_timeout"), (CADDY, "keepalive")], ids=["nginx", "caddy"]
)
def test_a_proxy_lets_go_of_a_connection_before_the_server_does(text, pattern):
    assert seconds(pattern, text) < DEFAULTS.idle_connection_seconds


@pytest.mark.parametrize(
    ("text", "pattern"),
    [(NGINX, r"client_max_body_size (\d+)m"), (CADDY, r"max_size (\d+)MiB")],
    ids=["nginx", "caddy"],
)
def test_the_largest_file_passes_the_proxy(text, pattern):
    assert int(re.search(pattern, text).group(1)) * MIB > FILE_BYTES_MAX
