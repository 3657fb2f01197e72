// Everything a page can call.

import { PATIENT } from "./options";

const PROMPT = "open close toggle show hide send startNew end logout track reset destroy";

export const METHODS: readonly string[] = [...PATIENT, ...PROMPT.split(" ")];
