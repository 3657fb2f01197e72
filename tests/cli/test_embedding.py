"""The line that brings the chat onto a page is shown wherever somebody looks for it, and is the same everywhere."""

import json
import re

from commands import Server

TAG = re.compile(r'<script src="(\S+)/widget\.js" data-inbox="(\S+)" async></script>')


def test_init_shows_the_line_and_writes_a_page_that_has_it(run_here, tmp_path):
    done = run_here("init")

    (shown,) = TAG.findall(done.stdout)
    assert TAG.findall((tmp_path / "page.html").read_text()) == [shown] == [("http://127.0.0.1:8080", "support")]


def test_a_server_shows_the_line_with_its_own_address(shell):
    assert shell.run("init").returncode == 0
    server = Server(shell, "serve")
    server.stop()

    assert TAG.findall("".join(server.said)) == [(server.base_url, "support")]


def test_the_doctor_shows_a_line_for_each_inbox_where_the_server_runs(demo, run_here):
    done = run_here("doctor", "--json", "--data", demo.data)

    lines = [json.loads(line)["paste"] for line in done.stdout.splitlines()]
    assert [TAG.fullmatch(line).groups() for line in lines if line] == [
        (demo.base_url, "support"),
        (demo.base_url, "sales"),
    ]


def test_a_widget_that_was_not_built_is_no_secret(run_here, tmp_path, monkeypatch):
    monkeypatch.setattr("chatsession.cli.doctor.widget.BUILT", tmp_path / "nowhere")

    done = run_here("doctor")

    assert "it was not built into this installation" in done.stdout
    assert not TAG.search(done.stdout)
