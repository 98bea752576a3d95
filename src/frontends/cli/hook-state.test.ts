import { expect, test } from "bun:test";
import fc from "fast-check";
import { changesTo, decodeState, EMPTY_STATE, encodeState, withoutHook } from "./hook-state";
import { variableScript } from "./hook-scripts";

test("a state is read as it was written", () => {
  const state = { key: "a\nb", files: ["/x y"], before: { A: "1", B: null }, path: ["/bin"] };
  expect(decodeState(encodeState(state))).toEqual(state);
});

test("whatever is no state is an empty one", () => {
  for (const text of [
    undefined,
    "",
    "x",
    encodeState(EMPTY_STATE).slice(3),
    Buffer.from("[]").toString("base64url"),
    Buffer.from('{"key":1,"files":[],"before":{},"path":[]}').toString("base64url"),
  ])
    expect(decodeState(text)).toEqual(EMPTY_STATE);
});

test("what the hook did is undone, what the user did stays", () => {
  const state = { key: "k", files: [], before: { A: "old", B: null }, path: ["/t/bin", "/u/bin"] };
  const env = { A: "new", B: "x", C: "mine", PATH: "/mine:/t/bin:/u/bin:/usr/bin:/t/bin", ZR_HOOK: "s" };
  expect(withoutHook(env, state, ":")).toEqual({ A: "old", C: "mine", PATH: "/mine:/usr/bin:/t/bin" });
});

test("changes lead from one set of variables to the other", () => {
  const variables = fc.dictionary(fc.constantFrom("A", "B", "C"), fc.string());
  fc.assert(
    fc.property(variables, variables, (now, then) => {
      const made: Record<string, string> = { ...now };
      for (const [name, value] of changesTo(now, then)) {
        if (value === undefined) delete made[name];
        else made[name] = value;
      }
      expect(made).toEqual(then);
    }),
  );
});

test("no value runs anything in the shell that reads it", () => {
  const odd = "$(touch ran)`touch ran`'\"\\;\n$HOME";
  const script = `${variableScript("bash", [["X", odd]])}printf %s "$X"`;
  for (const shell of ["bash", "zsh", "sh"].filter((name) => Bun.which(name) !== null))
    expect(Bun.spawnSync([shell, "-c", script]).stdout.toString()).toBe(odd);
  if (Bun.which("fish") !== null)
    expect(
      Bun.spawnSync([
        "fish",
        "--no-config",
        "-c",
        `${variableScript("fish", [["X", odd]])}printf %s "$X"`,
      ]).stdout.toString(),
    ).toBe(odd);
  expect(
    variableScript("bash", [
      ["a b", "1"],
      ["X;touch ran", undefined],
    ]),
  ).toBe("");
});

test("whatever quotes PowerShell knows, a value stays a text", () => {
  expect(variableScript("pwsh", [["A", "it's; \u2019; $(x)\u2018\u201a\u201b"]])).toBe(
    "$env:A = 'it''s; \u2019\u2019; $(x)\u2018\u2018\u201a\u201a\u201b\u201b'\n",
  );
});
