"""The bots: whether they can be loaded, and whether what they need answers."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx

from chatsession.assemble import make_bot
from chatsession.bots.loading import BotNotUsableError
from chatsession.cli.doctor.finding import Finding, ok, problem, warning
from chatsession.settings import (
    BotSettings,
    EchoBotSettings,
    FunctionBotSettings,
    InboxSettings,
    KnowledgeBotSettings,
    OpenAIBotSettings,
    WebhookBotSettings,
)

SECONDS = 5.0
PORTS = {"http": 80, "https": 443}


async def bot(inbox: InboxSettings) -> AsyncIterator[Finding]:
    """Everything about the bot of one inbox."""
    about = f"{inbox.name}: bot"
    if inbox.bot is None:
        yield warning(about, "none: agents and programs alone answer", f"add [inboxes.{inbox.name}.bot]")
        return
    try:
        made = make_bot(inbox.bot)
        await made.start()
    except BotNotUsableError as error:
        yield problem(about, str(error), "mend the bot; nobody would answer")
        return
    except Exception as error:  # noqa: BLE001  whatever a bot raises when it starts is what the doctor is asked about
        yield problem(about, f"it does not start: {type(error).__name__}: {error}", "mend the bot; nobody would answer")
        return
    release = made.release()
    await made.close()
    yield ok(about, f"{made.name}, {release}")
    finding = await _reached(about, inbox.bot)
    if finding is not None:
        yield finding


async def _reached(about: str, settings: BotSettings) -> Finding | None:
    match settings:
        case OpenAIBotSettings():
            return await _endpoint(about, settings)
        case WebhookBotSettings(url=url):
            return await _address(about, url)
        case EchoBotSettings() | FunctionBotSettings() | KnowledgeBotSettings():
            return None


async def _endpoint(about: str, settings: OpenAIBotSettings) -> Finding:
    headers = {} if settings.api_key is None else {"Authorization": f"Bearer {settings.api_key}"}
    url = f"{settings.base_url.rstrip('/')}/models"
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            answer = await client.get(url, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return problem(about, f"{url} does not answer ({type(error).__name__})", "start it, or correct base_url")
    if answer.status_code in (401, 403):
        return problem(about, f"{url} refuses the key ({answer.status_code})", "correct the key in api_key_from")
    if answer.is_error:
        return warning(about, f"{url} answers {answer.status_code}", "see whether base_url is right")
    if settings.model not in answer.text:
        return warning(about, f"{url} does not list {settings.model}", "see whether model is right")
    return ok(about, f"{url} answers, and has {settings.model}")


async def _address(about: str, url: str) -> Finding:
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or PORTS[parts.scheme])
    except (OSError, TimeoutError) as error:
        return problem(about, f"{parts.netloc} does not answer ({type(error).__name__})", "start it, or correct url")
    writer.close()
    return ok(about, f"{parts.netloc} answers")
