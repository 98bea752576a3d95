import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  aroundPath,
  changesTo,
  decodeState,
  EMPTY_STATE,
  encodeState,
  foldersOf,
  withoutHook,
} from "./hook-state";
import { variableScript } from "./hook-scripts";

test("a state is read as it was written", () => {
  const state = { key: "a\nb", files: ["/x y"], before: { A: "1", B: null }, path: ["/bin"], tail: ["/z"] };
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
  const state = { key: "k", files: [], before: { A: "old", B: null }, path: ["/t/bin", "/u/bin"], tail: [] };
  const env = { A: "new", B: "x", C: "mine", PATH: "/mine:/t/bin:/u/bin:/usr/bin:/t/bin", ZR_HOOK: "s" };
  expect(withoutHook(env, state, ":")).toEqual({ A: "old", C: "mine", PATH: "/mine:/usr/bin:/t/bin" });
});

test("PATH is again what it was, whatever was put around it or in place of it", () => {
  const folder = fc.constantFrom("/a", "/b", "/c", "");
  const folders = fc.array(folder, { maxLength: 4 });
  const before = fc.array(folder, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(folders, before, folders, fc.boolean(), (front, was, tail, isReplaced) => {
      const clean = was.join(":");
      const then = (isReplaced ? [...front, "/r", ...tail] : [...front, ...was, ...tail]).join(":");
      const around = aroundPath(then, clean, ":");
      const state = {
        ...EMPTY_STATE,
        before: around === undefined ? { PATH: clean } : {},
        path: around?.front ?? foldersOf(then, ":"),
        tail: around?.tail ?? [],
      };
      expect(withoutHook({ PATH: then }, state, ":")["PATH"]).toBe(clean);
      expect(withoutHook({ PATH: `/mine:${then}:/too` }, state, ":")["PATH"]).toBe(`/mine:${clean}:/too`);
    }),
  );
});

test("a PATH that was not there is gone again, but for what the user has put there", () => {
  const state = { ...EMPTY_STATE, before: { PATH: null }, path: ["/a"] };
  expect(withoutHook({ PATH: "/a" }, state, ":")).toEqual({});
  expect(withoutHook({ PATH: "/mine:/a" }, state, ":")).toEqual({ PATH: "/mine" });
});

test("variables that a shell keeps for itself are left to it", () => {
  const names = ["PWD", "OLDPWD", "SHLVL", "_", "UID"];
  const script = (shell: "bash" | "zsh" | "fish"): string =>
    variableScript(
      shell,
      names.map((name) => [name, "1"]),
    );
  expect(script("bash")).toBe("");
  expect(script("zsh")).toBe("");
  expect(script("fish")).toBe("set -gx UID '1'\n");
});

test("a variable that the user has made unchangeable keeps no other from being set", () => {
  const script = variableScript("bash", [
    ["FIXED", "1"],
    ["AFTER", "2"],
  ]);
  expect(
    Bun.spawnSync(["bash", "-c", `readonly FIXED=0; ${script}printf %s "$FIXED$AFTER"`]).stdout.toString(),
  ).toBe("02");
  if (Bun.which("zsh") === null) return;
  const zsh = variableScript("zsh", [
    ["FIXED", "1"],
    ["AFTER", "2"],
    ["FIXED", undefined],
    ["GONE", undefined],
  ]);
  const all = `set -u; readonly FIXED=0; GONE=1; ${zsh}printf %s "$FIXED$AFTER\${GONE-}"`;
  expect(Bun.spawnSync(["zsh", "-f", "-c", all]).stdout.toString()).toBe("02");
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
