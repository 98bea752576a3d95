import { describe, expect, test } from "bun:test";

import { err, ok } from "#base/result";

import type { EnvEntry, EnvLayer, EnvValueSource } from "./env-layer";
import {
  type EnvironmentOptions,
  inheritEnvironment,
  resolveEnvironment,
  resolveEnvironmentWithCommands,
} from "./layers";

const system: EnvLayer = {
  name: "system",
  values: { PATH: "/usr/bin", HOME: "/home/a", LC_ALL: "C", EDITOR: "vi", GITHUB_TOKEN: "ghp_abcdef" },
};

function layer(name: EnvLayer["name"], values: Record<string, EnvValueSource>): EnvLayer {
  const entries = Object.entries(values).map(([key, value]): EnvEntry => ({
    name: key,
    value,
    path: ["env", key],
  }));
  return { name, file: `/w/${name}`, entries };
}

function valuesOf(layers: readonly EnvLayer[], options: EnvironmentOptions = {}): Record<string, string> {
  return { ...resolveEnvironment(layers, options).values };
}

function codesOf(layers: readonly EnvLayer[]): string[] {
  return resolveEnvironment(layers).problems.map(({ code }) => code);
}

describe("layers", () => {
  test("the system's environment alone is passed on without a copy", () => {
    expect(resolveEnvironment([system]).values).toBe(system.values as Record<string, string>);
  });

  test("a higher layer wins over a lower one, whatever their names", () => {
    const layers = [
      layer("workspace-env", { A: "1", B: "1", HOME: "/h" }),
      layer("package-env", { A: "2", B: "2" }),
      layer("flag", { A: "3" }),
    ];
    expect(valuesOf([system, ...layers])).toEqual({ ...system.values, A: "3", B: "2", HOME: "/h" } as never);
  });

  test("no layer writes to the system's record", () => {
    const before = { ...system.values };
    resolveEnvironment([system, layer("task-env", { PATH: "/x", HOME: { unset: true } })]);
    expect(system.values).toEqual(before);
  });

  test("a variable's reference to itself is its value in the layers below", () => {
    const layers = [layer("workspace-env", { PATH: "/w:$PATH" }), layer("task-env", { PATH: "/t:${PATH}" })];
    expect(valuesOf([system, ...layers])["PATH"]).toBe("/t:/w:/usr/bin");
    expect(valuesOf([layer("task-env", { PATH: "/t:$PATH" })])["PATH"]).toBe("/t:");
  });

  test("within one layer a repeated name builds on the one before", () => {
    const entries = [1, 2, 3].map((step) => ({ name: "A", value: `\${A}${step}` }));
    expect(valuesOf([{ name: "package-dotenv", entries }])).toEqual({ A: "123" });
  });

  test("a reference means the final value, in any order and from any layer", () => {
    const layers = [
      layer("workspace-env", { URL: "http://$HOST:$PORT", PORT: "1" }),
      layer("flag", { PORT: "2" }),
    ];
    layers.push(layer("task-env", { HOST: "h" }));
    expect(valuesOf(layers)["URL"]).toBe("http://h:2");
  });

  test("unset takes the name away from the layers below and can be set again above", () => {
    const gone = layer("package-env", { EDITOR: { unset: true } });
    expect(valuesOf([system, gone])).not.toHaveProperty("EDITOR");
    expect(valuesOf([system, gone, layer("task-env", { EDITOR: "[$EDITOR]" })])["EDITOR"]).toBe("[]");
  });

  test("flags, file contents and single-quoted values are not expanded", () => {
    const layers: EnvLayer[] = [
      layer("flag", { A: "$HOME" }),
      layer("task-env", { B: { file: "/w/b", content: "$HOME\n\n" } }),
      { name: "package-dotenv", entries: [{ name: "C", value: "$HOME", expand: false }] },
    ];
    expect(valuesOf(layers)).toEqual({ A: "$HOME", B: "$HOME\n", C: "$HOME" });
  });

  test("names that every object has are ordinary variables", () => {
    const layers = [layer("task-env", { constructor: "1", A: "$toString$__proto__" })];
    expect(valuesOf(layers)).toEqual({ constructor: "1", A: "" } as never);
    expect(
      resolveEnvironment([system, { name: "flag", entries: [{ name: "__proto__", value: "x" }] }]).values,
    ).toHaveProperty(["__proto__"], "x");
  });

  test("variables of the runtime are stripped from the system and refused from other layers", () => {
    const own: EnvLayer = { name: "system", values: { BUN_OPTIONS: "--smol", BUN_BE_BUN: "1", A: "1" } };
    expect(valuesOf([own])).toEqual({ A: "1" });
    const resolved = resolveEnvironment([own, layer("task-env", { BUN_OPTIONS: "--x" })]);
    expect({ ...resolved.values }).toEqual({ A: "1" });
    expect(resolved.problems).toMatchObject([{ code: "E339", severity: "warning" }]);
  });

  test("names and values that no process can have are problems", () => {
    expect(codesOf([layer("task-env", { "A=B": "1", C: "a\0b", "": "1" })])).toEqual([
      "E343",
      "E343",
      "E343",
    ]);
    expect(valuesOf([layer("task-env", { "A=B": "1", C: "a\0b" })])).toEqual({});
  });
});

