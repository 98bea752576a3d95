import type { FuzzCase } from "./fuzz-target";
import type { Random } from "./random";

/** What any text may be broken by. */
const NOISE =
  "[ ] { } ( ) = : ; , . / \\ | & * ? ! ~ # @ $ % ^ - + < > \" ' ` \"\"\" ''' ${ $( {{ }} \n \r\n \t \0 \ufeff \ufffd \u2028 \ud800 é 빌드 😀 0 -1 1e400 9007199254740993 true null __proto__ constructor".split(
    " ",
  );
const LONGEST = 20_000;
const MOST_DAMAGES = 5;

/** Damages the files of a case a few times. `pieces` are those of the language. */
export function damaged(
  random: Random,
  corpus: readonly FuzzCase[],
  pieces: readonly string[] = [],
): FuzzCase {
  const made = random.pick(corpus);
  const files = { ...made.files };
  const names = Object.keys(files);
  for (let round = random.below(MOST_DAMAGES) + 1; round > 0; round -= 1) {
    const name = random.pick(names);
    files[name] = damagedText(random, files[name] ?? "", { corpus, pieces }).slice(0, LONGEST);
  }
  return { ...made, files };
}

interface Material {
  readonly corpus: readonly FuzzCase[];
  readonly pieces: readonly string[];
}

/** Damages a text once. */
export function damagedText(random: Random, text: string, { corpus, pieces }: Material): string {
  const at = random.below(text.length + 1);
  const end = Math.min(text.length, at + random.below(random.oneIn(4) ? 400 : 30));
  const piece = (): string => random.pick(pieces.length > 0 && !random.oneIn(3) ? pieces : NOISE);
  const put = (added: string): string => text.slice(0, at) + added + text.slice(at);
  const lines = text.split("\n");
  const line = random.below(lines.length);
  switch (random.below(11)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return put(text.slice(at, end));
    case 2:
      return put(piece());
    case 3:
      return put(piece().repeat(1 + random.below(random.oneIn(8) ? 2000 : 8)));
    case 4:
      return text.slice(0, at) + piece() + text.slice(end);
    case 5: {
      const other = random.pick(Object.values(random.pick(corpus).files));
      const from = random.below(other.length + 1);
      return put(other.slice(from, from + random.below(200)));
    }
    case 6:
      return lines.toSpliced(line, 1).join("\n");
    case 7:
      return lines.toSpliced(random.below(lines.length), 0, lines[line] ?? "").join("\n");
    case 8:
      return text.replace(/\d+/, () =>
        random.pick(["0", "-1", "1e400", "9007199254740993", "99999999999999999999"]),
      );
    case 9:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
    default:
      return text.slice(0, at);
  }
}
