// @vitest-environment happy-dom

import { afterEach, describe, expect, it, vi } from "vitest";
import { keydown, stage, strike } from "./stage";
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

  it("gets the focus back at the launcher when Escape closes the chat", async () => {
    const { one, root } = await stage(state());
    expect(root.activeElement).toBe(one("textarea"));

    one("textarea").dispatchEvent(keydown("Escape"));

    expect(one(".panel").hidden).toBe(true);
    expect(root.activeElement).toBe(one(".launcher"));
    expect(one(".launcher").getAttribute("aria-expanded")).toBe("false");
  });

  it("sees on the launcher what is new", async () => {
    const { one, instance, show } = await stage(state({ session: session() }));
    instance.toggle(false);

    await show({ unread: 12 });

    expect(one(".badge").textContent).toBe("9+");
    expect(one(".launcher").getAttribute("aria-label")).toBe("Open chat, 12 unread messages");
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
