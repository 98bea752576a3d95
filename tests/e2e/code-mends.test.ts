import { expect, test } from "bun:test";
import { CODE_MENDS } from "#app/code-mends";
import { findCode } from "#app/diagnostic-codes";
import { makeProject } from "#tests/support/project";

const files = Object.entries(CODE_MENDS).filter(([, mend]) => !mend.startsWith("$ "));

test.each(files)("the mended example of %s is valid", async (_code, mend) => {
  await using project = await makeProject({ "zr.toml": `${mend}\n`, "cert.pem": "x\n" });
  await project.zr("validate").expect({ stdout: /no problems/ });
});

test("what is mended is another text than the example of an existing code", () => {
  for (const [code, mend] of Object.entries(CODE_MENDS)) {
    const entry = findCode(code);
    expect(entry).toBeDefined();
    expect(entry?.example.trim()).not.toBe(mend);
  }
});

test("command lines that mend name a command and no option that it lacks", async () => {
  const { commands } = await import("#frontends/cli/commands");
  const { globalOptions } = await import("#frontends/cli/global-options");
  const { parseArguments } = await import("#frontends/cli/parse-args");
  const { splitWords } = await import("#base/split-words");
  for (const mend of Object.values(CODE_MENDS)) {
    const words = /^\$ (?:\w+=\S+ )?zr (.*)$/.exec(mend)?.[1];
    if (words === undefined) continue;
    const read = parseArguments(splitWords(words), commands, globalOptions);
    expect(read.ok ? [] : read.error.map(({ data }) => data)).toEqual([]);
  }
});
