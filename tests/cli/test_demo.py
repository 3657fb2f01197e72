import html
import json
import os
import re
import stat
import subprocess

from commands import DEADLINE_SECONDS


def types(client, session) -> list[str]:
    return [event["type"] for event in client.get(f"/v1/sessions/{session}/events").json()["events"]]


def test_it_says_where_it_is_where_the_keys_are_and_what_to_try(demo):
    said = "".join(demo.said)

    for word in (
        demo.base_url,
        str(demo.data / "keys.json"),
        "D2",
        "/glass",
        "kill -9",
        "chatsession chat",
        "/skip warning",
    ):
        assert word in said


def test_what_it_says_to_type_after_a_kill_brings_it_back_where_it_was(own_demo):
    restart = next(line for line in "".join(own_demo.said).splitlines() if "start it again" in line)

    assert str(own_demo.port) in restart
    assert str(own_demo.data) in restart


def test_its_keys_are_its_owners_alone_and_open_what_they_should(demo):
    keys = demo.keys

    assert keys["base_url"] == demo.base_url
    assert set(keys["inboxes"]) == {"support", "sales"}
    for name in ("keys.json", "server.json", "chatsession.db"):
        assert stat.S_IMODE((demo.data / name).stat().st_mode) == 0o600
    for role in ("admin", "agent"):
        with demo.client(keys[role]) as client:
            assert client.get("/v1/sessions").status_code == 200


def test_skipping_ahead_warns_closes_and_archives_over_http(demo, opened):
    client, session = opened(demo)
    skip = {"session": session}

    warned = client.post("/v1/demo/skip", json=skip | {"to": "warning"}).json()
    closed = client.post("/v1/demo/skip", json=skip | {"to": "closing"}).json()
    archived = client.post("/v1/demo/skip", json=skip | {"to": "window"}).json()

    assert (warned["phase"], warned["extendable"]) == ("open", True)
    assert warned["warned_at"] is not None
    assert (closed["phase"], closed["close_reason"], closed["allowed"]) == ("closed", "timeout", ["resume", "new"])
    assert (archived["phase"], archived["allowed"]) == ("archived", ["new"])
    kinds = [
        kind for kind in types(client, session) if kind in ("session_warned", "session_closed", "session_archived")
    ]
    assert kinds == ["session_warned", "session_closed", "session_archived"]


def test_the_admin_may_skip_for_a_visitor_and_a_stranger_may_not(demo, opened):
    _, session = opened(demo)
    stranger, _ = opened(demo)

    refused = stranger.post("/v1/demo/skip", json={"session": session, "to": "closing"})
    with demo.admin() as admin:
        done = admin.post("/v1/demo/skip", json={"session": session, "to": "closing"})

    assert refused.status_code == 404
    assert refused.json()["code"] == "not_found"
    assert done.json()["phase"] == "closed"


def test_the_commands_on_its_page_work_as_they_stand(demo, tmp_path):
    with demo.client() as browser:
        page = browser.get("/demo").text
    block = html.unescape(re.search(r'<code id="curl">(.*?)</code>', page, re.DOTALL).group(1))

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "no_proxy": "127.0.0.1"},
    )

    assert done.returncode == 0, done.stderr
    assert "message_posted" in done.stdout
    last = json.JSONDecoder().raw_decode(done.stdout[done.stdout.rindex('{"id":"ses_') :])[0]
    assert last["warned_at"] is not None


def test_every_link_on_its_page_leads_somewhere(demo):
    with demo.client() as browser:
        links = re.findall(r'href="([^"]+)"', browser.get("/demo").text)
        answers = {link: browser.get(link).status_code for link in links}

    assert set(answers) >= {"/", "/glass", "/openapi.json", "/healthz", "/readyz", "/metrics"}
    assert set(answers.values()) == {200}


def test_a_killed_demo_keeps_its_keys_its_chats_and_its_time(own_demo, opened):
    client, session = opened(own_demo)
    skipped = client.post("/v1/demo/skip", json={"session": session, "to": "closing"}).json()["server_time"]
    keys, before = own_demo.keys, client.get(f"/v1/sessions/{session}/events").json()

    own_demo.kill()
    own_demo.start(own_demo.port)

    assert own_demo.keys == keys
    assert client.get(f"/v1/sessions/{session}/events").json() == before
    assert client.get(f"/v1/sessions/{session}").json()["server_time"] >= skipped
    with own_demo.admin() as admin:
        assert [each["id"] for each in admin.get("/v1/sessions").json()["sessions"]] == [session]


def test_a_taken_port_is_named(demo, run_here, tmp_path):
    taken = run_here("demo", "--port", demo.port, "--data", "other")

    assert taken.returncode == 3
    assert taken.stderr.endswith("(port_in_use)\n")
    assert not (tmp_path / "other").exists()


def test_a_second_server_on_the_same_data_is_refused_and_harms_nothing(demo, run_here):
    second = run_here("demo", "--port", "0", "--data", demo.data)

    assert second.returncode == 3
    assert "is in use" in second.stderr
    assert second.stderr.endswith("(data_in_use)\n")
    with demo.client() as client:
        assert client.get("/healthz").json()["status"] == "ok"
    assert (demo.data / "server.json").exists()
