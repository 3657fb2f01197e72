// Weighs what a visitor waits for, after gzip: `node size.mjs [folder]`. Too heavy fails.

import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LOADER_BYTES_MAX = 2_000;
const STARTUP_BYTES_MAX = 15_000;
const STARTUP_BYTES_WARNED = 12_000;

const HERE = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(HERE, "../src/chatsession/server/static"));
const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));

const weigh = (name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
const weights = new Map(manifest.startup.map((name) => [name, weigh(name)]));
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
const all = sum([...weights.values()]);
const loader = weights.get(manifest.loader);

for (const [name, bytes] of weights) console.log(`${String(bytes).padStart(7)}  ${name}`);
console.log(`${String(all).padStart(7)}  everything a visitor waits for (at most ${STARTUP_BYTES_MAX})`);
console.log(
  `${String(sum(manifest.running.map(weigh))).padStart(7)}  and what arrives behind it, for a chat that runs`,
);

const mistakes = [
  loader >= LOADER_BYTES_MAX && `The loader has ${loader} bytes; it must stay under ${LOADER_BYTES_MAX}.`,
  all >= STARTUP_BYTES_MAX && `The start-up files have ${all} bytes; they must stay under ${STARTUP_BYTES_MAX}.`,
].filter(Boolean);
if (all >= STARTUP_BYTES_WARNED)
  console.warn(`(From ${STARTUP_BYTES_WARNED} on, no mistake yet: leave out what few visitors need.)`);
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length ? 1 : 0;
