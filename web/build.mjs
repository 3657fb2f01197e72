// Builds what the server serves: `node build.mjs [folder]`, into src/chatsession/server/static unless told otherwise.
//
// The widget is an ES module in pieces, so that a visitor waits only for what is on the screen; the loader is a classic
// script, because that is what pages embed. The pieces are fetched with `import()`: that works under a policy that
// forbids scripts from being written into the page (Trusted Types).

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = resolve(process.argv[2] ?? join(HERE, "../src/chatsession/server/static"));
const DEMO = { glassbox: "glassbox/main.ts", guide: "glassbox/guide.ts", shop: "shop/main.ts" };
const PRELOAD = "\0vite/preload-helper.js";
const PACKED_BYTES_MIN = 512;

/** Pages without a charset must be able to embed what we write. */
const ascii = {
  name: "ascii",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) if (file.type === "chunk") file.code = escaped(file.code);
  },
};

/**
 * Pieces are fetched before they are imported: an import that failed once may fail for ever, a fetch can be tried again.
 * Vite wraps every `import()` into a call of a function of its own, which ours takes the place of.
 */
const patientImports = {
  name: "patient-imports",
  enforce: "pre",
  resolveId: (id) => (id === PRELOAD ? id : null),
  load: (id) => (id === PRELOAD ? FETCHING : null),
  renderChunk(code) {
    if (!code.includes("import(")) return null;
    const tree = this.parse(code);
    const calls = [...nodesIn(tree, "CallExpression")].filter(({ callee }) => callee.name === "__vitePreload");
    const known = calls.filter(({ arguments: [{ body }] }) => body?.type === "ImportExpression");
    const named = [...nodesIn(tree, "ImportExpression")].filter(({ source }) => source.type === "Literal");
    if (named.length !== known.length) this.error("There is an import() in a form that build.mjs does not know.");
    return changed(code, known.map(patient));
  },
};

const FETCHING = `
const pieces = new Map();
async function fetched(href) {
  const answer = await fetch(href);
  if (!answer.ok) throw new Error(href + ": " + answer.status);
  await answer.text();
  return import(/* @vite-ignore */ href);
}
export function __vitePreload(name) {
  const { href } = new URL(name, import.meta.url);
  if (!pieces.has(href)) pieces.set(href, fetched(href));
  const found = pieces.get(href);
  found.catch(() => pieces.delete(href));
  return found;
}
`;

/** What makes `__vitePreload("./x.js")` of `__vitePreload(() => import("./x.js"), …)`. */
function patient({ arguments: all }) {
  return { start: all[0].start, end: all.at(-1).end, text: JSON.stringify(all[0].body.source.value) };
}

/** All nodes of a kind, in the order of the text. */
function* nodesIn(node, type) {
  if (node?.type === type) yield node;
  if (node && typeof node === "object") for (const child of Object.values(node)) yield* nodesIn(child, type);
}

function changed(code, changes) {
  const last = [...changes].sort((one, other) => other.start - one.start);
  return last.reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), code);
}

function escaped(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

async function bundle(folder, { input, format, files, define = {}, entryIsOneFile = false }) {
  const built = await build({
    root: HERE,
    configFile: false,
    logLevel: "warn",
    base: "./",
    define,
    plugins: [ascii, patientImports],
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: "es2022",
      modulePreload: false,
      copyPublicDir: false,
      rolldownOptions: {
        input,
        preserveEntrySignatures: format === "es" ? "allow-extension" : false,
        output: {
          format,
          entryFileNames: files,
          chunkFileNames: "[name]-[hash].js",
          minify: true,
          ...(entryIsOneFile && { codeSplitting: { groups: GROUPS } }),
        },
      },
    },
  });
  return built.output;
}

/**
 * Each is one file with all that it cannot do without, unless that is in one before it; and each is an entry, for then
 * the bundler exports it as it is, with no object around its exports and no file that makes such objects.
 */
const PIECES = ["widget", "views/panel", "narrator", "views/talk", "page-side", "rest", "../client/engine"].map(
  (path) => [basename(path), join(HERE, "widget", `${path}.ts`)],
);
const GROUPS = PIECES.map(([name, path], at) => ({
  name: groupOf(name, path),
  debugName: name,
  priority: PIECES.length - at,
}));

/** Names the group for this module, and for those that it cannot do without. */
function groupOf(name, meant) {
  return (id, modules) => {
    const asked = [id];
    for (const each of asked) {
      if (each === meant) return name;
      for (const importer of modules.getModuleInfo(each)?.importers ?? [])
        if (!asked.includes(importer)) asked.push(importer);
    }
    return null;
  };
}

async function widget(folder) {
  const chunks = await bundle(folder, {
    input: Object.fromEntries(PIECES),
    format: "es",
    files: "[name]-[hash].js",
    entryIsOneFile: true,
  });
  const fileOf = (piece) => chunks.find(({ name }) => name === piece).fileName;
  const entry = fileOf("widget");
  await bundle(folder, {
    input: { loader: join(HERE, "widget/loader.ts") },
    format: "iife",
    files: "[name].js",
    define: { WIDGET_FILE: JSON.stringify(entry) },
  });
  const startup = ["loader.js", ...needed(chunks, entry)];
  const opening = [...needed(chunks, fileOf("panel"))].filter((name) => !startup.includes(name));
  const awaited = [...startup, ...opening];
  const running = PIECES.map(([name]) => fileOf(name)).filter((name) => !awaited.includes(name));
  return { loader: "loader.js", widget: entry, startup, opening, running };
}

/** A file and everything it cannot do without. */
function needed(chunks, name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const other of chunks.find(({ fileName }) => fileName === name).imports) needed(chunks, other, found);
  return found;
}

async function demo(folder) {
  const input = Object.fromEntries(
    Object.entries(DEMO)
      .map(([name, path]) => [name, join(HERE, path)])
      .filter(([, path]) => existsSync(path)),
  );
  if (Object.keys(input).length) await bundle(join(folder, "demo"), { input, format: "es", files: "[name].js" });
}

/** Put the packed forms beside the files of the widget. */
function pack(folder) {
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".js"))) {
    const content = readFileSync(join(folder, name));
    if (content.length < PACKED_BYTES_MIN) continue;
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
  }
}

const fresh = `${OUT}.new`;
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const manifest = await widget(fresh);
await demo(fresh);
pack(fresh);
writeFileSync(join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
// All at once: whoever serves from the folder never sees half of it.
rmSync(OUT, { recursive: true, force: true });
renameSync(fresh, OUT);
