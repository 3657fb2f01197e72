"""OpenAI Agents SDK: SQLiteSession, as it comes (write-ahead log, a flush for each add)."""

import asyncio

from agents import SQLiteSession
from column import Column

ROLES = {"user": "user", "bot": "assistant"}
BACK = {"user": "user", "assistant": "bot"}


class OpenAISession(Column):
    """One object for each session over one file."""

    keeps_state = False

    async def open(self):
        self.sessions = {}

    async def begin(self, session):
        self.sessions[session] = SQLiteSession(session, str(self.folder / "sessions.db"))

    async def of(self, session):
        if session not in self.sessions:
            await self.begin(session)
        return self.sessions[session]

    async def say(self, session, turn, role, text, state=None):  # noqa: ARG002  the contract's arguments
        await (await self.of(session)).add_items([{"role": ROLES[role], "content": text}])

    async def context(self, session, lines):
        items = await (await self.of(session)).get_items(limit=lines)
        return [(BACK[item["role"]], item["content"]) for item in items]

    async def history(self, session):
        return await (await self.of(session)).get_items()

    def lines(self, history):
        return [(BACK[item["role"]], item["content"]) for item in history]

    async def fill(self, session, lines):
        await (await self.of(session)).add_items([{"role": ROLES[role], "content": text} for role, text in lines])

    async def close(self):
        for session in self.sessions.values():
            session.close()

    async def settings(self):
        """Read from the connection it writes with."""
        connection = (await self.of("probe"))._get_connection()  # noqa: SLF001  the one it writes with is not public

        def read():
            return [connection.execute(f"pragma {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

        return await asyncio.to_thread(read)
