"""A bot as a server of its own, in plain Python: it checks who asks, and signs what it answers.

Point an inbox at it (in chatsession.toml) with the same secret:

    [inboxes.shop.bot]
    kind = "webhook"
    url = "http://127.0.0.1:8100"
    secret = "a-secret-that-both-sides-know"

Run it with `python webhook_receiver.py 8100 a-secret-that-both-sides-know`; it prints where it listens.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chatsession.bots.signatures import SignatureError, answer_headers, verify_signature

PORT, SECRET = int(sys.argv[1]), sys.argv[2]


class Bot(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            verify_signature([SECRET], self.headers, body)
        except SignatureError as error:
            self.send_error(401, str(error))
            return
        turn = json.loads(body)
        self.answer({"text": f"You said: {turn['text']}"})

    def answer(self, answer):
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer_headers(SECRET, self.headers, body).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing: what visitors write belongs in no log."""


server = ThreadingHTTPServer(("127.0.0.1", PORT), Bot)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
