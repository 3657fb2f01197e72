// One scene on a page of a shop: ?scene=warning&theme=dark&locale=ar&mode=inline

import type { Mode, Ui } from "../../../widget/app";
import { Instance } from "../../../widget/instance";
import css from "../../../widget/launcher.css?inline";
import { sheetOf } from "../../../widget/launching";
import { localeFor } from "../../../widget/locale";
import type { Scheme } from "../../../widget/theme";
import { puppet } from "../puppet";
import { SCENES } from "./scenes";

const wish = new URLSearchParams(location.search);
const scene = SCENES[wish.get("scene") ?? "talk"];
const theme = (wish.get("theme") ?? "light") as Scheme;
const mode = (wish.get("mode") ?? "float") as Mode;

async function show(): Promise<void> {
  if (!scene) return;
  const host = document.createElement("chat-session");
  host.style.setProperty("--cs-primary", wish.get("primary") ?? "");
  document.body.append(host);
  document.body.classList.toggle("dark", theme === "dark");
  const chat = puppet({ ...scene.state, link: "connecting" });
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheetOf(css)];
  const options = { inbox: "gallery", theme, mode, history: "off" } as const;
  const instance = new Instance(host, root, chat, options, () => undefined);
  instance.speak(await localeFor([wish.get("locale") ?? "en"]));
  if (!scene.isClosed) instance.toggle(true);
  chat.become(scene.state);
  instance.change((scene.ui ?? {}) as Partial<Ui>);
  setTimeout(() => act(root), 300);
}

function act(root: ShadowRoot): void {
  if (scene?.act === "sources") root.querySelector("details")?.toggleAttribute("open");
  if (scene?.act === "submit-form") root.querySelector<HTMLButtonElement>(".form .main")?.click();
}

void show();
