// Lines drawn on a grid of 24: those that show at once.

export const BUBBLE = "M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3.5 20.5 5 15.3A8.4 8.4 0 1 1 21 11.5Z";
export const DOWN = "m6 9 6 6 6-6";
export const CLOSE = "M6 6l12 12M18 6 6 18";
export const BACK = "m15 5-7 7 7 7";
export const SEND = "M12 19.5v-15m0 0-6.5 6.5M12 4.5l6.5 6.5";
export const STOP = "M8 8h8v8H8z";
export const MORE = "M5.5 12h.01M12 12h.01M18.5 12h.01";
export const SPARK = "M12 3.5c.6 4.7 3 7.2 8 8.5-5 1.3-7.4 3.8-8 8.5-.6-4.7-3-7.2-8-8.5 5-1.3 7.4-3.8 8-8.5Z";
export const PERSON = "M19 20a7 7 0 0 0-14 0m10.5-12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0Z";
