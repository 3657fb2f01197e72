"""How uvicorn is told to carry sockets."""

from typing import Any

from chatsession.runtime.service import Service
from chatsession.server.options import ServerOptions
from chatsession.server.socket.picows_protocol import picows_protocol


def uvicorn_settings(service: Service, options: ServerOptions) -> dict[str, Any]:
    """The arguments of `uvicorn.Config` that choose who carries sockets, and bound what they take in.

    Nothing is compressed: that would cost more memory for each socket than everything else together. Nothing is pinged
    either: the beat does that, and `TCP_USER_TIMEOUT` notices who does not take it.
    """
    return {
        "ws": picows_protocol(service, options) if options.ws == "picows" else options.ws,
        "ws_max_size": options.frame_bytes_max,
        "ws_per_message_deflate": False,
        "ws_ping_interval": None,
        "ws_ping_timeout": None,
    }
