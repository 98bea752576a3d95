import { expect, test } from "bun:test";
import { readValues } from "#core/config/toml/read-values";
import { lockedTool, printLock, readLock, withLocked } from "./lock-file";
import type { LockedTool } from "./lock-file";

const SHA = "0123456789abcdef".repeat(4);
const entry = (tool: string, request: string, version: string): LockedTool => ({
  tool,
  request,
  version,
  archives: {},
});

const read = (text: string) => {
  const values = readValues(text);
  return values.ok ? readLock(values.value) : values;
};

test("what is printed is read again, whatever the order it came in", () => {
  const tools = [
    entry("npm:@scope/x", '>=1 "quoted" <2', "1.0.0"),
    {
      ...entry("node", "20", "20.1.0"),
      archives: {
        "linux-x64": { url: "https://x/y?a=b#c", sha256: SHA },
        "darwin-arm64": { url: "u", sha256: SHA },
      },
    },
    entry("node", "18", "18.0.0"),
  ];
  const text = printLock({ tools });
  expect(printLock({ tools: tools.toReversed() })).toBe(text);
  const back = read(text);
  expect(back.ok && back.value.tools.map(({ tool, request }) => `${tool} ${request}`)).toEqual([
    "node 18",
    "node 20",
    'npm:@scope/x >=1 "quoted" <2',
  ]);
  expect(back.ok && printLock(back.value)).toBe(text);
});

test("an entry replaces that of the same request only", () => {
  const lock = withLocked({ tools: [entry("a", "1", "1.0"), entry("a", "2", "2.0")] }, [
    entry("a", "1", "1.1"),
  ]);
  expect(lockedTool(lock, "a", "1")?.version).toBe("1.1");
  expect(lockedTool(lock, "a", "2")?.version).toBe("2.0");
  expect(lockedTool(lock, "b", "1")).toBeUndefined();
});

test.each([
  ["version = 2\n", "it has another format than this zr knows"],
  ["", "it has another format than this zr knows"],
  ["version = 1\ntools = 3\n", "'tools' is no list"],
  ['version = 1\n[[tools]]\ntool = "a"\nrequest = "1"\n', "entry 1 of 'tools' is not complete"],
  [
    'version = 1\n[[tools]]\ntool = "a"\nrequest = "1"\nversion = "1"\narchives.x = { url = "u", sha256 = "short" }\n',
    "entry 1 of 'tools' is not complete",
  ],
  ...["https://example.org/x.tgz", "file:/tmp/x", "1 --flag", "--flag", "next", "1/../2"].map(
    (version): [string, string] => [
      `version = 1\n[[tools]]\ntool = "npm:a"\nrequest = "1"\nversion = "${version}"\n`,
      "entry 1 of 'tools' is not complete",
    ],
  ),
])("%j can't be used", (text, reason) => {
  const lock = read(text);
  expect(lock.ok ? "" : lock.error).toBe(reason);
});
