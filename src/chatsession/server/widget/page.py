"""The page that is nothing but a chat: for links in mails, and for sites that cannot embed a script."""

import html

from chatsession.runtime.inboxes import Inbox

FENCE = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' blob: data:; font-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script';"
    " trusted-types 'none'"
)
"""Scripts of our own alone, no word of style or script in the page, and nobody's frame around it."""
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>{title}</title>
</head>
<body>
<chat-session inbox="{inbox}" mode="page"></chat-session>
<noscript>{title}: this chat needs JavaScript.</noscript>
<script src="/widget.js" async></script>
</body>
</html>
"""


def page_of(inbox: Inbox, language: str | None) -> str:
    """The whole page, for a reader of this language: the widget takes its own from there."""
    title = html.escape(inbox.title or inbox.name)
    return _PAGE.format(title=title, inbox=html.escape(inbox.name), language=html.escape(language or "en"))
