// The parts that come later.

export const fetchTalk = () => import("./views/talk");
export const fetchBeside = () => import("./beside");
export const fetchRest = () => import("./rest");
