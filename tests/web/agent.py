"""A human agent at work on one session, over HTTP as any console would be."""

from web.serving_process import Served


class Agent:
    """Whoever has the agent's key, and one session in front of them."""

    def __init__(self, served: Served, session: str):
        self._served = served
        self._path = f"/v1/sessions/{session}"

    def claims(self) -> None:
        """Take the floor, from whoever has it."""
        self._do("claim")

    def says(self, text: str, *parts: dict) -> int:
        """Say something; where it stands in the list."""
        return self._do("messages", text=text, parts=list(parts))["seq"]

    def sends(self, name: str, kind: str, content: bytes) -> str:
        """Send a file with nothing said about it; its id."""
        with self._served.client("agent") as client:
            headers = {"Content-Type": kind}
            answer = client.post(f"{self._path}/files", params={"name": name}, content=content, headers=headers)
        file = answer.raise_for_status().json()["id"]
        self.says("", {"kind": "file", "file": file})
        return file

    def types(self) -> None:
        self._do("typing")

    def reads(self, seq: int) -> None:
        """Have seen everything up to there."""
        self._do("read", seq=seq)

    def hands_back(self) -> None:
        """Let the bot answer again."""
        self._do("return", to="bot")

    def resolves(self) -> None:
        """Say that the matter is solved; the chat ends by that."""
        self._do("resolve", outcome="confirmed")

    def closes(self) -> None:
        self._do("close")

    def _do(self, what: str, **body: object) -> dict:
        with self._served.client("agent") as client:
            answer = client.post(f"{self._path}/{what}", json=body).raise_for_status()
        return answer.json() if answer.content else {}
