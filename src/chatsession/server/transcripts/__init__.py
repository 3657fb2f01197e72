"""A chat as a file to keep: what was said, by whom and when, in text, Markdown or JSON."""

from chatsession.server.transcripts.transcript import Transcript, TranscriptFormat

__all__ = ["Transcript", "TranscriptFormat"]
