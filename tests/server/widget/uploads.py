"""Files on their way to a server."""

import asyncio
from pathlib import Path

import httpx
from server.house import Caller, House

from chatsession.widget import FilesAllowed, Widget

TEXT = Widget(files=FilesAllowed(types=("text/plain",), bytes_max=2_048, per_session_max=2))


async def send(
    caller: Caller, session: str, content=b"Hello", *, name: str = "note.txt", kind: str = "text/plain", **more
) -> httpx.Response:
    path, params = f"/v1/sessions/{session}/files", {"name": name}
    return await caller.ask("POST", path, content=content, headers={"Content-Type": kind}, params=params, **more)


async def sent(caller: Caller, session: str, content=b"Hello", **more) -> str:
    answer = await send(caller, session, content, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def connected(one: House) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = one.host.split(":")
    return await asyncio.open_connection(host, int(port))


def upload(one: House, caller: Caller, session: str, length: str) -> bytes:
    """The head of a file that comes over a connection of its own."""
    lines = (
        f"POST /v1/sessions/{session}/files?name=a.txt HTTP/1.1", f"Host: {one.host}", "Content-Type: text/plain",
        f"Authorization: Bearer {caller.secret}", length,
    )  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def part(file: str) -> dict:
    return {"kind": "file", "file": file}


def lying_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