describe("Windows", () => {
  test("spellings of one name in other cases are one variable", () => {
    const own: EnvLayer = { name: "system", values: { Path: "C:\\bin", bun_be_bun: "1" } };
    const layers = [own, layer("task-env", { PATH: "C:\\x;$path" })];
    expect(valuesOf(layers, { windows: true })).toEqual({ Path: "C:\\x;C:\\bin" });
    expect(resolveEnvironment(layers, { windows: true }).trace("PATH").layers).toHaveLength(2);
  });

  test("strict mode keeps what programs there need", () => {
    const own: EnvLayer = { name: "system", values: { SystemRoot: "C:\\w", ComSpec: "c", Other: "1" } };
    expect(valuesOf([own], { windows: true, envMode: "strict" })).toEqual({
      SystemRoot: "C:\\w",
      ComSpec: "c",
    });
  });
});

describe("strict mode", () => {
  const strict: EnvironmentOptions = { envMode: "strict" };

  test("passes the built-in list, and with it names that pass_env or a declaration gives", () => {
    const base = { PATH: "/usr/bin", HOME: "/home/a", LC_ALL: "C" };
    expect(valuesOf([system], strict)).toEqual(base);
    expect(valuesOf([system], { ...strict, passEnv: ["EDI*"] })).toEqual({ ...base, EDITOR: "vi" });
    expect(valuesOf([system], { ...strict, passEnv: ["*", "!*_TOKEN"] })).not.toHaveProperty("GITHUB_TOKEN");
    expect(valuesOf([system], { ...strict, requiredEnv: ["EDITOR"] })).toEqual({ ...base, EDITOR: "vi" });
    const declared: EnvLayer = { name: "task-env", entries: [{ name: "EDITOR", required: true }] };
    expect(valuesOf([system, declared], strict)).toEqual({ ...base, EDITOR: "vi" });
  });

  test("a reference may read any variable of the system, since naming it declares it", () => {
    expect(valuesOf([system, layer("task-env", { E: "$EDITOR" })], strict)["E"]).toBe("vi");
  });
});

describe("what never ends", () => {
  test("a circle is an error that names the way round, once, at a place", () => {
    const { problems, values } = resolveEnvironment([layer("task-env", { A: "$B", B: "x$C", C: "$A" })]);
    expect(problems).toEqual([
      {
        code: "E335",
        severity: "error",
        data: { name: "A", path: "A → B → C → A" },
        place: { file: "/w/task-env", path: ["env", "A"] },
      },
    ]);
    expect(Object.keys(values)).toEqual(["A", "B", "C"]);
  });

  test("a variable that reads itself through another in the same layers is a circle", () => {
    expect(codesOf([system, layer("task-env", { PATH: "$X:$PATH", X: "$PATH" })])).toEqual(["E335"]);
  });

  test("values that double themselves are refused at a limit", () => {
    const values: Record<string, string> = { A0: "x".repeat(100) };
    for (let index = 1; index < 60; index += 1) values[`A${index}`] = `$A${index - 1}$A${index - 1}`;
    expect(codesOf([layer("task-env", values)])).toContain("E341");
    expect(codesOf([layer("task-env", { A: "x".repeat(1e6), B: "$A".repeat(1e5) })])).toEqual(["E341"]);
    const repeated = Array.from({ length: 60 }, () => ({ name: "A", value: "x$A$A" }));
    expect(codesOf([{ name: "package-dotenv", entries: repeated }])).toContain("E341");
  });

  test("many variables may refer to the same one, which is no circle and no chain", () => {
    const values: Record<string, string> = { HUB: "$HOME" };
    for (let index = 0; index < 300; index += 1) values[`A${index}`] = "$HUB$HUB";
    expect(codesOf([system, layer("task-env", values)])).toEqual([]);
  });

  test("chains of references have a limit", () => {
    const values: Record<string, string> = {};
    for (let index = 0; index < 5000; index += 1) values[`A${index}`] = `$A${index + 1}`;
    expect(codesOf([layer("task-env", values)])).toContain("E342");
  });

  test("an expansion that can't be read is a warning without the text", () => {
    const { problems } = resolveEnvironment([layer("task-env", { A: "pa${ss" })]);
    expect(problems).toMatchObject([
      { code: "E336", severity: "warning", data: { name: "A", reason: "unclosed" } },
    ]);
  });

  test("a file that could not be read is an error", () => {
    expect(codesOf([layer("task-env", { A: { file: "/x", content: undefined } })])).toEqual(["E340"]);
  });
});

