import json
from datetime import UTC, datetime, timedelta

import pytest

from chatsession.cli.doctor.machine import clock, disk, port
from chatsession.cli.doctor.policies import inbox
from chatsession.core.policy import Policy
from chatsession.settings import InboxSettings


def told(run_here, *arguments) -> tuple[int, list[dict]]:
    done = run_here("doctor", "--json", *arguments)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def about(findings, name) -> dict:
    return next(finding for finding in findings if finding["about"] == name)


def test_a_running_demo_is_well(demo, run_here):
    code, findings = told(run_here, "--data", demo.data, "--deep")

    assert code == 0
    assert {"python", "sqlite", "clock", "disk", "lock", "durability", "data", "soundness"} <= {
        finding["about"] for finding in findings
    }
    assert demo.base_url in about(findings, "lock")["says"]
    assert about(findings, "durability")["says"].startswith("D2")
    assert [finding["about"] for finding in findings if finding["level"] != "ok"] == ["settings"]


def test_each_finding_that_is_not_well_says_what_to_do(run_here, tmp_path):
    (tmp_path / "chatsession.toml").write_text(
        "[server]\nhost = '0.0.0.0'\nport = 0\n"
        "[inboxes.support]\nidle_timeout = '1m'\nwarn_before = '5s'\norigins = ['http://shop.example']\n"
        "bot = { kind = 'function', target = 'none.py:bot' }\n"
        "[inboxes.empty]\nidle_timeout = 'off'\nbot_silence = 'off'\n"
        "[inboxes.model]\nbot = { kind = 'knowledge', folder = 'nowhere' }\n"
    )

    code, findings = told(run_here)

    assert code == 1
    assert all(finding["advice"] for finding in findings if finding["level"] != "ok")
    levels = {finding["about"]: finding["level"] for finding in findings if finding["level"] != "ok"}
    assert levels == {
        "network": "warning",
        "support: times": "warning",
        "support: origins": "warning",
        "support: bot": "problem",
        "empty: times": "warning",
        "empty: origins": "warning",
        "empty: bot": "warning",
        "model: origins": "warning",
        "model: bot": "problem",
    }
    assert "WCAG 2.2.1" in about(findings, "support: times")["advice"]


def test_a_mistake_in_the_settings_is_a_problem_and_the_rest_is_looked_at(run_here, tmp_path):
    (tmp_path / "chatsession.toml").write_text("[server]\nprot = 1\n")

    done = run_here("doctor")

    assert done.returncode == 1
    assert "chatsession.toml:2: server.prot" in done.stdout
    assert "python" in done.stdout
    assert "1 problem, 0 warnings" in done.stdout


def test_settings_without_an_inbox_say_how_to_begin_with_one(run_here, tmp_path):
    (tmp_path / "chatsession.toml").write_text("[server]\nport = 0\n")

    code, findings = told(run_here)
    lines = about(findings, "settings")["says"].partition("begin with ")[2].split(" and, below it, ")
    (tmp_path / "chatsession.toml").write_text("\n".join(lines))
    _, corrected = told(run_here)

    assert code == 1
    assert about(corrected, "settings")["says"] == "chatsession.toml, with support"


def test_an_empty_folder_is_well_and_says_what_begins_everything(run_here):
    code, findings = told(run_here)

    assert code == 0
    assert {each["about"] for each in findings if each["level"] != "ok"} <= {"settings", "port", "event loop", "widget"}
    assert "chatsession init" in about(findings, "settings")["advice"]
    assert "`serve` begins it" in about(findings, "data")["says"]


def test_without_settings_the_data_that_is_there_is_looked_at(copied_to, run_here):
    copied_to("demo-data")

    _, findings = told(run_here)

    assert "demo-data" in about(findings, "data")["says"]
    assert "KiB" in about(findings, "data")["says"]


def test_secrets_that_others_can_read_are_a_problem(run_here, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "keys.json").write_text("{}")
    (tmp_path / "data" / "keys.json").chmod(0o644)

    code, findings = told(run_here)

    assert code == 1
    assert about(findings, "rights")["advice"] == f"chmod 600 {tmp_path / 'data' / 'keys.json'}"


def test_data_that_is_damaged_is_a_problem(run_here, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "chatsession.db").write_bytes(b"SQLite format 3\x00" + bytes(5_000))
    (tmp_path / "data" / "chatsession.db").chmod(0o600)

    code, findings = told(run_here)

    assert code == 1
    assert about(findings, "data")["level"] == "problem"


def test_a_port_that_is_taken_is_a_problem(demo):
    assert port("127.0.0.1", demo.port).level == "problem"
    assert port("127.0.0.1", 0).level == "ok"


def test_a_clock_from_before_this_release_is_a_problem():
    assert clock(datetime(1970, 1, 2, tzinfo=UTC)).level == "problem"
    assert clock(datetime.now(UTC)).level == "ok"


def test_a_folder_that_is_not_there_yet_is_looked_at_where_it_will_be(tmp_path):
    found = disk(tmp_path / "not" / "yet")

    assert found.level in ("ok", "warning")
    assert str(tmp_path) in found.says


@pytest.mark.parametrize(("seconds", "level"), [(19, "warning"), (20, "ok")])
def test_who_is_warned_less_than_20_seconds_ahead_cannot_react(seconds, level):
    policy = Policy(warn_before=timedelta(seconds=seconds))

    findings = list(inbox(InboxSettings(name="support", policy=policy), is_public=False))

    assert max(findings, key=lambda finding: finding.level != "ok").level == level
