"""What is wrong with a file of settings is said in a sentence, with its place."""

import pytest
from settings.whole_file import ENVIRONMENT, WHOLE

from chatsession.settings import SettingsError, read_settings

# Each row: the settings, and the beginning of the sentence that must come out ("N:" is the line in the file).
MISTAKES = {
    "a knob's name": (
        "[inboxes.support]\n\nidle_timout = '15m'",
        '3: inboxes.support.idle_timout: there is no such key; did you mean "idle_timeout"?',
    ),
    "a server key": (
        "[server]\n# where\nprot = 80\n[inboxes.support]",
        '3: server.prot: there is no such key; did you mean "port"?',
    ),
    "a table's name": ("[severs]\nport = 1", "1: severs: there is no such key"),
    "a key of nothing like it": ("[inboxes.support]\nxyzzy = 1", "2: inboxes.support.xyzzy: there is no such key"),
    "a number for a duration": (
        "[inboxes.support]\nidle_timeout = 15",
        '2: inboxes.support.idle_timeout: must be a duration in quotes such as "15m", not 15',
    ),
    "no duration": (
        "[inboxes.support]\ntitle = 'Help'\nresume_window = '2 weeks'",
        '3: inboxes.support.resume_window: "2 weeks" is not a duration; write it like',
    ),
    "too long a duration": (
        "[inboxes.support]\nidle_timeout = '500d'",
        '2: inboxes.support.idle_timeout: "500d" is longer than the longest duration, "400d"',
    ),
    "knobs that disagree": (
        "[inboxes.support]\nidle_timeout = '1m'\nwarn_before = '2m'",
        '3: inboxes.support.warn_before: "2m" must be shorter than idle_timeout "1m"',
    ),
    "a knob that disagrees with a default": (
        "[server]\n[inboxes.support]\nidle_timeout = '1m'",
        '2: inboxes.support.warn_before: "2m" must be shorter than idle_timeout "1m"',
    ),
    "a preset": (
        "[inboxes.support]\npreset = 'suport'",
        '2: inboxes.support.preset: there is no preset "suport"; did you mean "support"?',
    ),
    "a choice": (
        "[inboxes.support]\non_return = 'resum'",
        '2: inboxes.support.on_return: must be one of "resume", "new"; did you mean "resume"?',
    ),
    "a nested knob": (
        "[inboxes.support]\n[inboxes.support.limits]\nsession_tuns = 5",
        '3: inboxes.support.limits.session_tuns: there is no such knob; did you mean "session_turns"?',
    ),
    "a close reason": (
        "[inboxes.support]\ncarry_over = { timout = 'fresh' }",
        '2: inboxes.support.carry_over.timout: there is no such close reason; did you mean "timeout"?',
    ),
    "text for a port": (
        "[server]\nport = '80'\n[inboxes.support]",
        '2: server.port: must be a whole number, not "80"',
    ),
    "true for a port": ("[server]\nport = true\n[inboxes.support]", "2: server.port: must be a whole number, not true"),
    "a port beyond": ("[server]\nport = 99999\n[inboxes.support]", "2: server.port: must be from 0 to 65535"),
    "a server table that is none": ("server = 5\n[inboxes.support]", "1: server: must be a table, [server]"),
    "a grace that is off": (
        "[server]\nturn_grace = 'off'\n[inboxes.support]",
        '2: server.turn_grace: cannot be "off"',
    ),
    "a choice of the server": (
        "[server]\nmetrics = 'keys'\n[inboxes.support]",
        '2: server.metrics: must be one of "local", "key", "off", not "keys"; did you mean "key"?',
    ),
    "an origin with a path": (
        "[inboxes.support]\norigins = [\n  'https://shop.example/help',\n]",
        '2: inboxes.support.origins: "https://shop.example/help" is not an origin: write scheme and host',
    ),
    "an origin without a scheme": (
        "[inboxes.support]\norigins = ['shop.example']",
        '2: inboxes.support.origins: "shop.example" is not an origin',
    ),
    "an origin that is no text": (
        "[inboxes.support]\norigins = [1]",
        '2: inboxes.support.origins: must be a list of texts such as ["one", "two"], not [1]',
    ),
    "no inbox": (
        "[server]\nport = 1",
        ' there is no inbox; begin with [inboxes.support] and, below it, bot = { kind = "echo" }',
    ),
    "an inbox that is none": ("[inboxes]\nsupport = 1", "2: inboxes.support: must be a table, [inboxes.support]"),
    "an inbox's name": ("[inboxes.Support]", "1: inboxes.Support: an inbox's name is lower-case letters"),
    "a bot's kind": (
        "[inboxes.support.bot]\nkind = 'opnai'",
        (
            '2: inboxes.support.bot.kind: must be one of "echo", "function", "knowledge", '
            '"openai", "webhook", not "opnai"; did you mean "openai"?'
        ),
    ),
    "a bot without a kind": ("[inboxes.support.bot]\nmodel = 'x'", "1: inboxes.support.bot.kind: must be one of"),
    "a bot that is no table": ("[inboxes.support]\nbot = 'echo'", "2: inboxes.support.bot: must be a table such as"),
    "an option of another kind": (
        "[inboxes.support.bot]\nkind = 'echo'\nmodel = 'x'",
        "3: inboxes.support.bot.model: there is no such key",
    ),
    "a bot's address": (
        "[inboxes.support.bot]\nkind = 'openai'\nmodel = 'x'\nbase_url = 'localhost'",
        "4: inboxes.support.bot.base_url: must begin with http:// or https://",
    ),
    "a bot without its model": (
        "[inboxes.support.bot]\nkind = 'openai'\nbase_url = 'http://x'",
        '1: inboxes.support.bot: "model" is missing; write model = "llama3.2"',
    ),
    "a bot's temperature": (
        "[inboxes.support.bot]\nkind = 'openai'\nmodel = 'x'\nbase_url = 'http://x'\ntemperature = -1",
        "5: inboxes.support.bot.temperature: must be at least 0.0",
    ),
    "a function without its name": (
        "[inboxes.support.bot]\nkind = 'function'\ntarget = 'bot.py'",
        '3: inboxes.support.bot.target: must name a file and what is in it, such as "bot.py:bot", not "bot.py"',
    ),
    "a webhook without its secret": (
        "[inboxes.support.bot]\nkind = 'webhook'\nurl = 'https://x'",
        '1: inboxes.support.bot.secrets_from: "secrets_from" must name the variable of the secret',
    ),
    "a price without its half": (
        "[inboxes.support.bot]\nkind = 'openai'\nmodel = 'x'\nbase_url = 'http://x'\nprice = { input = 1 }",
        '5: inboxes.support.bot.price: "output" is missing; write it in US dollars for a million tokens',
    ),
    "ports that are none": (
        "[inboxes.support.bot]\nkind = 'webhook'\nsecrets_from = 'HOOK_SECRET'\nurl = 'https://x'\nports = ['x']",
        "5: inboxes.support.bot.ports: must be a list of whole numbers, not ['x']",
    ),
    "a secret in the file": (
        "[inboxes.support.bot]\nkind = 'webhook'\nurl = 'https://x'\nsecrets = 'pssst'",
        '4: inboxes.support.bot.secrets: secrets do not belong in a file; write secrets_from = "NAME_OF_A_VARIABLE"',
    ),
    "a secret in place of its variable": (
        "[inboxes.support]\nidentity_secrets_from = ['pssst-9!']",
        "2: inboxes.support.identity_secrets_from: must be the name of an environment variable, not the secret itself",
    ),
    "a variable that is not set": (
        "[inboxes.support]\nidentity_secrets_from = ['NOT_SET']",
        "2: inboxes.support.identity_secrets_from: the environment variable NOT_SET is not set",
    ),
    "a secret that can be guessed": (
        "[inboxes.support]\nidentity_secrets_from = ['MODEL_KEY']",
        "2: inboxes.support.identity_secrets_from: the secret in MODEL_KEY is shorter than 32 characters",
    ),
    "identity without a secret": (
        "[inboxes.support]\nrequire_identity = true",
        "2: inboxes.support.require_identity: nobody could come in: name the secret in identity_secrets_from",
    ),
    "no TOML": ("[server]\nport = 80\nhost\n[inboxes.support]", "3: this is not TOML: Expected '=' after a key"),
    "TOML that ends too soon": ("[server]\nhosts = [\n", "2: this is not TOML:"),
    "the same key twice": ("[server]\nport = 1\nport = 2\n", "3: this is not TOML: Cannot overwrite a value"),
}


