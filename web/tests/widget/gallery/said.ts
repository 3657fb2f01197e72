// What is said in the scenes.

import type { Item } from "../../../client/items";
import type { FilesAllowed } from "../../../client/wire";
import { ago, message, mine, notice, session } from "../states";

const DELIVERY = `Inside Germany it takes **2 to 3 working days**, to Austria **3 to 5**.

1. You get an e-mail with a tracking link as soon as the parcel leaves us.
2. Orders before *14:00* leave on the same day.

| Country | Days | Costs |
|---|---|---|
| Germany | 2–3 | 4.90 € |
| Austria | 3–5 | 8.90 € |

You can follow it under [Your orders](https://shop.example/orders).`;

export const TALK: readonly Item[] = [
  mine(2, "Hello! How long does delivery take?"),
  message(4, {
    text: DELIVERY,
    sources: [
      {
        title: "Delivery times",
        url: "https://shop.example/delivery",
        passage:
          "Inside Germany delivery takes 2 to 3 working days; to Austria 3 to 5. Orders before 14:00 leave on the same day.",
      },
      { title: "Shipping costs", url: "https://shop.example/costs" },
    ],
  }),
  mine(6, "Thanks. And can I send it back?"),
  message(8, { text: "Yes, within 30 days, and the return is free. Shall I make you a label?" }),
];

export const CLOSED = session({
  phase: "closed",
  closed_at: ago(60),
  close_reason: "timeout",
  resumable_until: ago(-86_000),
  allowed: ["resume", "new"],
});
export const FORM = {
  kind: "form",
  id: "return",
  title: "Your return label",
  submit: "Make the label",
  fields: [
    { name: "order", label: "Order number", type: "text", required: true },
    { name: "email", label: "E-mail", type: "email", required: true },
    {
      name: "reason",
      label: "Why do you send it back?",
      type: "select",
      options: ["Too small", "Too large", "Not as expected"],
    },
    { name: "pickup", label: "Please pick it up", type: "checkbox" },
  ],
};
export const QUEUED = [notice(10, { type: "floor_changed", floor: "queue", reason: "handoff" })];
export const JOINED = [
  ...QUEUED,
  notice(11, { type: "floor_changed", floor: "agent", reason: "claimed", agent_name: "Carla" }),
  message(12, {
    by: "agent",
    name: "Carla",
    text: "Hi, this is Carla. I have read along: I will make you the label myself.",
  }),
  message(13, { by: "agent", name: "Carla", text: "Which of the two parcels is it?" }),
];
export const FILES: FilesAllowed = {
  types: ["image/png", "application/pdf"],
  bytes_max: 5_000_000,
  per_session_max: 5,
};
