// The widgets of one page: each in its place, those of the same inbox over the same chat.

import { createChat } from "../client/chat";
import type { Chat } from "../client/state";
import type { Json } from "../client/wire";
import { Events, type Listener } from "./events";
import { eventually } from "./eventually";
import { Instance } from "./instance";
import { fetchPageSide } from "./lazy-parts";
import { localeFor } from "./locale";
import type { Call, Options } from "./options";
import { Remembrance } from "./remembrance";
import type { Mark, Title } from "./title";

export interface Embedded {
  readonly instance: Instance;
  readonly events: Events;
  end(): void;
}

type Command = (to: Embedded, ...args: readonly unknown[]) => unknown;

export class Registry {
  readonly #chats = new Map<string, Chat>();
  readonly #embedded = new Map<HTMLElement, Embedded>();
  #title: Promise<Title> | null = null;

  constructor(private readonly origin: string) {}

  /** Do what the page asks for; its promise holds what came of it. */
  readonly take = ({ name, args, inbox, done, failed }: Call): void => {
    this.#answer(name, args, inbox).then(done, failed);
  };

  /** Put a widget into this element, once. */
  mount(host: HTMLElement, options: Options): void {
    if (this.#embedded.has(host)) return;
    const events = new Events(host);
    const [key, chat] = this.#chat(options);
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    const page = {
      toggled: (isOpen: boolean) => events.tell(isOpen ? "open" : "close", {}),
      waits: this.#waits,
    };
    const instance = new Instance(host, root, chat, options, page);
    const leave = instance.mode === "float" ? standing(host) : () => undefined;
    const stop = listen(chat, events);
    const end = () => {
      leave();
      stop();
      instance.end();
      this.#embedded.delete(host);
      if ([...this.#embedded.values()].some((other) => other.instance.chat === chat)) return;
      chat.destroy();
      this.#chats.delete(key);
    };
    this.#embedded.set(host, { instance, events, end });
    if (options.identity) void chat.identify(options.identity);
    void this.#begin(instance, options).then(() => events.tell("ready", {}));
  }

  /** The page took the element away, or only moved it: then it is there again at once. */
  unmount(host: HTMLElement): void {
    queueMicrotask(() => host.isConnected || this.#embedded.get(host)?.end());
  }

  async #answer(name: string, args: readonly unknown[], inbox: string | null): Promise<unknown> {
    if (name === "init") {
      const options = args[0] as Options & { readonly host: HTMLElement };
      return this.mount(options.host, options);
    }
    const to = this.#find(inbox);
    if (!to) throw new TypeError(`chatsession: there is no widget of the inbox "${inbox ?? ""}" on this page.`);
    // These wait for nothing more: who listens must not miss what comes first.
    if (name === "on" || name === "once" || name === "off")
      return to.events[name](args[0] as string, args[1] as Listener);
    if (name === "toggle") return to.instance.toggle(!to.instance.ui.isOpen);
    const { COMMANDS } = await fetchPageSide();
    const command = COMMANDS[name as keyof typeof COMMANDS] as Command | undefined;
    if (!command) throw new TypeError(`chatsession: there is no call "${name}".`);
    return command(to, ...args);
  }

  /** The page's title is one for all widgets; where nothing ever waits it is left alone. */
  readonly #waits = (widget: Instance, mark: Mark | undefined): void => {
    if (!this.#title && !mark) return;
    this.#title ??= fetchPageSide().then(({ Title }) => new Title());
    this.#title.then(
      (title) => title.mark(widget, mark),
      () => {
        this.#title = null;
      },
    );
  };

  async #begin(instance: Instance, { locale }: Options): Promise<void> {
    const near = instance.host.closest<HTMLElement>("[lang]")?.lang ?? "";
    const wanted = [locale, near, ...navigator.languages].filter((tag) => !!tag) as string[];
    instance.speak(await localeFor(wanted));
    instance.restore();
  }

  #chat(options: Options): readonly [string, Chat] {
    const origin = options.origin ?? this.origin;
    const key = `${origin} ${options.inbox}`;
    const { inbox } = options;
    const chat = this.#chats.get(key) ?? createChat({ inbox, origin, metadata: () => metadataOf(options) });
    this.#chats.set(key, chat);
    return [key, chat];
  }

  #find(inbox: string | null): Embedded | undefined {
    const all = [...this.#embedded.values()];
    return inbox === null ? all[0] : all.find(({ instance }) => instance.inbox === inbox);
  }
}

/** The launcher stands already; keeping it in reach comes behind. */
function standing(host: HTMLElement): () => void {
  let isOver = false;
  let leave: () => void = () => undefined;
  eventually(fetchPageSide, ({ stand }) => {
    if (!isOver) leave = stand(host);
  });
  return () => {
    isOver = true;
    leave();
  };
}

/** What the page says of a session that begins, and when the visitor agreed to it. */
function metadataOf({ inbox, metadata }: Options): Readonly<Record<string, Json>> {
  const agreed_at = new Remembrance(inbox).agreedAt();
  return { ...metadata, ...(agreed_at && { agreed_at }) };
}

/** Tell the page what happens, once something does: until then nobody needs to know what could. */
function listen(chat: Chat, events: Events): () => void {
  let before = chat.getState();
  let loading: Promise<typeof import("./page-side")> | null = null;
  return chat.subscribe((state) => {
    const was = before;
    before = state;
    loading ??= fetchPageSide();
    loading.then(
      ({ newsBetween }) => {
        for (const [name, detail] of newsBetween(was, state)) events.tell(name, detail);
      },
      () => {
        loading = null;
      },
    );
  });
}
