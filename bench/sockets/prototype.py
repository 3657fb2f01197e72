"""The least that is durable: what a message must cost, without any of what makes it a session.

Decode and check the frame, number it within its session, write one row for it in a transaction that a writer thread
shares among all who wait, with fsync; then the event to both sides and an ack. No rules, no identity, no idempotency,
no timers, no snapshots, no search.
"""

import asyncio
import queue
import threading
from typing import Literal

import msgspec

from chatsession import sqlite
from chatsession.server.socket.frames import EVENT, Ack

BATCH_MAX = 1_024
encode = msgspec.json.Encoder().encode


class Frame(msgspec.Struct, forbid_unknown_fields=True):
    type: Literal["command"]
    command: Literal["post_message"]
    client_id: str
    text: str


class Event(msgspec.Struct):
    seq: int
    type: str
    client_id: str
    text: str


decode = msgspec.json.Decoder(Frame).decode


class Session:
    def __init__(self, number):
        self.number = number
        self.seq = 0
        self.sides = []


class Side:
    """One of the two connections of a session."""

    def __init__(self, prototype, session, connection):
        self.prototype, self.session, self.connection = prototype, session, connection
        self.is_in = False
        session.sides.append(self)

    def on_text(self, data):
        if not self.is_in:
            self.is_in = True
            self.connection.send(b'{"type":"hello"}')
            return
        frame = decode(data)
        self.session.seq += 1
        event = Event(self.session.seq, "message_posted", frame.client_id, frame.text)
        self.prototype.append(self, event, encode(event))

    def durable(self, event, data):
        framed = EVENT % data
        for side in self.session.sides:
            side.connection.send(framed)
        self.connection.send(encode(Ack(client_id=event.client_id, seq=event.seq, message_id="", repeated=False)))

    def on_binary(self):
        pass

    def on_gone(self):
        self.session.sides.remove(self)

    def on_closing(self):
        self.connection.close(1012, "")


class Prototype:
    def __init__(self, folder):
        self.sessions = {}
        self.jobs = queue.SimpleQueue()
        self.database = sqlite.open_database(folder / "prototype.db")
        self.database.execute("create table events (sno, seq, frame, primary key (sno, seq)) without rowid")
        self.loop = asyncio.get_running_loop()
        threading.Thread(target=self.write, daemon=True).start()

    def meet(self, connection, place):
        session = self.sessions.setdefault(place.session, Session(len(self.sessions)))
        return Side(self, session, connection)

    def append(self, side, event, data):
        self.jobs.put((side, event, data))

    def write(self):
        while True:
            jobs = [self.jobs.get()]
            while len(jobs) < BATCH_MAX and not self.jobs.empty():
                jobs.append(self.jobs.get())
            self.database.execute("begin immediate")
            rows = [(side.session.number, event.seq, data) for side, event, data in jobs]
            self.database.executemany("insert into events values (?, ?, ?)", rows)
            self.database.execute("commit")
            self.loop.call_soon_threadsafe(self.tell, jobs)

    def tell(self, jobs):
        for side, event, data in jobs:
            side.durable(event, data)
