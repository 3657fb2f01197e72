"""The listening socket: what the kernel holds for a reader that stalls is bounded, in bytes and in time."""

import socket

from chatsession.server.options import ServerOptions

DEFAULTS = ServerOptions()
BACKLOG = 2_048
MILLISECONDS = 1_000


def listening_socket(host: str, port: int, options: ServerOptions = DEFAULTS) -> socket.socket:
    """Listen; every connection accepted from it inherits the bounds."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Head and body of an answer are two writes: the second would wait 40 ms for the first one's acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, options.send_buffer_bytes)
        # Closing a transport waits for what it has not sent: without this, a peer that stopped reading stays for ever.
        user_timeout = getattr(socket, "TCP_USER_TIMEOUT", None)
        if user_timeout is not None:
            listener.setsockopt(socket.IPPROTO_TCP, user_timeout, options.unacked_seconds_max * MILLISECONDS)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        listener.setblocking(False)  # noqa: FBT003  positional alone
    except BaseException:
        listener.close()
        raise
    return listener
