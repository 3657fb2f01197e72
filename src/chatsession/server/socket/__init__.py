"""Sessions over WebSocket: one conversation for each socket, above a small contract that two libraries fulfil."""
