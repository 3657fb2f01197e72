import json

from chatsession.cli.simulate.visitor import Report, SyntheticVisitor


def test_the_same_seed_gives_the_same_digest(run_here):
    arguments = ("simulate", "--seed", "7", "--sessions", "25", "--workers", "1", "--only-world", "0", "--json")

    first, second = run_here(*arguments), run_here(*arguments)

    reports = [json.loads(done.stdout) for done in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0)
    assert reports[0]["digest"] == reports[1]["digest"]
    assert reports[0]["violations"] == []


def test_synthetic_visitors_find_that_a_running_server_keeps_its_promises(demo, shell):
    done = shell.run("simulate", "--against", demo.base_url, "--sessions", "12", "--at-once", "6", "--seed", "3")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "every promise held" in done.stdout
    assert "12" in done.stdout.splitlines()[0]


def event(seq, kind, **more) -> dict:
    return {"seq": seq, "type": kind, **more}


GOOD = [
    event(1, "session_opened"),
    event(2, "message_posted", client_id="7-0", text="Hello"),
    event(3, "turn_opened", turn=1),
    event(4, "message_posted", client_id=None, text="Hi"),
    event(5, "turn_answered", turn=1),
]


def violations(events) -> list[str]:
    report = Report()
    visitor = SyntheticVisitor(None, "support", 7, report)
    visitor._acknowledged = {"7-0": (2, "Hello")}
    visitor._check(events)
    return report.violations


def test_each_broken_promise_is_noticed():
    assert violations(GOOD) == []
    assert violations([*GOOD[:1], *GOOD[2:]]) != [], "a message is missing"
    assert violations([*GOOD, event(6, "message_posted", client_id="7-0", text="Hello")]) != [], "one came twice"
    assert violations(GOOD[:3]) != [], "a turn was never answered"
    assert violations([GOOD[1], GOOD[0], *GOOD[2:]]) != [], "the order is another"
    assert violations([*GOOD[:1], GOOD[1] | {"text": "Helo"}, *GOOD[2:]]) != [], "the text is another"
