// The page that says what there is to try: each command has a button that copies it.

import { copier } from "./views/command";

for (const pre of document.querySelectorAll<HTMLElement>("pre[data-copy]")) {
  const code = pre.querySelector("code");
  if (code) pre.append(...copier(code));
}
