"""The public contract over the network: HTTP with JSON, Server-Sent Events and WebSocket, in front of one service."""
