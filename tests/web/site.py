"""A customer's website: pages on an origin of their own, with whatever headers a test gives them."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Sheet:
    """One page of the site: its bytes as they are sent, and the headers beside them."""

    body: str
    headers: dict[str, str] = field(default_factory=dict)


def snippet(server: str, inbox: str = "shop", **options: str) -> str:
    """What a customer pastes."""
    more = "".join(f' data-{name}="{value}"' for name, value in options.items())
    return f'<script src="{server}/widget.js" data-inbox="{inbox}"{more} async></script>'


def page_with(content: str, title: str = "A customer's page", lang: str = "en") -> str:
    """A plain page around it."""
    return f"""<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1><p>What the customer sells.</p></main>{content}</body></html>"""


class Site:
    """Serves sheets by path, from a thread, on 127.0.0.1 at a port of its own."""

    def __init__(self, sheets: dict[str, Sheet]):
        self.sheets = sheets
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                sheet = site.sheets.get(self.path.partition("?")[0])
                body = (sheet or Sheet("not here")).body.encode()
                self.send_response(200 if sheet else 404)
                headers = {"Content-Type": "text/html", "Content-Length": str(len(body)), "Cache-Control": "no-cache"}
                for name, value in (headers | (sheet.headers if sheet else {})).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
