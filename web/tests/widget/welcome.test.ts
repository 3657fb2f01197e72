// @vitest-environment happy-dom

import { afterEach, expect, it } from "vitest";
import { settled, stage, strike } from "./stage";
import { CONFIG, session, state } from "./states";

afterEach(strike);

const config = { ...CONFIG, starters: ["Where is my order?", "How do I return something?"] };

it("offers questions to begin with, and asks the one that is pressed", async () => {
  const { all, button, chat, show } = await stage(state({ config }));
  expect(all(".starters button").map((each) => each.textContent)).toEqual(config.starters);

  button("Where is my order?").click();
  await settled();
  expect(chat.asked).toContainEqual(["send", "Where is my order?"]);
  await show({ session: session() });

  expect(all(".starters")).toEqual([]);
});

it("asks for agreement before it offers anything", async () => {
  const consent = { text: "Kept for 90 days.", link: null };

  const { all } = await stage(state({ config: { ...config, consent } }));

  expect(all(".consent")).toHaveLength(1);
  expect(all(".starters")).toEqual([]);
});
