import { globMatcher } from "#base/glob";
import { ignoredBy, parseIgnoreFile } from "#base/ignore-file";
import { globsOverlap } from "#core/cache/glob-overlap";
import { formatProblem } from "#core/config/formats";
import { damaged } from "#scripts/fuzz/damage";
import { hold, textCase, textOf, type FuzzTarget } from "#scripts/fuzz/fuzz-target";

/** The first two lines are globs, the third is a path, all of it is an ignore file. */
const SEEDS = [
  "src/**/*.ts\nsrc/{a,b}/?.ts\nsrc/a/b.ts\n!dist/\n",
  "**/*\n[a-z]*.{js,ts}\na.js\n/build\n*.log\n",
  "a/**/b/**/c\n{1..3}/x\n1/x\n\\#x\nfoo/**/bar \n",
  "*a*b*c*\n+(a|b)\naabbcc\n!(x)\n[!a]\n[[:alpha:]]\n",
];
const PIECES = [
  "*",
  "**",
  "/",
  "?",
  "[",
  "]",
  "{",
  "}",
  ",",
  "..",
  "!",
  "+(",
  "@(",
  "|",
  ")",
  "a",
  "\n",
  "\\",
  "[^",
  "[[:alpha:]]",
  "{1..9}",
];

/** Globs: compiled, matched, compared; and ignore files. */
export const globs: FuzzTarget = {
  name: "globs",
  seeds: () => SEEDS.map((text) => textCase(text)),
  make: (random, corpus) => damaged(random, corpus, PIECES),
  exercise: (made) => {
    const text = textOf(made);
    const [a = "", b = "", path = ""] = text.split("\n");
    void ignoredBy(parseIgnoreFile(text), path, false);
    // A configuration refuses others.
    if (![a, b].every((glob) => formatProblem("glob", glob) === undefined)) return "refused";
    const matches = [a, b].map((glob) => globMatcher(glob)(path));
    const places = [a, b].map((rest) => ({ base: "/w", rest }));
    const [left, right] = places;
    if (left === undefined || right === undefined) return "refused";
    const overlap = globsOverlap(left, right);
    hold(overlap === globsOverlap(right, left), "the overlap of two globs depends on their order");
    hold(
      overlap || !matches.every(Boolean) || !isPlainPath(path),
      "a path fits two globs that are said not to overlap",
    );
    return matches.some(Boolean) ? "matched" : "read";
  },
};

/** As paths in a workspace are. */
const isPlainPath = (path: string): boolean =>
  path !== "" && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
