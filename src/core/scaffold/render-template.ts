import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { keyToToml } from "#core/config/toml/edit";
import { printToml } from "#core/config/toml/print-value";
import type { Answer } from "./template";
import { wordCases } from "./word-cases";

export type Answers = ReadonlyMap<string, Answer>;

/** Forms for the languages that answers are put into, so that none of them can end a string or begin another entry. */
const QUOTED: Readonly<Record<string, (answer: Answer) => string>> = {
  toml: (answer) => printToml(answer),
  key: (answer) => keyToToml(textOf(answer)),
  json: (answer) => JSON.stringify(answer),
  shell: (answer) => `'${textOf(answer).replaceAll("'", String.raw`'\''`)}'`,
};

export const FILTERS: readonly string[] = [...Object.keys(wordCases), ...Object.keys(QUOTED)];

/** The text of an answer; the items of a list with commas between them. */
export const textOf = (answer: Answer): string =>
  typeof answer === "object" ? answer.join(", ") : String(answer);

/** `{{ name }}` and `{{ name | filter }}`. What has another form, such as `{{ a.b }}`, is text. */
const PLACE = /\{\{ *([A-Za-z_]\w*) *(?:\| *([a-z]+) *)?\}\}/g;

/** The text with the answers in their places. The error says which place has no answer, or no such filter. */
export function renderTemplate(text: string, answers: Answers): Result<string, string> {
  const problems: string[] = [];
  const rendered = text.replaceAll(PLACE, (place, name: string, filter: string | undefined) => {
    const answer = answers.get(name);
    if (answer === undefined) problems.push(`${place} asks for '${name}', which is no question`);
    else if (filter === undefined) return textOf(answer);
    else {
      const quoted = Object.hasOwn(QUOTED, filter) ? QUOTED[filter] : undefined;
      if (quoted !== undefined) return quoted(answer);
      const cased = Object.hasOwn(wordCases, filter) ? wordCases[filter] : undefined;
      if (cased !== undefined) return cased(textOf(answer));
      problems.push(`${place} has a filter that is not known; there are ${FILTERS.join(", ")}`);
    }
    return place;
  });
  const [problem] = problems;
  return problem === undefined ? ok(rendered) : err(problem);
}
