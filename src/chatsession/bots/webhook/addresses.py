"""Where a name leads: looked up once, every address checked, and the connection made to an address that was checked.

A name may stand for another address a moment later; whoever looks it up twice has checked nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

from chatsession.bot import BotError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, for a port."""

_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
# Public by the letter of Python's tables; in fact ways into other networks, or for documentation.
_NOT_PUBLIC = [
    ipaddress.ip_network(each) for each in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")
]


async def looked_up(host: str, port: int) -> Sequence[str]:
    """The addresses the system knows for a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


async def checked_addresses(
    host: str, port: int, *, resolve: Resolve, allow_private: bool, seconds: float
) -> Sequence[str]:
    """The addresses of the host that may be connected to: all of them, or none if one of them is not allowed."""
    try:
        async with asyncio.timeout(seconds):
            found = await resolve(host, port)
    except (TimeoutError, OSError, UnicodeError):
        found = ()
    if not found:
        raise BotError("upstream_error", f"there is no address for {host}")
    if not (allow_private or is_loopback_name(host)):
        for each in found:
            if not is_public(ipaddress.ip_address(each)):
                raise BotError("forbidden_address", f"{host} leads to {each}, which is no public address")
    return found


def is_public(address: Address) -> bool:
    """Whether anybody on the internet can reach the address, and nothing inside our network can be behind it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in _PUBLIC_V6:
            return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in _NOT_PUBLIC if network.version == address.version)


def is_loopback_name(host: str) -> bool:
    """Whether the host is this machine by its very name: whoever wrote that knows where it leads."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
