// @vitest-environment happy-dom

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { h, place, set } from "../../widget/dom";
import { keyedList } from "../../widget/keyed-list";

describe("h", () => {
  it("takes every text as text", () => {
    expect(h("p", {}, "<b>x</b>").innerHTML).toBe("&lt;b&gt;x&lt;/b&gt;");
  });

  it("listens, sets and leaves out", () => {
    const click = vi.fn();

    const button = h("button", { click, disabled: false, hidden: true, "aria-label": "a" }, null, false, "x", 0);
    button.click();

    expect(click).toHaveBeenCalledOnce();
    expect(button.outerHTML).toBe('<button hidden="" aria-label="a">x0</button>');
  });

  it("takes attributes away again", () => {
    const node = h("p", { title: "a" });

    set(node, { title: null });

    expect(node.hasAttribute("title")).toBe(false);
  });
});

describe("a keyed list", () => {
  const keys = fc.uniqueArray(fc.integer({ min: 0, max: 12 }).map(String));

  it("shows the items in their order, and keeps the node of whatever stays", () => {
    fc.assert(
      fc.property(fc.array(keys), (lists) => {
        const parent = document.createElement("ul");
        const show = keyedList<string>(
          parent,
          (key) => key,
          (key) => ({ node: h("li", {}, key), update: () => undefined }),
        );
        let before = new Map<string | null, Element>();
        for (const list of lists) {
          show(list);

          const now = new Map([...parent.children].map((node) => [node.textContent, node]));
          expect([...now.keys()]).toEqual(list);
          for (const [key, node] of now) expect(before.get(key) ?? node).toBe(node);
          before = now;
        }
      }),
    );
  });
});

describe("a place", () => {
  it("is made anew only when what it depends on changes", () => {
    const node = document.createElement("div");
    const make = vi.fn((count: { readonly n: number }) => (count.n ? [String(count.n)] : []));
    const show = place<{ readonly n: number }>(node, ({ n }) => [n], make);

    show({ n: 0 });
    expect(node.hidden).toBe(true);

    show({ n: 1 });
    show({ n: 1 });
    expect(node.textContent).toBe("1");
    expect(node.hidden).toBe(false);
    expect(make).toHaveBeenCalledTimes(2);
  });
});
