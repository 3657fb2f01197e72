// The first script of the page: paints the launcher, takes every call, and fetches the widget when it is wanted.
// Nothing is stored, and nobody is called, before the visitor acts or has a chat already.

import css from "./launcher.css?inline";
import { adopt, launcherIn } from "./launching";
import { METHODS } from "./methods";
import { type Call, type Options, PATIENT, type Painted, TAG } from "./options";

/** The file of the widget, beside this one: the build puts its name here. */
declare const WIDGET_FILE: string;

type Handle = (call: Call) => void;
type Stub = { readonly q?: readonly (readonly [string, ...unknown[]])[] };
type Api = ((name: string, ...args: unknown[]) => Promise<unknown>) & Record<string, unknown>;

const script = document.currentScript as HTMLScriptElement;
const page = window as unknown as { chatsession?: Stub | Api };
const calls: Call[] = [];
let handle: Handle | null = null;
let loading: Promise<void> | null = null;

/** Fetch the widget, once; what did not arrive is asked for again by the next wish. */
function load(): Promise<void> {
  loading ??= import(/* @vite-ignore */ new URL(WIDGET_FILE, script.src).href).then(
    (widget: { readonly begin: (origin: string, calls: readonly Call[]) => Handle }) => {
      handle = widget.begin(new URL(script.src).origin, calls.splice(0));
    },
    (why) => {
      loading = null;
      for (const call of calls.splice(0)) call.failed(why);
    },
  );
  return loading;
}

function take(call: Call): void {
  if (call.name === "init") paint(call);
  if (handle) {
    handle(call);
    return;
  }
  calls.push(call);
  if (!PATIENT.includes(call.name)) void load();
}

/** The launcher, before anything else is there. */
function paint({ args }: Call): void {
  const options = args[0] as Options & { host?: HTMLElement };
  const host = document.createElement(TAG);
  const root = host.attachShadow({ mode: "open" });
  adopt(root, css);
  if (options.primary) host.style.setProperty("--cs-primary", options.primary);
  const node = launcherIn(root, options.label);
  (args as unknown[])[0] = { ...options, host } satisfies Options & Pick<Painted, "host">;
  for (const event of ["pointerenter", "focus"]) node.addEventListener(event, () => void load(), { once: true });
  // Once the widget draws the launcher it listens for itself.
  const open: Call = { name: "toggle", args: [], inbox: options.inbox, done: () => 0, failed: () => 0 };
  node.addEventListener("click", () => node.onclick ?? take(open));
  const show = () => document.body.append(host);
  if (document.body) show();
  else addEventListener("DOMContentLoaded", show);
  if (hasChat(options.inbox) || location.hash.startsWith("#chatsession-"))
    (window.requestIdleCallback ?? setTimeout)(() => void load());
}

function hasChat(inbox: string): boolean {
  try {
    return localStorage.getItem(`cs:${inbox}:v`) !== null;
  } catch {
    return false;
  }
}

function methodsFor(inbox: string | null): Record<string, unknown> {
  const call =
    (name: string) =>
    (...args: unknown[]) =>
      new Promise((done, failed) => take({ name, args, inbox, done, failed }));
  return Object.fromEntries(METHODS.map((name) => [name, call(name)]));
}

const methods = methodsFor(null);
const api: Api = Object.assign(
  (name: string, ...args: unknown[]) => (methods[name] as (...args: unknown[]) => Promise<unknown>)(...args),
  methods,
  { inbox: methodsFor },
);
const waiting = (page.chatsession as Stub | undefined)?.q ?? [];
page.chatsession = api;
const { inbox, locale, theme, primary, label, history } = script.dataset;
if (inbox) void api("init", { inbox, locale, theme, primary, label, history });
for (const [name, ...args] of waiting) void api(name, ...args);

const inline = () => document.querySelector(`${TAG}[inbox]`) && load();
if (document.readyState === "loading") addEventListener("DOMContentLoaded", inline);
else inline();
