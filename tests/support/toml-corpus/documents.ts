import fc from "fast-check";

/** Keys that often meet, in all spellings, with names that are special to JavaScript. */
const collidingKey = fc.constantFrom(
  "a",
  "b",
  "c",
  "tasks",
  '"a"',
  "'b'",
  '"\\u0061"',
  "__proto__",
  "constructor",
  '"a.b"',
  '"x]"',
  "'[c]'",
  '"#"',
  "1",
  "-",
);

const scalar = fc.oneof(
  fc.constantFrom(
    "1",
    "-17",
    "+0",
    "0x1F",
    "1_000",
    "3.5",
    "1e3",
    "inf",
    "-nan",
    "true",
    "false",
    "1979-05-27",
    "07:32:00",
    "1979-05-27T07:32:00.5",
    "1979-05-27 07:32:00Z",
    "1979-05-27T07:32:00-08:30",
    '""',
    "''",
    '"plain"',
    "'C:\\dir\\'",
    '"\\u00e9 \\t \\" \\\\"',
    '"[a]"',
    '"# no comment"',
    "'''x'''",
    '"""x"""',
    '""""""',
    '"""\n[a]\n[tasks.b]\n"""',
    "'''\n[[c]]\n'''",
    '"""\\\n   [a]\n"""',
    '"""""a"" \\""""',
    "'''\n[a.b]'''''",
    '"""\n\\\\"""',
    '"""\n# [c]\nx = 1\n\'\'\'\n"""',
  ),
  fc
    .string({ unit: "grapheme", maxLength: 12 })
    .map((text) => JSON.stringify(text.toWellFormed().replaceAll("\u007f", ""))),
);

interface Options {
  /** `often`: keys that meet, so that many documents are refused; `never`: every key is used once. */
  readonly collisions: "often" | "never";
}

const gap = fc.constantFrom("", "", " ", "\t", "  ");
const lineGap = fc.constantFrom("", " ", "\n", "\n  ", " # [a]\n", "\n# x \n\n");
const lineEnd = fc.constantFrom(
  "\n",
  "\n",
  "\n",
  "\r\n",
  "\n\n",
  " # comment\n",
  "  # [tasks.a] \n\n\n",
  "\n# own line\n",
  "\n\n#\n\n# two\n",
);

function valueOf(key: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.letrec<{ value: string; array: string; table: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthIdentifier: "toml" },
      { arbitrary: scalar, weight: 4 },
      { arbitrary: tie("array"), weight: 2 },
      { arbitrary: tie("table"), weight: 1 },
    ),
    array: fc
      .tuple(
        fc.array(fc.tuple(lineGap, tie("value"), lineGap), { maxLength: 4, depthIdentifier: "toml" }),
        lineGap,
        fc.boolean(),
      )
      .map(
        ([items, end, comma]) =>
          `[${items.map(([before, item, after]) => before + item + after).join(",")}${comma && items.length > 0 ? "," : ""}${end}]`,
      ),
    table: fc
      .array(fc.tuple(gap, key, gap, tie("value"), gap), { maxLength: 3, depthIdentifier: "toml" })
      .map(
        (pairs) =>
          `{${pairs.map(([before, name, mid, item, after]) => `${before}${name}${mid}=${mid}${item}${after}`).join(",")}}`,
      ),
  })).value;
}

/** The text of a TOML document with everything that makes reading it in pieces hard; valid or not, by the option. */
export function documentText({ collisions }: Options): fc.Arbitrary<string> {
  const key = collisions === "often" ? collidingKey : fc.constantFrom("@", '"@ x"', "'@.y'", "@-z");
  const path = fc.array(key, { minLength: 1, maxLength: 3 });
  const statement = fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(gap, path, gap)
        .map(([before, keys, mid]) => `${before}[${mid}${keys.join(".")}${mid}]`),
    },
    { weight: 1, arbitrary: fc.tuple(gap, path).map(([before, keys]) => `${before}[[${keys.join(" . ")}]]`) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(gap, path, gap, valueOf(key))
        .map(([before, keys, mid, item]) => `${before}${keys.join(".")}${mid}=${mid}${item}`),
    },
    { weight: 1, arbitrary: fc.constantFrom("# [a]", "", "#") },
  );
  return fc
    .tuple(
      fc.constantFrom("", "", "\ufeff"),
      fc.array(fc.tuple(statement, lineEnd), { maxLength: 20, size: "+1" }),
    )
    .map(([mark, statements]) => {
      const text = mark + statements.map(([line, end]) => line + end).join("");
      let count = 0;
      return text.replaceAll("@", () => `k${(count += 1)}`);
    });
}

/** Documents with one thing cut out or put in, most of them broken. */
export const damagedText: fc.Arbitrary<string> = fc
  .tuple(
    documentText({ collisions: "never" }),
    fc.nat(),
    fc.nat({ max: 3 }),
    fc.constantFrom(
      "",
      '"',
      "'",
      "[",
      "]",
      "{",
      "}",
      "\\",
      "\n",
      "\r",
      "=",
      ".",
      ",",
      "#",
      "\0",
      "\u007f",
      "e",
      "_",
      "0",
      "-",
      ":",
      " ",
      "'''",
      '"""',
      "\u00a0",
    ),
  )
  .map(([text, where, length, added]) => {
    const at = text.length === 0 ? 0 : where % text.length;
    return text.slice(0, at) + added + text.slice(at + length);
  });
