import { expect, test } from "bun:test";
import { compareCommands, filled } from "./compare-commands";

test("variables and their defaults are put in as a shell would, from the inside out", () => {
  expect(filled("${A-x} ${B:-y} ${C:+z} $D ${E}", { B: "", C: "1", D: "d" })).toBe("x y z d $E");
  expect(filled("${A-${B-c}}", {})).toBe("c");
});

test("a name in its own value is what the environment says, however often it stands there", () => {
  const values = { A: 'if x; then "${A-a}"; else "${A-b}"; fi', B: "$B:$B:$A", C: "$B$B" };
  expect(filled("${A}", values)).toBe('if x; then "a"; else "b"; fi');
  expect(filled("$B", values)).toBe('$B:$B:if x; then "a"; else "b"; fi');
  expect(filled("$C", { ...values, A: "" })).toBe("$B:$B:$B:$B:");
});

test("commands that differ only in quotes, blanks, comments and continuations are the same", () => {
  const { verdict } = compareCommands(["echo 'a b' \\\n  c", "# x"], ['echo "a b" c'], {});
  expect(verdict).toBe("same");
});

test("a command too few or too many is told, and what only the run knows is open", () => {
  expect(compareCommands(["a", "b"], ["b", "c"], {})).toEqual({
    verdict: "different",
    missing: ["a"],
    added: ["c"],
  });
  expect(compareCommands(["echo 1"], ["echo $(date)"], {}).verdict).toBe("open");
});