describe("commands", () => {
  const layers = [
    layer("workspace-env", { V: "v$(git describe)", W: "$V", S: "${HOME:-$(never)}", T: "$(git describe)" }),
    layer("task-env", { C: { command: "date" } }),
  ];

  test("are left pending without a run", () => {
    const { pending } = resolveEnvironment([system, ...layers]);
    expect(pending.map(({ command, name }) => `${name}: ${command}`)).toEqual([
      "V: git describe",
      "T: git describe",
      "C: date",
    ]);
  });

  test("run once each, only when needed, and give their output without line ends", async () => {
    const ran: string[] = [];
    const resolved = await resolveEnvironmentWithCommands([system, ...layers], async ({ command }) => {
      ran.push(command);
      return ok(`${command}!\n`);
    });
    expect(ran).toEqual(["git describe", "date"]);
    expect(resolved.values).toMatchObject({
      V: "vgit describe!",
      W: "vgit describe!",
      S: "/home/a",
      C: "date!",
    });
    expect(resolved.pending).toEqual([]);
  });

  test("a default's command runs when an earlier command's output is empty", async () => {
    const nested = [layer("task-env", { A: "$(one)", B: "${A:-$(two)}" })];
    const resolved = await resolveEnvironmentWithCommands(nested, async ({ command }) =>
      ok(command === "one" ? "\n" : "2"),
    );
    expect({ ...resolved.values }).toEqual({ A: "", B: "2" });
  });

  test("a failure is an error that names the variable", async () => {
    const resolved = await resolveEnvironmentWithCommands(layers, async ({ command }) =>
      command === "date" ? err("exit code 1") : ok("1"),
    );
    expect(resolved.problems).toEqual([
      {
        code: "E337",
        severity: "error",
        data: { name: "C", command: "date", reason: "exit code 1" },
        place: { file: "/w/task-env", path: ["env", "C"] },
      },
    ]);
  });

  test("never come from .env files", () => {
    const resolved = resolveEnvironment([
      layer("package-dotenv", { A: "$(rm x)" }),
      layer("task-env-file", { B: "$(rm x)" }),
    ]);
    expect(resolved.pending).toEqual([]);
    expect({ ...resolved.values }).toEqual({ A: "$(rm x)", B: "$(rm x)" });
  });
});

describe("required variables", () => {
  test("are missing when unset or empty, with their description and place", () => {
    const declared: EnvLayer = {
      name: "workspace-env",
      file: "/w/zr.toml",
      entries: [
        { name: "A", required: true, description: "the API" },
        { name: "HOME", required: true },
        { name: "E", required: true, value: "" },
      ],
    };
    expect(
      resolveEnvironment([system, declared], { requiredEnv: ["EDITOR", "X"], secrets: ["Y"] }).missing,
    ).toEqual([
      { name: "A", reason: "unset", description: "the API", place: { file: "/w/zr.toml" } },
      { name: "E", reason: "empty", place: { file: "/w/zr.toml" } },
      { name: "X", reason: "unset" },
      { name: "Y", reason: "unset" },
    ]);
  });
});

