import { expect, test } from "bun:test";
import { removeKey } from "./remove";

const removed = (text: string, ...path: string[]) => {
  const result = removeKey(text, path);
  return result.ok ? result.value : result.error;
};

test("a key goes with its line and the comment behind it, and everything else stays", () => {
  const text =
    '# top\n[alias]\n# about b\nb = "run build" # behind\nt = "run test"\n\n[tasks.x]\ncmd = "true"\n';
  expect(removed(text, "alias", "b")).toBe(
    '# top\n[alias]\n# about b\nt = "run test"\n\n[tasks.x]\ncmd = "true"\n',
  );
});

test("the last key of a table leaves the header", () => {
  expect(removed('[alias]\nb = "x"', "alias", "b")).toBe("[alias]\n");
});

test("the indentation of the line goes too", () => {
  expect(removed('[alias]\n  b = "x"\n  c = "y"\n', "alias", "b")).toBe('[alias]\n  c = "y"\n');
});

test("a dotted key, a quoted key and a value over several lines go too", () => {
  expect(removed('alias.b = "x"\nc = 1\n', "alias", "b")).toBe("c = 1\n");
  expect(removed('[alias]\r\n"a b" = """\r\nx\r\n"""\r\nc = ""\r\n', "alias", "a b")).toBe(
    '[alias]\r\nc = ""\r\n',
  );
});

test("a key that is not there gives undefined", () => {
  expect(removed('[alias]\nb = "x"\n', "alias", "c")).toBeUndefined();
  expect(removed('[alias]\nb = "x"\n', "alias", "constructor")).toBeUndefined();
  expect(removed("alias = 1\n", "alias", "c")).toBeUndefined();
});

test("a key of an inline table is left to the user", () => {
  expect(removed('alias = { b = "x", c = "y" }\n', "alias", "b")).toMatchObject({ kind: "not-possible" });
});

test("a text that is not TOML is refused", () => {
  expect(removed("[alias\n", "alias", "b")).toMatchObject({ kind: "unreadable" });
});
