import { parseDotenv } from "#engine/env/dotenv";
import { parseExpansion, renderExpansion } from "#engine/env/expand";
import { damaged } from "#scripts/fuzz/damage";
import { hold, holdInside, textCase, textOf, type FuzzTarget } from "#scripts/fuzz/fuzz-target";

const SEEDS = [
  "A=1\nexport B=two words # note\nC: x\n# comment\n",
  "A=\"a\\n\\\"b\\\" $B ${C:-d}\"\r\nB='it''s'\r\n",
  'A=`x\ny`\nB="open\nC=\\$x\n',
  "\ufeffA=${B-${C:-${D}}}$(echo no)$$\n",
];
const PIECES = [
  "A=",
  "export ",
  '"',
  "'",
  "`",
  "\\",
  "\n",
  "\r",
  "$",
  "${",
  "}",
  ":-",
  "$(",
  ")",
  "#",
  " ",
  "\\n",
];

/** Files of variables, and the expansion of their values. */
export const dotenv: FuzzTarget = {
  name: "dotenv",
  seeds: () => SEEDS.map((text) => textCase(text)),
  make: (random, corpus) => damaged(random, corpus, PIECES),
  exercise: (made) => {
    const text = textOf(made);
    const { entries, problems } = parseDotenv(text);
    const lines = text.split(/\r\n|\r|\n/).length;
    for (const { span, line, name, value } of entries) {
      holdInside(text, span, "an entry");
      hold(line >= 1 && line <= lines, `an entry in line ${line} of ${lines}`);
      hold(/^[\w.-]+$/.test(name), `a name ${JSON.stringify(name)}`);
      for (const commands of [false, true]) {
        const expansion = parseExpansion(value, { commands });
        for (const problem of expansion.problems)
          holdInside(value, problem.span, "a problem of an expansion");
        void renderExpansion(expansion.parts, () => "v");
      }
    }
    for (const { span, line, column } of problems) {
      holdInside(text, span, "a problem");
      hold(
        line >= 1 && line <= lines && column >= 1,
        `a problem in line ${line} of ${lines}, column ${column}`,
      );
    }
    return problems.length > 0 ? "problems" : "read";
  },
};
