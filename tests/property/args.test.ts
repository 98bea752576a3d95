import { expect, test } from "bun:test";
import { parseDuration } from "#base/duration";
import type { CommandDefinition, OptionDefinition, OptionDefinitions } from "#frontends/cli/command";
import { globalOptions } from "#frontends/cli/global-options";
import { valueProblem } from "#frontends/cli/option-format";
import { parseArguments } from "#frontends/cli/parse-args";
import { parseArgs as cittyParse } from "citty";
import fc from "fast-check";

/** What both can express: options with a value and flags, with one-letter names; no counting, no lists, no `no-…`. */
const definitions = fc
  .uniqueArray(
    fc.tuple(
      fc.stringMatching(/^[a-z]{2,7}(-[a-z]{2,5})?$/),
      fc.constantFrom<"string" | "boolean">("string", "boolean"),
    ),
    {
      minLength: 1,
      maxLength: 8,
      selector: ([name]) => name.replaceAll("-", ""),
    },
  )
  .map((entries) => entries.filter(([name]) => !name.startsWith("no")))
  .filter((entries) => entries.length > 0)
  .map((entries) => {
    const made: Record<string, OptionDefinition> = {};
    for (const [index, [name, type]] of entries.entries()) made[name] = { type, alias: "ABCDEFGH"[index]! };
    return made;
  });

const word = fc.stringMatching(/^[a-z0-9./_][a-z0-9./_=-]{0,6}$/);

interface Sample {
  readonly definitions: OptionDefinitions;
  readonly argv: readonly string[];
}

/** Ways to write an option that both readers take, and words between them. */
const sample: fc.Arbitrary<Sample> = definitions.chain((made) => {
  const names = Object.keys(made);
  const piece = fc.tuple(fc.nat(names.length - 1), word, fc.nat(3)).map(([at, value, form]): string[] => {
    const name = names[at]!;
    const { type, alias } = made[name] as { type: string; alias: string };
    if (type === "boolean") return [[`--${name}`], [`-${alias}`], [`--no-${name}`], [value]][form]!;
    return [[`--${name}`, value], [`--${name}=${value}`], [`-${alias}`, value], [value]][form]!;
  });
  return fc
    .tuple(fc.array(piece, { maxLength: 8 }), fc.option(fc.array(word, { maxLength: 3 }), { nil: undefined }))
    .map(([pieces, extra]) => ({
      definitions: made,
      argv: [...settle(pieces), ...(extra === undefined ? [] : ["--", ...extra])],
    }));
});

/** `--x` and `--no-x` of one option in one line mean another thing to citty, which looks at no order; keep the first. */
function settle(pieces: readonly string[][]): string[] {
  const negated = new Set(
    pieces
      .flat()
      .filter((text) => text.startsWith("--no-"))
      .map((text) => text.slice(5)),
  );
  return pieces
    .filter(([first = ""]) => !first.startsWith("-") || first.startsWith("--no-") || negated.size === 0)
    .flat();
}

const command = (options: OptionDefinitions): CommandDefinition => ({
  name: "do",
  summary: "",
  usage: "",
  section: "run",
  options,
  words: "words",
  examples: [],
  load: () => Promise.reject(new Error("not loaded")),
});

test("options and words are read as citty reads them", () => {
  fc.assert(
    fc.property(sample, ({ definitions: made, argv }) => {
      const ours = parseArguments(["do", ...argv], [command(made)], {});
      const theirs = cittyParse([...argv], made);
      if (!ours.ok) throw new Error(JSON.stringify(ours.error));
      const { options, words, extra } = ours.value.parsed;
      expect([...words, ...extra]).toEqual(theirs._);
      for (const name of Object.keys(made)) expect(options[name]).toEqual(theirs[name]);
    }),
    { numRuns: 1000 },
  );
});

test("combined flags are read as citty reads them", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom("q", "y", "n"), { minLength: 1 }), (letters) => {
      const made: OptionDefinitions = {
        quiet: globalOptions.quiet,
        yes: globalOptions.yes,
        "dry-run": globalOptions["dry-run"],
      };
      const ours = parseArguments(["do", `-${letters.join("")}`], [command(made)], {});
      const theirs = cittyParse([`-${letters.join("")}`], made);
      if (!ours.ok) throw new Error(JSON.stringify(ours.error));
      for (const name of Object.keys(made)) expect(ours.value.parsed.options[name]).toEqual(theirs[name]);
    }),
  );
});

test("no command line makes the parser throw, and all its words are kept or complained about", () => {
  const token = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom("-", "--", "-j", "--jobs", "--no-", "-vvq", "--color=", "__proto__", "--__proto__=1"),
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 8 }), (argv) => {
      const result = parseArguments(
        argv,
        [command({}), { ...command({}), name: "run", words: "tasks" }],
        globalOptions,
      );
      if (!result.ok) {
        expect(result.error.length).toBeGreaterThan(0);
        return;
      }
      const { words, extra } = result.value.parsed;
      for (const one of [...words, ...extra]) expect(argv).toContain(one);
    }),
    { numRuns: 2000 },
  );
});

test("a duration is what every duration of zr is", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: fc.constantFrom(..."0123456789.smhd"), maxLength: 8 }), fc.string()),
      (text) => {
        expect(valueProblem({ type: "string", format: "duration" }, text) === undefined).toBe(
          parseDuration(text) !== undefined,
        );
      },
    ),
  );
});
