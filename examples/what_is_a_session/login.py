"""A login happens during a session: the anonymous chat goes along with whoever turns out to be asking.

Prints:
    before: somebody asked "Where is my order?"
    after: customer-7 owns the same session
    the old token is worth nothing any more
"""

import asyncio
import time

import jwt

from chatsession import RefusedError
from chatsession.assemble import clock_for, make_service, store_at
from chatsession.bots.echo import EchoBot
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.opening import MessageIn, OpenRequest

SECRET = "the website keeps this; chatsession gets it in its configuration"  # noqa: S105  an example's


async def main():
    store = store_at(None)
    await store.open()
    shop = Inbox(name="shop", identity_secrets=(SECRET,))
    service = make_service(store=store, bots={"shop": EchoBot()}, inboxes={"shop": shop}, clock=await clock_for(store))
    await service.start()

    anonymous = await service.identity.new_visitor("shop")
    somebody = await service.identity.of_token(anonymous.token)
    request = OpenRequest(message=MessageIn(text="Where is my order?"))
    session = (await service.opening.open(somebody, "shop", request)).session.id
    print('before: somebody asked "Where is my order?"')

    # The website's own server signs who it is; the browser only carries it.
    identity = jwt.encode({"sub": "customer-7", "aud": "shop", "exp": time.time() + 60}, SECRET, algorithm="HS256")
    known = await service.identity.new_visitor("shop", jwt=identity, token=anonymous.token)
    customer = await service.identity.of_token(known.token)
    same = (await service.reading.view(customer, session)).id == session
    print("after:", known.visitor.subject, "owns the same session" if same else "has another session")

    try:
        await service.identity.of_token(anonymous.token)
    except RefusedError:
        print("the old token is worth nothing any more")
    await service.drain()


asyncio.run(main())
