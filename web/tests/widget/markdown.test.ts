// @vitest-environment happy-dom

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growing, markdown } from "../../widget/markdown";
import { plain } from "../../widget/plain";
import { HOSTILE } from "./hostile";

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  A: ["href", "rel", "target"],
  BLOCKQUOTE: [],
  BR: [],
  CODE: [],
  DIV: ["class", "tabindex"],
  EM: [],
  HR: [],
  LI: [],
  OL: ["start"],
  P: ["class"],
  PRE: ["tabindex", "dir"],
  STRONG: [],
  TABLE: [],
  TBODY: [],
  TD: [],
  TH: ["scope"],
  THEAD: [],
  TR: [],
  UL: [],
};

function shown(text: string): HTMLElement {
  const place = document.createElement("div");
  place.append(...markdown(text));
  return place;
}

function html(text: string): string {
  return shown(text).innerHTML;
}

describe("hostile text", () => {
  it("is more than a hundred payloads", () => {
    expect(new Set(HOSTILE).size).toBeGreaterThan(200);
  });

  it.each(HOSTILE.map((text) => [text.slice(0, 60), text]))(
    "yields nothing but text and allowed nodes: %j",
    (_, text) => {
      const began = performance.now();

      const place = shown(text);

      expect(performance.now() - began).toBeLessThan(2_000);
      for (const node of place.querySelectorAll("*")) {
        const attributes = ALLOWED[node.tagName];
        expect(attributes, node.tagName).toBeDefined();
        for (const { name } of node.attributes) expect(attributes).toContain(name);
      }
      for (const link of place.querySelectorAll("a")) expect(link.href).toMatch(/^(https?:\/\/|mailto:)/);
    },
  );

  it("loses none of its letters where it is markup", () => {
    const text = "<img src=x onerror=alert(1)>";

    expect(shown(text).textContent).toBe(text);
  });
});

describe("blocks", () => {
  it.each([
    ["two paragraphs", "a\n\nb", "<p>a</p><p>b</p>"],
    ["a line break", "a\nb", "<p>a<br>b</p>"],
    ["a list", "- a\n- b", "<ul><li>a</li><li>b</li></ul>"],
    ["a list after a sentence", "These:\n- a\n- b", "<p>These:</p><ul><li>a</li><li>b</li></ul>"],
    ["a loose list", "1. a\n\n2. b", "<ol><li>a</li><li>b</li></ol>"],
    ["a list from five on", "5) a\n6) b", '<ol start="5"><li>a</li><li>b</li></ol>'],
    ["a nested list", "- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"],
    ["an item of two lines", "- a\n  b\n- c", "<ul><li>a<br>  b</li><li>c</li></ul>"],
    ["a heading", "## a *b*", '<p class="title"><strong>a <em>b</em></strong></p>'],
    ["a quotation", "> a\n> b", "<blockquote><p>a<br>b</p></blockquote>"],
    ["a rule", "a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"],
    ["code", "```js\na *b*\n\n- c\n```", '<pre tabindex="0" dir="ltr"><code>a *b*\n\n- c</code></pre>'],
    ["code without an end", "```\na", '<pre tabindex="0" dir="ltr"><code>a</code></pre>'],
    [
      "a table",
      "|a|b|\n|---|:-:|\n|1|**2**|",
      '<div class="wide" tabindex="0"><table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>' +
        "<tbody><tr><td>1</td><td><strong>2</strong></td></tr></tbody></table></div>",
    ],
    ["old line ends", "a\r\n\r\nb", "<p>a</p><p>b</p>"],
  ])("shows %s", (_, text, expected) => {
    expect(html(text)).toBe(expected);
  });
});

describe("marks within a line", () => {
  it.each([
    ["bold", "**a**", "<strong>a</strong>"],
    ["bold and italic", "**a _b_**", "<strong>a <em>b</em></strong>"],
    ["code that keeps its marks", "`**a**`", "<code>**a**</code>"],
    ["code with a backtick", "``a`b``", "<code>a`b</code>"],
    ["an escaped mark", "\\*a\\*", "*a*"],
    ["multiplication", "2 * 3 * 4", "2 * 3 * 4"],
    ["names with underscores", "a_b_c", "a_b_c"],
    ["a mark without its other half", "**a", "**a"],
  ])("shows %s", (_, text, expected) => {
    expect(html(text)).toBe(`<p>${expected}</p>`);
  });

  it("links to other sites in a new tab, without telling them where from", () => {
    const [link] = shown("[a](https://ok.example/b_c_(d))").querySelectorAll("a");

    expect(link?.href).toBe("https://ok.example/b_c_(d)");
    expect(link?.rel).toBe("noopener noreferrer nofollow ugc");
    expect(link?.target).toBe("_blank");
  });

  it("leaves the full stop to the sentence", () => {
    const place = shown("See https://ok.example/a?b=c. (Or https://ok.example/d).");

    expect([...place.querySelectorAll("a")].map((link) => link.href)).toEqual([
      "https://ok.example/a?b=c",
      "https://ok.example/d",
    ]);
    expect(place.textContent).toBe("See https://ok.example/a?b=c. (Or https://ok.example/d).");
  });
});

describe("a growing text", () => {
  const piece = fc.constantFrom(
    ...[
      "a",
      " ",
      "\n",
      "\n\n",
      "**b**",
      "- c\n",
      "1. d\n",
      "  - e\n",
      "```",
      "```\n",
      "> f\n",
      "|g|h|\n",
      "|---|---|\n",
      "# i\n",
      "---",
      "***",
      "*",
      "`",
      "\r\n",
    ],
  );

  it("looks at every moment as if it had come at once", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const place = document.createElement("div");
        const grow = growing(place);
        let text = "";
        for (const each of pieces) {
          text += each;
          grow(text);
          expect(place.innerHTML).toBe(html(text));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("makes finished blocks once", () => {
    const place = document.createElement("div");
    const grow = growing(place);
    grow("first\n\nsecond\n\nthi");
    const first = place.firstChild;

    grow("first\n\nsecond\n\nthird");

    expect(place.firstChild).toBe(first);
    expect(place.textContent).toBe("firstsecondthird");
  });

  it("begins anew when the text is another one", () => {
    const place = document.createElement("div");
    const grow = growing(place);
    grow("first\n\nsecond\n\nthird");

    grow("other");

    expect(place.innerHTML).toBe("<p>other</p>");
  });
});

describe("plain text", () => {
  it("says what a text says, without its marks", () => {
    const text = "# Title\n\n**Bold** [link](https://ok.example)\n\n- one\n- two\n\n|a|b|\n|---|---|\n|1|2|";

    expect(plain(text)).toBe("Title\nBold link\none\ntwo\na, b,\n1, 2,");
  });
});
