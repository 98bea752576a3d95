import { expect, test } from "bun:test";
import { newUses, renderShell, textPieces, type Pieces } from "./pieces";

const rendered = (pieces: Pieces): string => renderShell(pieces, { uses: newUses(), inline: new Set() });

test("a variable of the environment stands between single quotes by leaving them", () => {
  const value: Pieces = [{ kind: "default", name: "X", fallback: textPieces("d") }];
  expect(rendered([...textPieces("echo '"), ...value, ...textPieces("'")])).toBe(`echo ''"\${X-d}"''`);
  expect(rendered([...textPieces('echo "'), ...value, ...textPieces('"')])).toBe('echo "${X-d}"');
  expect(rendered([...textPieces("# don't\necho "), ...value])).toBe("# don't\necho ${X-d}");
});

test("text that reads like a reference of ours is escaped, and a named value after a dollar sign is written out", () => {
  expect(rendered(textPieces("echo ${vars.x} ${HOME} $${y}"))).toBe("echo $${vars.x} ${HOME} $$${y}");
  expect(rendered([...textPieces("echo $"), { kind: "name", name: "V", text: "HOME" }])).toBe("echo $HOME");
});

test("a name that stands for two things is written out the second time", () => {
  const pieces: Pieces = [
    { kind: "name", name: "V", text: "one" },
    { kind: "text", text: " " },
    { kind: "name", name: "V", text: "two" },
  ];
  expect(rendered(pieces)).toBe("${vars.V} two");
});

test("a default that no shell would read as it stands is taken for the value, and told", () => {
  const uses = newUses();
  const value: Pieces = [{ kind: "default", name: "X", fallback: textPieces('a "b" | c') }];
  expect(renderShell(value, { uses, inline: new Set() })).toBe('a "b" | c');
  expect([...uses.fixed]).toEqual(["X"]);
});
