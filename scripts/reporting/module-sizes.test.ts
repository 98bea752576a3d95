import { expect, test } from "bun:test";
import { moduleSizes } from "./module-sizes";

test("bytes are counted by folder and by package, a file that is in several outputs once", () => {
  const outputs = {
    "a.js": {
      inputs: {
        "src/main.ts": { bytesInOutput: 5 },
        "src/core/config/toml/scanner.ts": { bytesInOutput: 7 },
        "src/core/config/check.ts": { bytesInOutput: 10 },
        "node_modules/yaml/dist/a.js": { bytesInOutput: 100 },
      },
      imports: [],
    },
    "b.js": {
      inputs: {
        "src/core/config/check.ts": { bytesInOutput: 1 },
        "node_modules/x/node_modules/@a/b/c.js": { bytesInOutput: 18 },
      },
      imports: [],
    },
  };
  expect(moduleSizes({ outputs })).toEqual([
    { name: "npm: yaml", files: 1, bytes: 100 },
    { name: "core/config", files: 2, bytes: 18 },
    { name: "npm: @a/b", files: 1, bytes: 18 },
    { name: "main", files: 1, bytes: 5 },
  ]);
});
