"""What bounds the server towards the network: every limit has a name and a safe default."""

from typing import Literal

import msgspec

KIB = 1024


class ServerOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom the server believes, how much it takes in, and how long it waits; without a change it is safe."""

    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; nobody else's are."""
    hosts: tuple[str, ...] = ()
    """Names under which the server may be addressed (`Host`); none means any."""
    metrics: Literal["local", "key", "off"] = "local"
    """Who reads /metrics: programs on this machine and admin keys, admin keys alone, nobody."""

    body_bytes_max: int = 256 * KIB
    body_seconds_max: float = 15
    header_bytes_max: int = 32 * KIB
    url_bytes_max: int = 32 * KIB
    """The longest address with filters that are each within their own limits is a little shorter."""
    header_seconds_max: float = 10
    """How long a connection may take over the head of a request before it is closed."""
    idle_connection_seconds: int = 65
    """How long a connection is kept for a next request: longer than proxies in front usually keep theirs."""

    requests_running_max: int = 1_000
    requests_per_second: float = 100
    """Of one visitor; messages have their own, lower rate."""
    requests_burst: int = 300
    address_requests_per_second: float = 100
    """Of one address, loopback apart: there it is this machine, or a proxy that speaks for everybody."""
    address_requests_burst: int = 1_000
    buckets_max: int = 50_000

    upload_seconds_max: float = 120
    """Within which a file has to arrive; how large it may be is the inbox's matter."""
    uploads_per_visitor_max: int = 3
    uploads_max: int = 64
    """Files that arrive at the same time."""
    widget_folder: str | None = None
    """Where the built widget is; none is the one that comes along."""

    wait_seconds_max: int = 30
    waits_per_visitor_max: int = 16
    waits_max: int = 2_000
    """Long polls that wait at the same time."""

    connections_per_visitor_max: int = 64
    connections_max: int = 12_000
    """Streams, or sockets, that are open at the same time."""
    buffer_bytes_max: int = 256 * KIB
    """What waits for one slow reader before the connection is dropped, to be opened anew."""
    beat_seconds: float = 15
    """A stream says where the session's head is this often, so that a reader knows what it has missed."""
    reconnect_ms: int = 1_000
    reconnect_spread_ms: int = 4_000
    """Readers that are sent away together come back spread over this time."""

    ws: Literal["picows", "websockets-sansio"] = "picows"
    """Who carries sockets; uvicorn's own are there for where picows has no wheel."""
    frame_bytes_max: int = 64 * KIB
    """Of one WebSocket frame from a client."""
    auth_seconds_max: float = 5
    """Within which a socket's first frame must say who it is."""
    frames_per_second: float = 10
    """Of one socket; what comes faster is refused, and refused too often the socket is closed."""
    frames_burst: int = 30

    send_buffer_bytes: int = 64 * KIB
    """What the kernel holds for one connection; Linux takes twice as much."""
    unacked_seconds_max: int = 12
    """After which a peer that takes nothing more is given up by the kernel (where it can: TCP_USER_TIMEOUT)."""
    turn_grace_seconds: float = 10
    """What running answers get at the end."""
    exit_seconds_max: int = 25
    """After which whatever still runs is cut off."""
