// A stream is read the same, wherever the network cuts it.

import fc from "fast-check";
import { expect, test } from "vitest";
import { SseReader } from "../client/sse";

function read(pieces: readonly string[]): { events: [string, string][]; comments: string[] } {
  const events: [string, string][] = [];
  const comments: string[] = [];
  const reader = new SseReader(
    (event, data) => events.push([event, data]),
    (comment) => comments.push(comment),
  );
  for (const piece of pieces) reader.push(piece);
  return { events, comments };
}

const STREAM = [
  'retry: 1000\nevent: hello\ndata: {"head":3}\n\n',
  ": head 7\n\n",
  'id: 4\r\ndata: {"text":"two: colons\u2028and a line of their own"}\r\n\r\n',
  "data:no space\rdata: second line\r\r",
  "event: signal\ndata: \u{1f457}\n\nevent: nothing\n\n",
].join("");

const WHOLE = read([STREAM]);

test("events have names and data, comments are told apart", () => {
  expect(WHOLE.comments).toEqual(["head 7"]);
  expect(WHOLE.events).toEqual([
    ["hello", '{"head":3}'],
    ["", '{"text":"two: colons\u2028and a line of their own"}'],
    ["", "no space\nsecond line"],
    ["signal", "\u{1f457}"],
  ]);
});

test("every way of cutting the stream gives the same", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 20 }), (cuts) => {
      const places = [0, ...[...cuts].sort((a, b) => a - b), STREAM.length];
      const pieces = places.slice(1).map((end, index) => STREAM.slice(places[index], end));

      expect(read(pieces)).toEqual(WHOLE);
    }),
  );
});

test("what has not ended yet is not told", () => {
  expect(read(["data: half of an ev"]).events).toEqual([]);
  expect(read(["data: whole\n"]).events).toEqual([]);
});
