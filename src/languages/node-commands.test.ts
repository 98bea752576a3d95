import { expect, test } from "bun:test";
import { ReadFolder } from "./folder-files";
import { useOfScript, type CommandUse } from "./node-commands";

function use(
  scripts: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): CommandUse {
  const folder = new ReadFolder(
    { dir: "/repo", path: "." },
    { names: new Set(Object.keys(files)), texts: new Map(Object.entries(files)) },
    () => {},
  );
  return useOfScript(Object.keys(scripts)[0] ?? "", scripts, folder);
}

const kinds: readonly (readonly [string, CommandUse["kind"]])[] = [
  ["eslint .", "pure"],
  ["eslint . --fix", "writes"],
  ["eslint 'src/**/*.ts'", "pure"],
  ["eslint src/*.ts", "pure"],
  ["prettier --check .", "pure"],
  ["prettier --write .", "writes"],
  ["biome check --write", "writes"],
  ["biome ci", "pure"],
  ["jest", "pure"],
  ["jest -u", "writes"],
  ["jest --watch", "serves"],
  ["vitest run", "pure"],
  ["vitest dev", "serves"],
  ["cross-env CI=1 npx vitest run", "pure"],
  ["NODE_ENV=test mocha", "pure"],
  ["node --test", "pure"],
  ["node server.js", "unknown"],
  ["playwright test", "outside"],
  ["vite", "serves"],
  ["vite build", "pure"],
  ["vite optimize", "unknown"],
  ["webpack", "unknown"],
  ["webpack --output-path out", "pure"],
  ["rollup -c", "unknown"],
  ["rollup src/a.js -d lib", "pure"],
  ["eslint ../other", "unknown"],
  ["tsc --noEmit", "pure"],
  ["tsc", "unknown"],
  ["tsc -b", "unknown"],
  ["rimraf dist", "cleans"],
  ["eslint . > report.txt", "unknown"],
  ["eslint . ; jest", "unknown"],
  ["eslint . || true", "unknown"],
  ["jest && deploy", "unknown"],
  ["eslint . && jest", "pure"],
];

for (const [text, kind] of kinds)
  test(`'${text}' ${kind === "unknown" ? "is not known to be more than a command" : `${kind}`}`, () => {
    expect(use({ script: text }).kind).toBe(kind);
  });

test.each([
  ["tsc -p .", "tsconfig.json"],
  ["tsc --project ./", "tsconfig.json"],
  ["tsc -p ./tsconfig.build.json", "tsconfig.build.json"],
  ["tsc -p tsconfig.build.json", "tsconfig.build.json"],
])("'%s' goes by %s", (script, file) => {
  const files = { [file]: '{ "compilerOptions": { "outDir": "./lib" } }' };
  expect(use({ script }, files)).toEqual({ kind: "pure", outputs: ["lib/**"] });
});

test("what is written is where an option, a configuration or the tool's own default says", () => {
  const outputs = (text: string, files: Readonly<Record<string, string>> = {}): unknown => {
    const found = use({ build: text }, files);
    return found.kind === "pure" ? found.outputs : found.kind;
  };
  expect(outputs("vite build")).toEqual(["dist/**"]);
  expect(outputs("vite build --outDir=public/app")).toEqual(["public/app/**"]);
  expect(outputs("vite build", { "vite.config.ts": 'export default { build: { outDir: "out" } }' })).toEqual([
    "out/**",
  ]);
  expect(outputs("vite build", { "vite.config.ts": "export default { build: { outDir: where() } }" })).toBe(
    "unknown",
  );
  expect(outputs("vite build --outDir ../public")).toBe("unknown");
  expect(outputs("next build", { "next.config.js": "module.exports = { output: 'export' }" })).toBe(
    "unknown",
  );
  expect(
    outputs("tsc", {
      "tsconfig.json": '{ // c\n"compilerOptions": {"outDir": "./lib/", "incremental": true,} }',
    }),
  ).toEqual(["lib/**", "*.tsbuildinfo"]);
  expect(
    outputs("tsc", {
      "tsconfig.json": '{"extends": "./base", "compilerOptions": {}}',
      "base.json": '{"compilerOptions": {"noEmit": true}}',
    }),
  ).toEqual([]);
  expect(outputs("tsc", { "tsconfig.json": '{"compilerOptions": {}}' })).toBe("unknown");
  expect(outputs("jest --coverage")).toEqual(["coverage/**"]);
});

test("scripts that are called, and those around, count too", () => {
  expect(use({ ci: "npm run lint && npm test", lint: "eslint .", test: "jest" })).toEqual({
    kind: "pure",
    outputs: [],
    tests: true,
  });
  expect(use({ build: "vite build", prebuild: "node gen.js" }).kind).toBe("unknown");
  expect(use({ build: "vite build", prebuild: "rimraf dist" })).toMatchObject({
    kind: "pure",
    outputs: ["dist/**"],
  });
  expect(use({ loop: "npm run loop" }).kind).toBe("unknown");
  expect(use({ ci: "npm run missing" }).kind).toBe("unknown");
});
