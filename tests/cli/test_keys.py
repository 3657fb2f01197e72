import json
import re

import pytest

SECRET = re.compile(r"key_[\w-]{43}")


@pytest.fixture
def data(copied_to, tmp_path):
    """A data folder that nobody serves."""
    copied_to("data")
    return tmp_path / "data"


def test_a_running_server_heeds_at_once_what_is_made_and_revoked(demo, run_here):
    made = run_here(
        "keys", "add", "dora", "--role", "agent", "--name", "Dora", "--inbox", "support", "--data", demo.data
    )
    secret = SECRET.search(made.stdout).group()
    listed = run_here("keys", "list", "--data", demo.data)
    with demo.client(secret) as dora:
        before = dora.get("/v1/sessions").status_code
        revoked = run_here("keys", "revoke", "dora", "--data", demo.data)
        after = dora.get("/v1/sessions").status_code

    row = next(line.split() for line in listed.stdout.splitlines() if line.startswith("dora"))
    assert (row[1:4], row[-1]) == (["agent", "Dora", "support"], f"…{secret[-4:]}")
    assert (before, after, revoked.stdout) == (200, 401, "dora is revoked\n")
    assert secret not in listed.stdout
    assert "dora" not in run_here("keys", "list", "--data", demo.data).stdout


def test_keys_of_a_folder_that_nobody_serves_are_changed_in_its_file(data, run_here):
    made = json.loads(run_here("keys", "add", "crm", "--role", "admin", "--json", "--data", data).stdout)
    taken = run_here("keys", "add", "crm", "--role", "admin", "--data", data)
    renewed = json.loads(
        run_here("keys", "add", "crm", "--role", "admin", "--replace", "--json", "--data", data).stdout
    )
    listed = [json.loads(line) for line in run_here("keys", "list", "--json", "--data", data).stdout.splitlines()]
    revoked = [run_here("keys", "revoke", "crm", "--data", data) for _ in range(2)]

    assert taken.returncode == 3
    assert taken.stderr.endswith("(key_exists)\n")
    assert made["secret"] != renewed["secret"]
    assert renewed["key"] in listed
    assert {"admin", "agent", "local"} <= {key["id"] for key in listed}
    assert [done.returncode for done in revoked] == [0, 3]
    assert "there is no key crm" in revoked[1].stderr


def test_a_server_that_is_asked_from_elsewhere_wants_an_admin_key(demo, run_here, monkeypatch):
    nobody = run_here("keys", "list", "--url", "http://127.0.0.1:9", "--data", "nowhere")
    monkeypatch.setenv("CHATSESSION_KEY", demo.keys["agent"])
    agent = run_here("keys", "list", "--url", demo.base_url)
    monkeypatch.setenv("CHATSESSION_KEY", demo.keys["admin"])
    admin = run_here("keys", "list", "--url", demo.base_url)

    assert (nobody.returncode, agent.returncode, admin.returncode) == (3, 3, 0)
    assert nobody.stderr.endswith("(unauthorized)\n")
    assert agent.stderr.endswith("(forbidden)\n")


def test_a_name_that_is_too_long_is_wrong_use(data, run_here):
    done = run_here("keys", "add", "crm", "--role", "admin", "--name", "x" * 300, "--data", data)

    assert done.returncode == 2
    assert done.stderr.endswith("(invalid_request)\n")