@pytest.mark.parametrize(("text", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line_and_the_nearest_right_word(written, tmp_path, text, sentence):
    with pytest.raises(SettingsError) as caught:
        written(text)

    assert str(caught.value).startswith(f"{tmp_path}/chatsession.toml:{sentence}")
    assert "pssst" not in str(caught.value)


def test_a_mistake_in_the_environment_is_named_with_its_variable(written):
    with pytest.raises(SettingsError) as caught:
        written(WHOLE, ENVIRONMENT | {"CHATSESSION_INBOXES__SALES_TEAM__IDLE_TIMOUT": "5m"})

    assert str(caught.value) == (
        "environment CHATSESSION_INBOXES__SALES_TEAM__IDLE_TIMOUT: inboxes.sales-team.idle_timout: "
        'there is no such key; did you mean "idle_timeout"?'
    )


def test_a_file_that_is_not_there_is_named_with_what_writes_one(tmp_path):
    with pytest.raises(SettingsError) as caught:
        read_settings(tmp_path / "none.toml", {})

    assert str(caught.value) == (
        f"{tmp_path}/none.toml: cannot be read (No such file or directory); `chatsession init` writes one to start from"
    )


def test_a_file_that_is_no_text_is_named_with_its_line(tmp_path):
    file = tmp_path / "chatsession.toml"
    file.write_bytes(b"[server]\nhost = '\xff\xfe'\n")

    with pytest.raises(SettingsError, match=r":2: is not UTF-8 text"):
        read_settings(file, {})
