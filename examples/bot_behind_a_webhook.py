"""A bot as a server of its own, in plain Python: it checks who asks, and signs what it answers.

Prints:
    Ana is told: You said: Hello
    A stranger is told: 401 Unauthorized
"""

import asyncio
import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chatsession import ChatSessions
from chatsession.bots.signatures import SignatureError, answer_headers, verify_signature
from chatsession.bots.webhook import WebhookBot, WebhookOptions

SECRET = "a-secret-that-both-sides-know"  # noqa: S105  an example's


class Server(BaseHTTPRequestHandler):
    """The receiving side: this much goes into your own server, whatever its framework."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            verify_signature([SECRET], self.headers, body)
        except SignatureError:
            self.send_response(401, "Unauthorized")
            self.end_headers()
            return
        turn = json.loads(body)
        answer = json.dumps({"text": f"You said: {turn['text']}"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        for name, value in answer_headers(SECRET, self.headers, answer).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Say nothing: what visitors write belongs in no log."""


async def chat(url):
    bot = WebhookBot(WebhookOptions(url=url, secrets=(SECRET,), signed_answers=True))
    async with ChatSessions(bot=bot) as chats:
        session = await chats.open(visitor="ana", text="Hello")
        print("Ana is told:", await session.answer())


def intrude(port):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/", b'{"text": "Hello"}')
    refused = connection.getresponse()
    print("A stranger is told:", refused.status, refused.reason)
    connection.close()


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
asyncio.run(chat(f"http://127.0.0.1:{server.server_port}/"))
intrude(server.server_port)
server.shutdown()
server.server_close()
