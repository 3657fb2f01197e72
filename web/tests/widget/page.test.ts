// @vitest-environment happy-dom

import { afterEach, describe, expect, it, vi } from "vitest";
import { takeSecret } from "../../widget/elsewhere";
import { launcherIn } from "../../widget/launching";
import { ENGLISH } from "../../widget/locale";
import { keydown, settled, stage, strike } from "./stage";
import { session, state } from "./states";

afterEach(strike);

describe("the page around", () => {
  it("hears no keys of the chat", async () => {
    const heard = vi.fn();
    document.addEventListener("keydown", heard);
    const { one } = await stage(state());

    one(".composer textarea").dispatchEvent(keydown("k"));

    expect(heard).not.toHaveBeenCalled();
    document.removeEventListener("keydown", heard);
  });

  it("hears its keys again once the element was taken away and put back", async () => {
    const heard = vi.fn();
    document.addEventListener("keyup", heard);
    const first = await stage(state());
    first.one(".composer textarea").dispatchEvent(keydown("k"));

    first.instance.end();
    const { one } = await stage(state(), {}, first.instance.host);
    one(".launcher").dispatchEvent(new KeyboardEvent("keyup", { key: "k", bubbles: true, composed: true }));

    expect(heard).toHaveBeenCalledOnce();
    document.removeEventListener("keyup", heard);
  });

  it("gets the focus back at the launcher when Escape closes the chat", async () => {
    const { one, root } = await stage(state());
    expect(root.activeElement).toBe(one("textarea"));

    one("textarea").dispatchEvent(keydown("Escape"));

    expect(one(".panel").hidden).toBe(true);
    expect(root.activeElement).toBe(one(".launcher"));
    expect(one(".launcher").getAttribute("aria-expanded")).toBe("false");
  });

  it("is not told that somebody answers while the link is broken", async () => {
    const { one, show } = await stage(state({ session: session() }));
    expect(one(".status").textContent).toBe("The bot answers");

    await show({ link: "reconnecting" });

    expect(one(".status").textContent).toBe("Connecting…");
    expect(one(".status").dataset["link"]).toBe("wait");
  });

  it("sees on the launcher what is new", async () => {
    const { one, instance, show } = await stage(state({ session: session() }));
    instance.toggle(false);

    await show({ unread: 12 });

    expect(one(".badge").textContent).toBe("9+");
    expect(one(".launcher").getAttribute("aria-label")).toBe("Open chat, 12 unread messages");
  });

  it("keeps the launcher in its place, under the finger that is about to press it", async () => {
    const host = document.body.appendChild(document.createElement("div"));
    const root = host.attachShadow({ mode: "open" });
    const painted = launcherIn(root);
    painted.focus();

    const { instance } = await stage(state(), {}, host);
    instance.speak(ENGLISH);

    expect(root.querySelectorAll(".launcher")).toHaveLength(1);
    expect(root.firstElementChild).toBe(painted);
    painted.click();
    expect(instance.ui.isOpen).toBe(false);
  });

  it("keeps its own title, whatever that begins with", async () => {
    document.title = "(3) Inbox";
    const { instance, show } = await stage(state({ session: session() }));
    instance.toggle(false);

    await show({ unread: 2 });
    expect(document.title).toBe("(2) (3) Inbox");
    document.title = "(4) Inbox";
    await show({ unread: 4 });
    expect(document.title).toBe("(4) (4) Inbox");
    await show({ unread: 0 });

    expect(document.title).toBe("(4) Inbox");
  });

  it("works where storage is refused", async () => {
    const refuse = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("refused", "SecurityError");
    });

    const { one } = await stage(state());

    expect(one(".panel").hidden).toBe(false);
    refuse.mockRestore();
  });
});

describe("going on elsewhere", () => {
  it("gives a link to this page, with the secret where no server sees it", async () => {
    const { show, one } = await stage(state({ session: session() }));

    await show({}, { page: "elsewhere" });

    expect(one<HTMLInputElement>(".elsewhere input").value).toBe(`${location.href}#chatsession-support=s3cret`);
  });

  it("asks before it takes the place of the chat that is here", async () => {
    const { show, button, chat, one } = await stage(state());

    await show({}, { page: "elsewhere", secret: "s3cret" });
    expect(chat.asked).not.toContainEqual(["comeByLink", "s3cret"]);
    button("Continue here").click();
    await settled();

    expect(chat.asked).toContainEqual(["comeByLink", "s3cret"]);
    expect(one(".chat").hidden).toBe(false);
  });

  it("takes the secret out of the address", () => {
    history.replaceState(null, "", "#chatsession-support=s3cret");

    expect(takeSecret("sales")).toBeNull();
    expect(takeSecret("support")).toBe("s3cret");
    expect(location.hash).toBe("");
    expect(takeSecret("support")).toBeNull();
  });
});
