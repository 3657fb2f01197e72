"""Google ADK: DatabaseSessionService on SQLite; it sets no journal mode, so the file is put into WAL for it."""

import sqlite3

from column import Column
from google.adk.events import Event, EventActions
from google.adk.sessions import DatabaseSessionService
from google.adk.sessions.base_session_service import GetSessionConfig
from google.genai.types import Content, Part

APP, USER = "bench", "ana"


class AdkDatabase(Column):
    """Events and state through the ORM."""

    async def open(self):
        path = self.folder / "adk.db"
        with sqlite3.connect(path) as database:
            database.execute("pragma journal_mode=wal")
        database.close()
        self.service = DatabaseSessionService(f"sqlite+aiosqlite:///{path}")
        self.sessions = {}

    async def close(self):
        await self.service.db_engine.dispose()

    async def begin(self, session):
        self.sessions[session] = await self.service.create_session(app_name=APP, user_id=USER, session_id=session)

    async def say(self, session, turn, role, text, state=None):
        event = Event(
            author="user" if role == "user" else "bot",
            invocation_id=f"i{turn}",
            content=Content(role="user" if role == "user" else "model", parts=[Part(text=text)]),
            actions=EventActions(state_delta=state or {}),
        )
        await self.service.append_event(self.sessions[session], event)

    async def context(self, session, lines):
        config = GetSessionConfig(num_recent_events=lines) if lines < 10**9 else None
        found = await self.service.get_session(app_name=APP, user_id=USER, session_id=session, config=config)
        self.sessions[session] = found
        return [("user" if each.author == "user" else "bot", each.content.parts[0].text) for each in found.events]

    async def settings(self):
        """The mode is the file's; the flush is SQLite's default, full."""
        with sqlite3.connect(self.folder / "adk.db") as database:
            found = [database.execute(f"pragma {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
        database.close()
        return found
