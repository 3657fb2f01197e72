// The first script of the page: paints the launcher, takes every call, and fetches the widget when it is wanted.
// Nothing is stored, and nobody is called, before the visitor acts or has a chat already.

import css from "./launcher.css?inline";
import { paintLauncher, sheetOf } from "./launching";
import { troubleIn } from "./locale/trouble";
import { METHODS, PATIENT } from "./methods";
import { type Call, type Options, type Painted, TAG } from "./options";
import { PAUSE_MS_MIN, pause } from "./pause";

/** The file of the widget, beside this one: the build puts its name here. */
declare const WIDGET_FILE: string;

type Handle = (call: Call) => void;
type Stub = { readonly q?: readonly (readonly [string, ...unknown[]])[] };
type Methods = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
type Api = Methods & { readonly inbox: (inbox: string) => Methods };

/** What cannot be used as it is: a chat within the page, and any launcher while a modal dialog of the page is open. */
const PRESSING = `:is(${TAG}[inbox],dialog:modal)`;

const script = document.currentScript as HTMLScriptElement;
const page = window as unknown as { chatsession?: Stub | Api };
const calls: Call[] = [];
const painted: { readonly host: HTMLElement; readonly node: HTMLElement }[] = [];
let handle: Handle | null = null;
let loading: Promise<void> | undefined;

/** Fetch the widget, once. */
function load(): Promise<void> {
  loading ??= arrive();
  return loading;
}

/** Whoever wants the chat gets it, as soon as it can be had. */
async function arrive(): Promise<void> {
  let file = WIDGET_FILE;
  for (let pauseMs = PAUSE_MS_MIN; ; pauseMs *= 2) {
    try {
      // Fetched before it is imported: an import that failed once may fail for ever.
      await fetched(file);
      handle = (await import(/* @vite-ignore */ addressOf(file))).begin(new URL(script.src).origin, calls.splice(0));
      return watch.disconnect();
    } catch {
      if (calls.some(isPressing)) complain();
      await pause(pauseMs);
      // A server that became another one has other files.
      await fetched("manifest.json")
        .then((manifest) => (file = JSON.parse(manifest).widget))
        .catch(() => 0);
    }
  }
}

async function fetched(file: string): Promise<string> {
  const answer = await fetch(addressOf(file));
  if (!answer.ok) throw Error(file);
  return answer.text();
}

function addressOf(file: string): string {
  return new URL(`widget/${file}`, script.src).href;
}

/** Say beside the launcher that it was heard, and why nothing comes of it yet. */
function complain(): void {
  for (const { node } of painted) {
    node.className = "launcher away";
    node.setAttribute("aria-label", troubleIn(node.lang));
  }
}

function take(call: Call): void {
  if (call.name === "init") paint(call);
  if (handle) {
    handle(call);
    return;
  }
  calls.push(call);
  if (isPressing(call)) load();
}

function isPressing({ name }: Call): boolean {
  return METHODS.indexOf(name) >= PATIENT;
}

/** The launcher, before anything else is there. */
function paint({ args }: Call): void {
  const options = args[0] as Options & { host?: HTMLElement };
  const host = document.createElement(TAG);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheetOf(css)];
  if (options.primary) host.style.setProperty("--cs-primary", options.primary);
  const node = paintLauncher(root, options.label);
  node.lang = options.locale || document.documentElement.lang || navigator.language;
  painted.push({ host, node });
  (args as unknown[])[0] = { ...options, host } satisfies Options & Pick<Painted, "host">;
  node.onpointerenter = node.onfocus = load;
  // Until the widget listens itself; pressed twice before that, it is meant once.
  const press: Call = { name: "toggle", args: [], inbox: options.inbox };
  node.onclick = () => calls.includes(press) || take(press);
  look();
  if (hasChat(options.inbox) || location.hash.startsWith("#chatsession-"))
    (window.requestIdleCallback ?? setTimeout)(load);
}

/** Stand in the page, as soon as it has a body and whatever it does to that; and see whether the widget presses. */
function look(): void {
  for (const { host } of painted) if (!host.isConnected) document.body?.append(host);
  if (document.querySelector(PRESSING)) load();
}

function hasChat(inbox: string): boolean {
  try {
    return !!localStorage.getItem(`cs:${inbox}:v`);
  } catch {
    return false;
  }
}

function methodsFor(inbox: string | null): Methods {
  const call =
    (name: string) =>
    (...args: unknown[]) =>
      new Promise((done, failed) => take({ name, args, inbox, done, failed }));
  return Object.fromEntries(METHODS.map((name) => [name, call(name)]));
}

const watch = new MutationObserver(look);
watch.observe(document, { subtree: true, childList: true, attributeFilter: ["open"] });
const methods = methodsFor(null);
if (script.dataset["inbox"]) void methods["init"]?.(script.dataset);
for (const [name, ...args] of (page.chatsession as Stub | undefined)?.q ?? []) void methods[name]?.(...args);
page.chatsession = { ...methods, inbox: methodsFor } as Api;
look();
