// One scene on a page of a shop: ?scene=warning&theme=dark&locale=ar&mode=inline; without a scene, links to all of them.

import type { Mode } from "../../../widget/app";
import { Instance } from "../../../widget/instance";
import css from "../../../widget/launcher.css?inline";
import { sheetOf } from "../../../widget/launching";
import { localeFor } from "../../../widget/locale";
import type { Scheme } from "../../../widget/theme";
import { TROUBLE_MS } from "../../../widget/views/banner";
import { puppet } from "../puppet";
import { SCENES, type Scene } from "./scenes";

const wish = new URLSearchParams(location.search);
const scene = SCENES[wish.get("scene") ?? ""];

async function show({ state, ui, isClosed, act, dropped = [] }: Scene): Promise<void> {
  const theme = (wish.get("theme") ?? "auto") as Scheme;
  const mode = (wish.get("mode") ?? "float") as Mode;
  const host = document.createElement("chat-session");
  host.style.setProperty("--cs-primary", wish.get("primary") ?? "");
  document.body.append(host);
  if (theme !== "auto") document.documentElement.style.colorScheme = theme;
  const chat = puppet({ ...state, link: "connecting" });
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheetOf(css)];
  const options = { inbox: "gallery", theme, mode, history: "off" } as const;
  const instance = new Instance(host, root, chat, options, { toggled: () => undefined, waits: () => undefined });
  let aheadMs = 0;
  instance.now = () => Date.now() + aheadMs;
  const speak = async (tag: string) => {
    instance.speak(await localeFor([tag]));
    document.documentElement.lang = instance.words.locale.tag;
    document.documentElement.dir = instance.words.dir;
    await drawn(root);
    // Trouble with the link is shown once it has lasted.
    aheadMs += TROUBLE_MS;
    instance.redraw();
    act?.(root);
    if (dropped.length) drop(root, dropped);
    await drawn(root);
  };
  if (!isClosed) instance.toggle(true);
  chat.become(state);
  instance.change(ui ?? {});
  await speak(wish.get("locale") ?? "en");
  // What a test may look at, and change.
  Object.assign(window, { chat, scene, speak });
  document.body.dataset["shown"] = wish.get("scene") ?? "";
}

function drop(root: ShadowRoot, files: NonNullable<Scene["dropped"]>): void {
  const dataTransfer = new DataTransfer();
  for (const { name, type, bytes } of files) dataTransfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
  root.querySelector(".panel")?.dispatchEvent(new DragEvent("drop", { dataTransfer }));
}

/** Wait until all that is fetched when it is shown has arrived, and one frame more. */
async function drawn(root: ShadowRoot): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  do for (const _ of [1, 2, 3]) await frame();
  while (root.querySelector(".later"));
}

function list(): void {
  const links = Object.keys(SCENES).map((name) => {
    const link = document.createElement("a");
    link.href = `?scene=${name}`;
    link.textContent = name;
    return link;
  });
  document.querySelector(".goods")?.replaceChildren(...links);
}

if (scene) void show(scene);
else list();
