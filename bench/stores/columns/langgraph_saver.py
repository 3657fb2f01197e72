"""LangGraph: AsyncSqliteSaver, one checkpoint for each message; the list of messages is in the checkpoint."""

import aiosqlite
from column import Column
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver


class LangGraphSaver(Column):
    """The saver alone, without a graph around it, which would cost more."""

    async def open(self):
        self.connection = await aiosqlite.connect(str(self.folder / "checkpoints.db"))
        await self.connection.execute("pragma journal_mode=wal")
        await self.connection.execute("pragma synchronous=full")
        self.saver = AsyncSqliteSaver(self.connection)
        await self.saver.setup()
        self.versions: dict[str, int] = {}

    async def close(self):
        await self.connection.close()

    async def values(self, session):
        found = await self.saver.aget_tuple(place(session))
        return dict(found.checkpoint["channel_values"]) if found else {"messages": [], "state": {}}

    async def put(self, session, values):
        version = self.versions[session] = self.versions.get(session, 0) + 1
        checkpoint = empty_checkpoint()
        checkpoint["channel_values"] = values
        checkpoint["channel_versions"] = {"messages": version, "state": version}
        meta = {"source": "loop", "step": version, "parents": {}}
        await self.saver.aput(place(session), checkpoint, meta, checkpoint["channel_versions"])

    async def say(self, session, turn, role, text, state=None):  # noqa: ARG002  the contract's arguments
        values = await self.values(session)
        message = HumanMessage(text) if role == "user" else AIMessage(text)
        await self.put(session, {"messages": [*values["messages"], message], "state": state or values["state"]})

    async def context(self, session, lines):
        messages = (await self.values(session))["messages"][-lines:]
        return [("user" if isinstance(each, HumanMessage) else "bot", each.content) for each in messages]

    async def fill(self, session, lines):
        messages = [HumanMessage(text) if role == "user" else AIMessage(text) for role, text in lines]
        await self.put(session, {"messages": messages, "state": {"turn": len(lines) // 2}})

    async def settings(self):
        """Read from the connection it writes with."""
        return [
            (await (await self.connection.execute(f"pragma {name}")).fetchone())[0]
            for name in ("journal_mode", "synchronous")
        ]


def place(session):
    return {"configurable": {"thread_id": session, "checkpoint_ns": ""}}
