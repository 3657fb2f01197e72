// @vitest-environment happy-dom

import { beforeEach, expect, it } from "vitest";
import { Title } from "../../widget/title";
import { puppet } from "./puppet";

beforeEach(() => {
  document.title = "Lamps";
});

const widget = (chat = puppet()) => ({ chat });

it("counts what is unread in all chats of the page", () => {
  const title = new Title();
  const [support, sales] = [widget(), widget()];

  title.mark(support, 2);
  title.mark(sales, 3);
  expect(document.title).toBe("(5) Lamps");
  title.mark(support, null);
  expect(document.title).toBe("(3) Lamps");
  title.mark(sales, undefined);

  expect(document.title).toBe("Lamps");
});

it("says that a chat is about to close where nothing is unread", () => {
  const title = new Title();
  const [support, sales] = [widget(), widget()];

  title.mark(support, "!");
  expect(document.title).toBe("(!) Lamps");
  title.mark(sales, 1);

  expect(document.title).toBe("(1) Lamps");
});

it("counts a chat once that several widgets show, and not at all where it is seen in one of them", () => {
  const title = new Title();
  const chat = puppet();
  const [beside, within] = [widget(chat), widget(chat)];

  title.mark(beside, 2);
  title.mark(within, 2);
  expect(document.title).toBe("(2) Lamps");
  title.mark(within, null);

  expect(document.title).toBe("Lamps");
});
