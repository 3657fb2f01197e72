"""The OpenAPI document is true: what it says is what the server does, whatever is thrown at it."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from server.house import House, house

from chatsession.server.options import ServerOptions
from chatsession.server.problems import MEDIA_TYPE

SECONDS_MAX = 150
CONFIG = """
[parameters]
"path.session" = "{session}"
"path.inbox" = "shop"
"path.thread" = "{thread}"
"path.visitor" = "{visitor}"
"""
FLAGS = (
    "--phases=examples,coverage,fuzzing",
    "--max-examples=10",
    "--seed=7",
    "--request-timeout=20",
    "--exclude-path-regex=/stream$|/metrics$",  # One does not end, the other is not JSON.
    "--exclude-checks=positive_data_acceptance",  # What a state does not allow is refused, however well it is written.
    "--no-color",
)
"""Schemathesis, bounded; a failure prints the request as a line for curl."""


async def test_the_document_is_served(served: House, contract):
    answer = await served.nobody.get("/openapi.json")

    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == contract
    assert contract["openapi"].startswith("3.1")


def test_every_operation_says_what_it_answers_and_what_the_caller_must_show(contract):
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], (method, path)
            assert any(status.startswith("2") for status in operation["responses"]), (method, path)
            assert {"429", "500", "503"} <= operation["responses"].keys(), (method, path)
            if path.startswith("/v1/") and operation["operationId"] not in ("come_in", "read_widget"):
                assert {"bearer": []} in operation["security"], (method, path)
                assert "401" in operation["responses"], (method, path)
            if "requestBody" in operation:
                assert {"413", "415", "422"} <= operation["responses"].keys(), (method, path)


def test_every_refusal_is_a_problem_document_with_examples(contract):
    for response in contract["components"]["responses"].values():
        content = response["content"][MEDIA_TYPE]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        for example in content["examples"].values():
            assert {"type", "title", "status", "code", "detail"} <= example["value"].keys()


def test_bodies_refuse_what_they_do_not_name(contract):
    schemas = contract["components"]["schemas"]
    for name in ("MessageIn", "OpenRequest", "Feedback", "ContextChange", "NoFields", "TicketRequest"):
        assert schemas[name]["additionalProperties"] is False


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "which"),
    [
        ("visitor", ()),
        ("agent", ("--include-tag=agents", "--include-tag=talking")),
        ("admin", ("--include-tag=policies", "--include-tag=sessions", "--include-tag=operating")),
    ],
)
async def test_the_server_does_what_the_document_says(tmp_path: Path, who: str, which: tuple[str, ...]):
    generous = ServerOptions(requests_per_second=1e6, requests_burst=10**6, turn_grace_seconds=0)
    async with house(*["Hello"] * 10_000, options=generous) as served:
        ana = await served.visitor()
        session = await ana.open()
        thread = (await ana.post(f"/v1/sessions/{session}/threads", {"topic": "delivery"})).json()["id"]
        visitor = ana.id
        caller = ana if who == "visitor" else await served.key(who)
        (tmp_path / "openapi.json").write_text(json.dumps((await served.nobody.get("/openapi.json")).json()))
        (tmp_path / "config.toml").write_text(CONFIG.format(session=session, thread=thread, visitor=visitor))

        run = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file=config.toml", "run", "openapi.json", f"--url={served.url}"),
            f"--header=Authorization: Bearer {caller.secret}",
            *FLAGS,
            *which,
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(run.communicate(), SECONDS_MAX)

        assert run.returncode == 0, said.decode()
