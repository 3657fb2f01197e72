// Everything a chat may come to need, as one piece that is fetched while nobody waits for it: whoever opened a chat can
// go on in it without a connection, and when the server has become another one, which has other files.

export { cover } from "./covering";
export { arrive } from "./elsewhere";
export { attaching } from "./views/attaching";
export { consent } from "./views/consent";
export { ending } from "./views/ending";
export { fileCard } from "./views/files";
export { form } from "./views/form";
export { menu } from "./views/menu";
export { pages } from "./views/pages";
export { topics } from "./views/topics";
export { warning } from "./views/warning";
