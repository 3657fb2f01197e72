"""What a model's tokens cost: a table of your own, in millionths of a US dollar for a million tokens."""

import msgspec

from chatsession.core.events import Usage

MILLION = 1_000_000


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """$0.15 for a million tokens is 150_000."""

    input_microusd: int
    output_microusd: int
    cached_input_microusd: int | None = None
    """For input tokens that the server had in its cache; None: as all others."""


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """What one call of the model used."""

    input: int
    output: int
    cached: int = 0
    is_estimated: bool = False


def usage_of(tokens: Tokens, price: Price | None) -> Usage:
    """One call's usage with its cost, rounded up; without a price it costs nothing that we know of."""
    return Usage(
        tokens_in=tokens.input,
        tokens_out=tokens.output,
        cost_microusd=0 if price is None else _cost_microusd(tokens, price),
        model_calls=1,
    )


def _cost_microusd(tokens: Tokens, price: Price) -> int:
    cached = min(tokens.cached, tokens.input)
    cached_price = price.input_microusd if price.cached_input_microusd is None else price.cached_input_microusd
    cost = (
        (tokens.input - cached) * price.input_microusd + cached * cached_price + tokens.output * price.output_microusd
    )
    return -(-cost // MILLION)