describe("the trace of a variable", () => {
  test("shows every layer's raw and expanded value and the winner", () => {
    const dotenv: EnvLayer = {
      name: "package-dotenv",
      file: "/w/.env",
      entries: [{ name: "PATH", value: "/d:$PATH", line: 3, span: { start: 9, end: 20 } }],
    };
    const trace = resolveEnvironment([system, dotenv, layer("task-env", { PATH: "/t:$PATH" })]).trace("PATH");
    expect(trace).toEqual({
      name: "PATH",
      value: "/t:/d:/usr/bin",
      secret: false,
      layers: [
        { layer: "system", raw: "/usr/bin", value: "/usr/bin", wins: false },
        {
          layer: "package-dotenv",
          file: "/w/.env",
          line: 3,
          place: { file: "/w/.env", span: { start: 9, end: 20 } },
          raw: "/d:$PATH",
          value: "/d:/usr/bin",
          wins: false,
        },
        {
          layer: "task-env",
          file: "/w/task-env",
          place: { file: "/w/task-env", path: ["env", "PATH"] },
          raw: "/t:$PATH",
          value: "/t:/d:/usr/bin",
          wins: true,
        },
      ],
    });
  });

  test("does not add to the problems, even when a value that lost has one", () => {
    const resolved = resolveEnvironment([layer("workspace-env", { A: "${" }), layer("task-env", { A: "1" })]);
    expect(resolved.trace("A").layers.map(({ value }) => value)).toEqual(["${", "1"]);
    expect(resolved.problems).toEqual([]);
  });

  test("of a system variable that strict mode leaves out has no winner", () => {
    const trace = resolveEnvironment([system], { envMode: "strict" }).trace("EDITOR");
    expect(trace).toMatchObject({ value: undefined, layers: [{ layer: "system", wins: false }] });
  });
});

describe("secret names", () => {
  test("come from patterns, declarations and the task, and a declaration can deny one", () => {
    const layers: EnvLayer[] = [
      system,
      {
        name: "workspace-env",
        entries: [
          { name: "DB_URL", value: "postgres", secret: true },
          { name: "PUBLIC_KEY", value: "public", secret: false },
          { name: "API_KEY", value: "private" },
        ],
      },
    ];
    const resolved = resolveEnvironment(layers, { secrets: ["HOME"] });
    expect([...resolved.secretNames].sort()).toEqual(["API_KEY", "DB_URL", "GITHUB_TOKEN", "HOME"]);
    expect(resolved.trace("DB_URL").secret).toBe(true);
  });

  test("include the system's secrets that strict mode keeps from the task, since another name may carry them", () => {
    const resolved = resolveEnvironment([system, layer("task-env", { X: "$GITHUB_TOKEN" })], {
      envMode: "strict",
    });
    expect(resolved.values).not.toHaveProperty("GITHUB_TOKEN");
    expect(resolved.secretValues()).toContain("ghp_abcdef");
  });

  test("configured patterns stand in place of the default ones", () => {
    const { secretNames } = resolveEnvironment([system], { secretPatterns: ["EDIT??"] });
    expect([...secretNames]).toEqual(["EDITOR"]);
  });
});

describe("inherited variables", () => {
  const values = { PATH: "/usr/bin", EDITOR: "vi-secret", GITHUB_TOKEN: "ghp_abcdef" };

  test("are the record that was given, with nothing missing, pending or wrong", () => {
    const inherited = inheritEnvironment(values, {});
    expect(inherited.values).toBe(values);
    expect([inherited.missing, inherited.problems, inherited.pending]).toEqual([[], [], []]);
  });

  test("are as secret, and have the same history, as when they are resolved", () => {
    for (const options of [{}, { secretPatterns: ["EDIT*"] }]) {
      const inherited = inheritEnvironment(values, options);
      const resolved = resolveEnvironment([{ name: "system", values }], options);
      expect(inherited.secretNames).toEqual(resolved.secretNames);
      expect(inherited.secretNames.size).toBe(1);
      expect(inherited.secretValues()).toEqual(resolved.secretValues());
      expect(inherited.trace("EDITOR")).toEqual(resolved.trace("EDITOR"));
    }
  });

  test("keep what they say when problems are added", () => {
    const problem = { code: "E337", severity: "error", data: {} } as const;
    const added = inheritEnvironment(values, {}).withProblems([problem]);
    expect(added.problems).toEqual([problem]);
    expect([...added.secretNames]).toEqual(["GITHUB_TOKEN"]);
  });
});
