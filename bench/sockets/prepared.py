"""Fill a folder with open sessions, each between a visitor and an agent, and write down who its clients are.

python bench/sockets/prepared.py FOLDER SESSIONS
"""

import asyncio
import json
import sys
from pathlib import Path

from chatsession.assemble import clock_for, make_service, store_at
from chatsession.core import commands as c
from chatsession.core.policy import Policy
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.opening import MessageIn, OpenRequest

POLICY = Policy()
SHOP = Inbox(name="shop", policy=POLICY)
AT_ONCE = 100


def config():
    """No rates: the work itself is measured."""
    return RuntimeConfig(messages_per_second=1e9, messages_burst=10**9)


async def chat(service, carl):
    """A session in which an agent has the floor: (id, visitor's token)."""
    grant = await service.identity.new_visitor("shop")
    visitor = await service.identity.of_token(grant.token)
    opened = await service.opening.open(visitor, "shop", OpenRequest(message=MessageIn(text="Hello")))
    await service.door.submit(carl, opened.session.id, c.ClaimSession(actor=carl.actor))
    return opened.session.id, grant.token


async def main(folder, sessions):
    store = store_at(folder / "chatsession.db")
    await store.open()
    service = make_service(store=store, bots={}, inboxes={"shop": SHOP}, clock=await clock_for(store), config=config())
    await service.start()
    key = await service.identity.new_key("carl", "agent", "Carl")
    carl = await service.identity.of_key(key)
    chats = []
    while len(chats) < sessions:
        chats += await asyncio.gather(*(chat(service, carl) for _ in range(min(AT_ONCE, sessions - len(chats)))))
    await service.drain()
    await store.close()
    # Each session has two connections, next to each other.
    callers = [(session, secret) for session, token in chats for secret in (token, key)]
    (folder / "callers.json").write_text(json.dumps(callers))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
