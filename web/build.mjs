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
/** What arrives once the visitor acts, and with the first session. */
const RUNNING = ["engine", "following"];
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
 * Our own function takes the place of the library's, and of every `import()` around it.
 */
const patientImports = {
  name: "patient-imports",
  enforce: "pre",
  resolveId: (id) => (id === PRELOAD ? id : null),
  load: (id) => (id === PRELOAD ? FETCHING : null),
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) if (file.type === "chunk") file.code = patient(file.code);
  },
};

const FETCHING = `
const pieces = new Map();
async function fetched(href) {
  const answer = await fetch(href);
  if (!answer.ok) throw answer;
  await answer.text();
  return import(/* @vite-ignore */ href);
}
function piece(name, from) {
  const { href } = new URL(name, from);
  if (!pieces.has(href)) pieces.set(href, fetched(href));
  const found = pieces.get(href);
  found.catch(() => pieces.delete(href));
  return found;
}
export const __vitePreload = (load, _, from) => load((name) => piece(name, from));
`;

/** `f(() => import("./x.js"), [], import.meta.url)` becomes `f((i) => i("./x.js"), 0, import.meta.url)`. */
function patient(code) {
  const found = code
    .replace(/\(\)=>import\((?=`)/g, "$$$$=>$$$$(")
    .replace(/async\(\)=>(\{let\{[^{}]*\}=await )import\((?=`)/g, "async $$$$=>$1$$$$(");
  if (/\bimport\([`'"]/.test(found)) throw new Error("An import() is written in a way that build.mjs does not know.");
  return found.replace(/,\[\],import\.meta\.url\)/g, ",0,import.meta.url)");
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
          ...(entryIsOneFile && { codeSplitting: { groups: [{ name: startOf, debugName: "start" }] } }),
        },
      },
    },
  });
  return built.output;
}

/** What an entry cannot do without is one file, whatever shares it later. */
function startOf(id, modules) {
  const asked = [id];
  for (const each of asked) {
    const module = modules.getModuleInfo(each);
    if (module?.isEntry) return `${basename(each, ".ts")}-start`;
    for (const importer of module?.importers ?? []) if (!asked.includes(importer)) asked.push(importer);
  }
  return null;
}

async function widget(folder) {
  const chunks = await bundle(folder, {
    input: { widget: join(HERE, "widget/widget.ts") },
    format: "es",
    files: "[name]-[hash].js",
    entryIsOneFile: true,
  });
  const entry = chunks.find(({ isEntry }) => isEntry);
  await bundle(folder, {
    input: { loader: join(HERE, "widget/loader.ts") },
    format: "iife",
    files: "[name].js",
    define: { WIDGET_FILE: JSON.stringify(entry.fileName) },
  });
  const startup = ["loader.js", ...needed(chunks, entry.fileName)];
  const parts = chunks
    .filter(({ name }) => RUNNING.includes(name))
    .flatMap(({ fileName }) => [...needed(chunks, fileName)]);
  const running = [...new Set(parts)].filter((name) => !startup.includes(name));
  return { loader: "loader.js", widget: entry.fileName, startup, running };
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
