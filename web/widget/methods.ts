// Everything a page can call.

/** How many need no widget at once: they wait until it is there for another reason. */
export const PATIENT = 11;
/** Those come first; the others fetch it. */
export const METHODS =
  "init on once off setLocale setTheme identify setContext track consent getState open close toggle show hide send startNew end logout reset destroy".split(
    " ",
  );
