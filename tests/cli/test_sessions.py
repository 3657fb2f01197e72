import json
import shutil

import pytest


@pytest.fixture(scope="session")
def chatted(demo):
    """The shared demo with one whole chat in it: asked, answered, closed, taken up again, rated."""
    with demo.client() as anybody:
        visitor = anybody.post("/v1/inboxes/sales/visitors", json={}).json()
    with demo.client(visitor["token"]) as client:
        opened = client.post("/v1/inboxes/sales/sessions", json={"message": {"text": "Is the wool from Shetland?"}})
        session = opened.json()["id"]
        after = 0
        while client.get(f"/v1/sessions/{session}").json()["waiting_on"] == "bot":
            after = client.get(f"/v1/sessions/{session}/events?after={after}&wait=5").json()["events"][-1]["seq"]
        client.post(f"/v1/sessions/{session}/close", json={})
        client.post(f"/v1/sessions/{session}/feedback", json={"score": 5})
    return session


def test_sessions_are_listed_as_a_table_and_as_json(demo, chatted, run_here):
    table = run_here("sessions", "list", "--data", demo.data, "--inbox", "sales")
    lines = run_here("sessions", "list", "--data", demo.data, "--inbox", "sales", "--json")

    assert chatted in table.stdout
    assert "closed" in table.stdout
    assert [json.loads(line)["id"] for line in lines.stdout.splitlines()] == [chatted]


@pytest.mark.parametrize(
    ("narrowed", "is_found"),
    [
        (("--phase", "closed"), True),
        (("--phase", "archived"), False),
        (("--outcome", "abandoned"), False),
        (("--query", "Shetland"), True),
        (("--query", "submarine"), False),
        (("--limit", "0"), False),
    ],
)
def test_a_list_is_narrowed(demo, chatted, run_here, narrowed, is_found):
    found = run_here("sessions", "list", "--data", demo.data, "--inbox", "sales", *narrowed)

    assert (chatted in found.stdout) is is_found
    assert ("no sessions" in found.stdout) is not is_found


def test_the_file_and_the_server_tell_the_same(demo, chatted, run_here, monkeypatch):
    from_file = run_here("sessions", "show", chatted, "--data", demo.data, "--json")
    monkeypatch.setenv("CHATSESSION_KEY", demo.keys["admin"])
    from_server = run_here("sessions", "show", chatted, "--url", demo.base_url, "--json")

    whole, remote = json.loads(from_file.stdout), json.loads(from_server.stdout)
    assert remote["events"] == whole["events"]
    assert remote["traces"] == whole["traces"]
    assert remote["session"] | {"server_time": None} == whole["session"] | {"server_time": None}


def test_a_session_is_shown_as_the_chain_of_what_came_in_was_changed_and_came_out(demo, chatted, run_here):
    done = run_here("sessions", "show", chatted, "--data", demo.data)

    told = done.stdout
    chain = [
        "* session opened",
        "→ visitor: Is the wool",
        "· shown: 1 line",
        "· knowledge:",
        "← bot: ",
        "* turn answered",
    ]
    places = [told.index(each) for each in chain]
    assert places == sorted(places)
    assert "release rel_" in told
    assert "* feedback given: period 1, score 5" in told


def test_the_newest_session_is_shown_where_none_is_named(demo, chatted, run_here):
    newest = run_here("sessions", "list", "--data", demo.data, "--limit", "1", "--json")
    shown = run_here("sessions", "show", "--data", demo.data)

    assert shown.stdout.startswith(json.loads(newest.stdout)["id"])


def test_sessions_are_exported_whole_one_a_line(demo, chatted, run_here, tmp_path):
    done = run_here("sessions", "export", "--data", demo.data, "--inbox", "sales", "--to", "sales.jsonl")
    again = run_here("sessions", "export", "--data", demo.data, "--to", "sales.jsonl")

    assert done.returncode == 0
    (line,) = (tmp_path / "sales.jsonl").read_text().splitlines()
    whole = json.loads(line)
    assert whole["session"]["id"] == chatted
    assert [event["seq"] for event in whole["events"]] == list(range(1, len(whole["events"]) + 1))
    assert whole["traces"][0]["text"] in [event.get("text") for event in whole["events"]]
    assert again.stderr.endswith("(file_exists)\n")


def test_a_session_that_is_not_there_is_named(demo, run_here):
    done = run_here("sessions", "show", "ses_none", "--data", demo.data)

    assert done.returncode == 3
    assert done.stderr.endswith("(not_found)\n")


def test_a_reader_that_leaves_early_is_no_error(demo, chatted, shell):
    listing = shell.begin("sessions", "export", "--data", demo.data)
    listing.stdout.close()

    assert listing.wait(60) == 0
    assert listing.stderr.read() == ""


def test_where_two_folders_have_data_it_says_which_one_is_read(copied_to, run_here):
    copied_to("demo-data", "data")

    done = run_here("sessions", "list", "--json")

    assert done.returncode == 0
    assert done.stderr == "this is demo-data; --data data is there too\n"


def test_the_folder_that_is_served_goes_before_the_one_that_is_not(copied_to, run_here, demo, tmp_path):
    copied_to("demo-data", "data")
    shutil.copy(demo.data / "server.json", tmp_path / "data")

    assert run_here("sessions", "list", "--json").stderr == "this is data; --data demo-data is there too\n"
