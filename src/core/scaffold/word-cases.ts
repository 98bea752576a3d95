/** The words of a name, however it is written: `my-http server`, `MyHTTPServer` and `my_http_server` have the same. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

const capital = (word: string): string => {
  const [first = "", ...rest] = word;
  return first.toUpperCase() + rest.join("");
};

/** Ways to write a name, by what they are called in a template. */
export const wordCases: Readonly<Record<string, (name: string) => string>> = {
  kebab: (name) => wordsOf(name).join("-"),
  snake: (name) => wordsOf(name).join("_"),
  constant: (name) => wordsOf(name).join("_").toUpperCase(),
  camel: (name) =>
    wordsOf(name)
      .map((word, index) => (index === 0 ? word : capital(word)))
      .join(""),
  pascal: (name) => wordsOf(name).map(capital).join(""),
  title: (name) => wordsOf(name).map(capital).join(" "),
  upper: (name) => name.toUpperCase(),
  lower: (name) => name.toLowerCase(),
};
