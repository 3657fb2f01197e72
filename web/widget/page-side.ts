// What nobody waits for, and every page with a widget comes to need: fetched as one piece.

export { COMMANDS } from "./commands";
export { define } from "./element";
export { newsBetween } from "./news";
export { stand } from "./standing";
export { Title } from "./title";
