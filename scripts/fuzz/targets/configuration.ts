import { readCorpus } from "#scripts/fuzz/corpus";
import { exercise } from "#scripts/fuzz/exercise";
import { textCase, type FuzzTarget } from "#scripts/fuzz/fuzz-target";
import { makeCase } from "#scripts/fuzz/mutate";

/** Whole configurations and command lines, from reading to plans. */
export const configuration: FuzzTarget = {
  name: "configuration",
  seeds: (root) => readCorpus(root).map((text) => ({ ...textCase(""), files: { "/w/zr.toml": text } })),
  make: (random, corpus) =>
    makeCase(
      random,
      corpus.map(({ files }) => files["/w/zr.toml"] ?? ""),
    ),
  exercise,
};
