"""The words and examples of the OpenAPI document."""

from typing import Any, get_args

from chatsession.core.refusals import (
    Refusal,
    floor_taken,
    forbidden,
    invalid,
    session_archived,
    session_closed,
    too_large,
    turn_over,
    wrong_state,
)
from chatsession.runtime.files.kinds import unsupported
from chatsession.runtime.reading import RESYNC
from chatsession.runtime.refused import not_found, rate_limited, unauthorized, unavailable
from chatsession.server.bodies import TOO_SLOW, UNSUPPORTED
from chatsession.server.doorkeeper import NOT_ACCEPTABLE
from chatsession.server.problems import INTERNAL
from chatsession.server.protocol import ADDRESS_TOO_LONG, HEAD_TOO_LARGE
from chatsession.store import StoreBusyError, StoreUnavailableError
from chatsession.widget import FileType

DESCRIPTION = (
    "The session layer for chatbots and live chat. A visitor gets a token from their inbox and opens a session with it;"
    " programs and agents send an API key. Errors are problem documents (RFC 9457) with a stable `code`. Times are"
    " RFC 3339 in UTC. Ids say what they are and are never credentials. Someone else's id is answered exactly like one"
    " that does not exist."
)

SCHEMES: dict[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A visitor's token, or an API key (it begins with `key_`).",
    },
    "ticket": {
        "type": "apiKey",
        "in": "query",
        "name": "ticket",
        "description": "From `POST /v1/tickets`: for one stream of one session, once.",
    },
}

HEADERS = {
    "read_file": {"Content-Disposition": "What the file is called, and whether it is to be saved."},
    "read_transcript": {"Content-Disposition": "A name to save it under."},
    "read_widget": {"ETag": "What it says; `If-None-Match` asks whether that changed.", "Cache-Control": "One minute."},
    "open_session": {"Location": "Where the session is."},
    "read_policy": {"ETag": "The policy's hash."},
    "replace_policy": {"ETag": "The policy's hash."},
}

UPLOADS: dict[str, tuple[str, ...]] = {"send_file": get_args(FileType)}
"""Bodies that are no JSON, with their kinds."""
DOWNLOADS: dict[str, tuple[str, ...]] = {
    "read_file": get_args(FileType),
    "read_transcript": ("text/plain", "text/markdown", "application/json"),
}
"""Answers that come in several forms."""

BODIES: dict[str, Any] = {
    "open_session": {
        "client_id": "open-1",
        "message": {"text": "Where is my parcel?", "client_id": "m-1"},
        "metadata": {"page": "https://shop.example/orders", "time_zone": "Europe/Vienna", "campaign": "autumn"},
    },
    "post_message": {"text": "And to Austria?", "client_id": "m-2"},
    "resume": {"message": {"text": "One more thing.", "client_id": "m-3"}},
    "hand_off": {"note": "I would rather talk to a person."},
    "choose_in_queue": {"choice": "wait"},
    "read_up_to": {"seq": 12},
    "give_feedback": {"score": 5, "comment": "That helped."},
    "change_context": {"set": {"order": "4711"}, "scope": "session"},
    "resolve": {"outcome": "confirmed"},
    "give_back": {"to": "bot"},
    "snooze": {"until": "2030-01-07T09:00:00Z"},
    "post_note": {"text": "Called the carrier."},
    "start_thread": {"topic": "delivery"},
    "change_thread": {"status": "resolved"},
    "replace_policy": {"idle_timeout": "15m", "warn_before": "2m"},
    "add_key": {"id": "carl", "role": "agent", "name": "Carl", "inboxes": ["shop"]},
}

REFUSALS: dict[int, list[Refusal]] = {
    401: [unauthorized().refusal],
    403: [forbidden("This is not for a visitor to do.")],
    404: [not_found().refusal],
    406: [NOT_ACCEPTABLE],
    408: [TOO_SLOW],
    409: [
        session_closed(),
        session_archived(),
        Refusal("client_id_reused", 409, "This client_id was used for a message with another body."),
        Refusal("another_session_open", 409, "Another session of this visitor is open.", {"session": "ses_…"}),
        Refusal("keep_open_spent", 409, "No more time can be added; write a message to keep the chat open."),
        Refusal("limit_reached", 409, "The chat has reached its longest duration and will close."),
        floor_taken("agent"),
        turn_over(),
        wrong_state("Threads are off in this inbox."),
        Refusal("key_exists", 409, "There is a key carl; revoke it first, or say that it is replaced."),
    ],
    410: [RESYNC],
    413: [too_large("text has 20000 characters; the limit is 16000.")],
    414: [ADDRESS_TOO_LONG],
    415: [UNSUPPORTED, unsupported("The file is declared as image/png, but its content is something else.")],
    422: [invalid("There is no field `txt` here; there are: text, client_id.", field="txt")],
    429: [rate_limited().refusal],
    431: [HEAD_TOO_LARGE],
    500: [INTERNAL],
    503: [
        unavailable(StoreUnavailableError()).refusal,
        unavailable(StoreBusyError()).refusal,
        Refusal("newer_version", 503, "A newer version of chatsession wrote in this session; it is read-only here."),
    ],
}
"""By status, every refusal a route can answer with."""
