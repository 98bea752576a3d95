import { describe, expect, test } from "bun:test";

import { envDiagnosticCodes } from "./codes";
import { parseDotenv } from "./dotenv";
import { resolveEnvironment } from "./layers";

describe("the example of", () => {
  test.each(["E330", "E331", "E332", "E333", "E334"] as const)("%s causes it in a .env file", (code) => {
    expect(parseDotenv(envDiagnosticCodes[code].example).problems.map((problem) => problem.code)).toEqual([
      code,
    ]);
  });

  test.each(["E335", "E336", "E339", "E343"] as const)("%s causes it in [env]", (code) => {
    const table = Bun.TOML.parse(envDiagnosticCodes[code].example) as Record<string, string>;
    const entries = Object.entries(table).map(([name, value]) => ({ name, value }));
    expect(
      resolveEnvironment([{ name: "workspace-env", entries }]).problems.map((problem) => problem.code),
    ).toEqual([code]);
  });
});

test("every fact that a message names is in the data of the diagnostic", () => {
  const { problems } = resolveEnvironment([
    {
      name: "task-env",
      entries: [
        { name: "A", value: "$B" },
        { name: "B", value: "$A" },
        { name: "C", value: "${D" },
        { name: "E", value: { file: "/x", content: undefined } },
        { name: "BUN_OPTIONS", value: "x" },
        { name: "F", value: "\0" },
        { name: "G", value: "x".repeat(1 << 20) },
        { name: "H", value: "$G$G" },
      ],
    },
  ]);
  expect(problems.map(({ code }) => code).sort()).toEqual(["E335", "E336", "E339", "E340", "E341", "E343"]);
  for (const { code, data } of problems) {
    const { message, label } = envDiagnosticCodes[code as keyof typeof envDiagnosticCodes];
    for (const [, fact = ""] of `${message} ${label}`.matchAll(/\{(\w+)\}/g))
      expect(data).toHaveProperty(fact);
  }
});
