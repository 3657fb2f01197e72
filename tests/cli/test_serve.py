import json
import re
import signal
from itertools import chain

import pytest
from commands import Server

from chatsession.cli.init import FILES
from chatsession.core.policy import PRESETS
from chatsession.settings import FunctionBotSettings, read_settings
from chatsession.settings.bots import KINDS
from chatsession.settings.reading import INBOX_KEYS, KNOBS
from chatsession.settings.shape import ServerSettings

SETTING = re.compile(r"(# )?(\w+ = |\[)")


@pytest.fixture
def begun(run_here, tmp_path):
    """A folder as `init` leaves it."""
    assert run_here("init").returncode == 0
    return tmp_path


def test_init_writes_files_that_can_be_served_as_they_are(begun):
    settings = read_settings(begun / "chatsession.toml", {})

    assert settings.inboxes["support"].bot == FunctionBotSettings(target=f"{begun / 'bot.py'}:bot")
    assert settings.server == ServerSettings(data=begun / "data")


def test_every_setting_stands_in_the_file_that_init_writes(begun):
    text = (begun / "chatsession.toml").read_text()

    for name in {*ServerSettings.__struct_fields__, *INBOX_KEYS, *KNOBS, *chain(*KINDS.values())}:
        assert re.search(rf"\b{name} = |\.{name}\]", text), name
    for kind in set(KINDS) - {"echo"}:
        assert f'kind = "{kind}"' in text, kind


def test_what_is_commented_out_can_be_used_as_it_stands(begun):
    file = begun / "chatsession.toml"
    server_and_inbox, _, _ = file.read_text().partition("[inboxes.support.bot]")
    lines = [line.removeprefix("# ") for line in server_and_inbox.splitlines() if SETTING.match(line)]
    file.write_text("\n".join(lines))

    settings = read_settings(file, {"SHOP_IDENTITY_SECRET": "a secret that is long enough, really"})

    assert settings.server == ServerSettings(data=begun / "data")
    assert settings.inboxes["support"].origins == ("https://shop.example",)
    assert settings.inboxes["support"].policy == PRESETS["support"]


def test_init_never_overwrites(run_here, tmp_path):
    (tmp_path / "bot.py").write_text("mine = True\n")

    done = run_here("init")

    assert done.returncode == 3
    assert done.stderr.endswith("(file_exists)\n")
    assert (tmp_path / "bot.py").read_text() == "mine = True\n"
    assert not [name for name in FILES if name != "bot.py" and (tmp_path / name).exists()]


def test_what_init_wrote_is_served_and_answers_in_a_chat(begun, shell):
    server = Server(shell, "serve")

    asked = shell.run("chat", "--data", "data", text="Hello there\n")
    code = server.stop()

    assert "bot: You said: Hello there" in asked.stdout
    assert code == 0
    assert "Stopped. What was acknowledged is kept." in "".join(server.said)
    assert not (server.data / "server.json").exists()
    assert set(server.keys) == {"base_url", "inboxes", "admin"}


def test_options_go_before_the_environment_and_that_before_the_file(shell):
    (shell.folder / "shop.toml").write_text(
        "[server]\nport = 1\n[inboxes.shop]\nidle_timeout = '5m'\nbot = { kind = 'echo' }\n"
    )
    shell.environment |= {"CHATSESSION_CONFIG": "shop.toml", "CHATSESSION_INBOXES__SHOP__IDLE_TIMEOUT": "7m"}

    server = Server(shell, "serve")

    with server.admin() as admin:
        policy = admin.get("/v1/inboxes/shop/policy").json()
    assert "7m" in json.dumps(policy)
    assert server.port != 1


def test_elsewhere_than_in_the_demo_time_is_not_skipped_and_logs_are_lines_of_json(shell):
    server = Server(shell, "serve", "--bot", "echo", "--preset", "sales")

    with server.client() as client:
        refused = client.post("/v1/demo/skip", json={"session": "ses_1", "to": "closing"})
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(60)
    server.reader.join(60)

    assert refused.status_code == 403
    assert refused.json()["code"] == "forbidden"
    logged = [json.loads(line) for line in server.said if line.startswith("{")]
    assert {"at", "level", "event"} <= set(logged[0])


def test_a_mistake_in_the_settings_is_named_with_its_line(run_here, tmp_path):
    (tmp_path / "chatsession.toml").write_text("[inboxes.support]\nidle_timout = '15m'\n")

    done = run_here("serve")

    assert done.returncode == 2
    assert done.stderr == (
        "chatsession: chatsession.toml:2: inboxes.support.idle_timout: there is no such key; "
        'did you mean "idle_timeout"? (invalid_settings)\n'
    )
