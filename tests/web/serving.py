"""A server to point browsers and clients at: `python -m web.serving PORT FOLDER`, in the folder of the tests."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, post
from litestar.params import JSONBody
from web.obedient import answer
from web.payloads import PAYLOADS

from chatsession.assemble import files_at, make_service
from chatsession.bots.function import FunctionBot
from chatsession.cli.folder import DataFolder
from chatsession.cli.running import Plan, Running, run
from chatsession.core.policy import Policy
from chatsession.demo.skipping import Skipping, SkipRequest
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.views import SessionView
from chatsession.server.credentials import bearer_secret, principal_of
from chatsession.widget import Colours, Consent, FilesAllowed, RatingAsk, Theme, Widget

SECRET = "a-secret-of-the-shop-that-is-long-enough-for-every-algorithm-that-signs"
POLICY = Policy(
    idle_timeout=timedelta(minutes=3),
    warn_before=timedelta(minutes=1),
    resume_window=timedelta(minutes=30),
    bot_silence=timedelta(seconds=20),
    threads="manual",
)
WIDGET = Widget(files=FilesAllowed(types=("text/plain", "image/png")))
OWN_COLOURS = Widget(theme=Theme(dark=Colours(me="#2f6455", on_me="#ffffff")))
ASKING = Widget(
    consent=Consent(text="We keep what you write for 30 days.", link="https://shop.example/privacy"),
    rating=RatingAsk(ask_on=("timeout", "visitor", "agent", "resolved", "limit")),
    remember={"name": {"en": "Your name"}},
)


HARM = "\n".join(PAYLOADS)
HARMED = Widget(
    bot_name=HARM,
    launcher_label=HARM,
    privacy_link="javascript:alert(1)",
    consent=Consent(text=HARM, link="javascript:alert(1)"),
    texts={"en": {"hello": HARM, "placeholder": HARM, "menu_end": PAYLOADS[3]}},
    remember={"note": {"en": HARM}},
    files=FilesAllowed(types=("text/plain",)),
)


def inboxes() -> dict[str, Inbox]:
    """A shop whose anonymous chats go along with whoever signs in, a bank whose do not, and a kiosk in a hurry.

    At the desk visitors are asked: for their consent, and after every end how it was. The den was set up by somebody
    who means harm.
    """
    never = Policy(claim_anonymous="never", threads="manual")
    hasty = msgspec.structs.replace(POLICY, bot_silence=timedelta(seconds=2))
    return {
        "shop": Inbox(name="shop", title="Shop", policy=POLICY, identity_secrets=(SECRET,), widget=WIDGET),
        "bank": Inbox(name="bank", title="Bank", policy=never, identity_secrets=(SECRET,), widget=OWN_COLOURS),
        "kiosk": Inbox(name="kiosk", title="Kiosk", policy=hasty),
        "desk": Inbox(name="desk", title="Desk", policy=POLICY, widget=ASKING),
        "den": Inbox(name="den", title=HARM, policy=POLICY, widget=HARMED),
    }


class Hired(msgspec.Struct):
    name: str


def extras(running: Running) -> list[Any]:
    """Where time can be skipped, and people be hired."""
    able = Skipping(running.service, running.clock)

    @post("/v1/demo/skip", status_code=200)
    async def skip(request: Request[Any, Any, Any], data: JSONBody[SkipRequest]) -> SessionView:
        secret = bearer_secret(request.headers.get("authorization")) or ""
        return await able.skip(await principal_of(running.service.identity, secret), data)

    @post("/v1/demo/hire")
    async def hire(data: JSONBody[Hired]) -> str:
        return await running.service.identity.new_key("hired", "agent", data.name)

    return [skip, hire]


def main(port: int, folder: Path) -> None:
    """Serve until we are told to stop, or killed."""
    bot = FunctionBot(answer, name="obedient")
    places = inboxes()
    plan = Plan(
        folder=DataFolder(folder),
        host="127.0.0.1",
        port=port,
        service=lambda store, clock: make_service(
            store=store,
            bots=dict.fromkeys(places, bot),
            inboxes=places,
            clock=clock,
            files=files_at(folder / "files"),
        ),
        pages=extras,
        greet=lambda _: None,
        roles=("admin", "agent"),
        log="warning",
    )
    asyncio.run(run(plan))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
