// The parts that come later.

export const fetchTalk = () => import("./views/talk");
export const fetchPageSide = () => import("./page-side");
export const fetchRest = () => import("./rest");
