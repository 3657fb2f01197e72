"""What a website pastes to have the chat on its pages."""


def script_tag(base_url: str, inbox: str) -> str:
    """The one line, for an inbox of the server at this address."""
    return f'<script src="{base_url}/widget.js" data-inbox="{inbox}" async></script>'
