// What the launcher says while the chat cannot be fetched: the only words that have to be there before anything else.

const ENGLISH = "No connection";
const OTHERS: Readonly<Record<string, string>> = {
  de: "Keine Verbindung",
  fr: "Pas de connexion",
  ar: "لا اتصال",
};

export function troubleIn(language: string): string {
  return OTHERS[language.slice(0, 2)] ?? ENGLISH;
}
