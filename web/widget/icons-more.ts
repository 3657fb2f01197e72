// Lines drawn on a grid of 24: those of what comes later.

export const CHECK = "m5 12.5 4.5 4.5L19 7.5";
export const PLUS = "M12 5v14M5 12h14";
export const FILTER = "M4 7h16M7 12h10m-7 5h4";
export const CLOCK = "M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z";
export const CLIP = "m20 11.5-8 8a5 5 0 0 1-7-7l8.3-8.3a3.3 3.3 0 0 1 4.7 4.7l-8.3 8.2a1.6 1.6 0 0 1-2.3-2.3l7.6-7.6";
export const FILE =
  "M14 3.5H7a1.5 1.5 0 0 0-1.5 1.5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8M14 3.5 18.5 8M14 3.5V8h4.5";
export const STAR = "m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8Z";
export const BOOK = "M5 5.5A1.5 1.5 0 0 1 6.5 4H19v13H6.5A1.5 1.5 0 0 0 5 18.5m0-13v13A1.5 1.5 0 0 0 6.5 20H19v-3";
export const END = "M9 4.5H6A1.5 1.5 0 0 0 4.5 6v12A1.5 1.5 0 0 0 6 19.5h3M15.5 8l4 4-4 4m4-4H10";
export const HISTORY = "M3.5 12a8.5 8.5 0 1 0 2.8-6.3L3.5 8.2m0-4.2v4.2h4.2M12 8v4.3l2.8 1.7";
export const SAVE = "M12 4v11m0 0-4-4m4 4 4-4M5 19.5h14";
export const SHARE =
  "M9 4.5h6a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5H9A1.5 1.5 0 0 1 7.5 18V6A1.5 1.5 0 0 1 9 4.5Zm2.5 12.5h1";
export const SHIELD = "M12 3.5 5 6v5.5c0 4.2 2.8 7.5 7 9 4.2-1.5 7-4.8 7-9V6Z";
export const ALERT = "M12 8v4.5m0 3.2v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z";
export const OFFLINE = "M12 18.5h.01M8.8 15a5 5 0 0 1 6.4 0M5 11.5a10.5 10.5 0 0 1 14 0M4 4l16 16";
