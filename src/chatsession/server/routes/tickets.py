"""Tickets: how a stream is opened by those who cannot send headers, without a token in an address."""

from litestar import post
from litestar.params import JSONBody

from chatsession.server.providing import Serving, Who
from chatsession.server.shapes import Ticket, TicketRequest


@post("/v1/tickets", tags=["streams"])
async def new_ticket(principal: Who, service: Serving, data: JSONBody[TicketRequest]) -> Ticket:
    """A ticket for one stream or socket of one session: it works once, for half a minute."""
    await service.door.state(principal, data.session)
    ticket = await service.identity.new_ticket(principal, data.session)
    return Ticket(ticket=ticket, expires_in=int(service.identity.ticket_lifetime.total_seconds()))


ROUTES = [new_ticket]
