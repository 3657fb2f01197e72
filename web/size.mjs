// Weighs what a visitor waits for, after gzip: `node size.mjs [folder]`. Too heavy fails.

import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LOADER_BYTES_MAX = 2_000;
const STARTUP_BYTES_MAX = 11_000;
const OPENING_BYTES_MAX = 15_000;

const HERE = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(HERE, "../src/chatsession/server/static"));
const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));

const weigh = (name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
const loader = weigh(manifest.loader);
const startup = sum(manifest.startup.map(weigh));
const opening = startup + sum(manifest.opening.map(weigh));
const running = sum(manifest.running.map(weigh));

for (const name of [...manifest.startup, ...manifest.opening]) tell(weigh(name), name);
tell(startup, `what a page with a chat fetches (at most ${STARTUP_BYTES_MAX})`);
tell(opening, `with what a visitor waits for who opens it (at most ${OPENING_BYTES_MAX})`);
tell(running, "and what arrives behind it, for a chat that runs");

const mistakes = [
  loader >= LOADER_BYTES_MAX && `The loader has ${loader} bytes; it must stay under ${LOADER_BYTES_MAX}.`,
  startup >= STARTUP_BYTES_MAX &&
    `The start-up files have ${startup} bytes; they must stay under ${STARTUP_BYTES_MAX}.`,
  opening >= OPENING_BYTES_MAX && `An opened chat has ${opening} bytes; it must stay under ${OPENING_BYTES_MAX}.`,
].filter(Boolean);
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length ? 1 : 0;

function tell(bytes, what) {
  console.log(`${String(bytes).padStart(7)}  ${what}`);
}
