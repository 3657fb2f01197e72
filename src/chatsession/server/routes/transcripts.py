"""The chat as a file to keep."""

from typing import Annotated

from litestar import get
from litestar.params import FromPath, QueryParameter
from litestar.response.streaming import ASGIStreamingResponse

from chatsession.server.providing import Serving, Who
from chatsession.server.routes.files import disposition
from chatsession.server.routes.ready import FORM_VARIES
from chatsession.server.transcripts import Transcript, TranscriptFormat


@get("/v1/sessions/{session:str}/transcript", tags=["sessions"], media_type="text/plain", opt={FORM_VARIES: True})
async def read_transcript(
    session: FromPath[str],
    principal: Who,
    service: Serving,
    format: Annotated[TranscriptFormat, QueryParameter(description="How it is written.")] = "text",  # noqa: A002  the word for it
) -> ASGIStreamingResponse:
    """What was said, by whom and when, as a file to save; a visitor gets what a visitor may see."""
    lane = await service.door.state(principal, session)
    transcript = Transcript(service, principal, lane.session, format)
    headers = {
        "Content-Disposition": disposition("attachment", transcript.file_name),
        "Cache-Control": "private, no-store",
    }
    return ASGIStreamingResponse(iterator=transcript.pieces(), media_type=transcript.media_type, headers=headers)


ROUTES = [read_transcript]
