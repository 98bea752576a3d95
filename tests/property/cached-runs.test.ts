import { chmodSync } from "node:fs";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { eventsOf } from "#tests/e2e/events";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const FILES: Readonly<Record<string, string>> = {
  "zr.toml": `[workspace]\nmembers = ["lib", "app"]\nglobal_inputs = ["shared.txt"]`,
  "shared.txt": "",
  ".gitignore": "out/\ndist/\n",
  "lib/zr.toml": `
    [tasks.gen]
    cmd = "mkdir -p out; for f in src/*; do echo $f; head -c 1 $f; test -x $f && echo x; done > out/gen; cat ../shared.txt >> out/gen; echo made"
    cache = true
    outputs = ["out/**"]
    [tasks.stamp]
    cmd = "cat src/a > out.stamp"
    outputs = ["out.stamp"]
  `,
  "app/zr.toml": `
    [tasks.build]
    cmd = "mkdir -p dist; cat ../lib/out/gen main* $EXTRA > dist/app; echo mode $MODE; echo level $LEVEL"
    cache = true
    inputs = ["main*", "extra/**"]
    env = { EXTRA = "extra/one" }
    env_inputs = ["MODE"]
    outputs = ["dist/**"]
    deps = ["lib:gen"]
    [tasks.test]
    cmd = "cat dist/app; cat ../lib/out.stamp"
    cache = true
    inputs = []
    deps = ["build", "lib:stamp"]
  `,
  "app/main": "m",
  "app/extra/one": "1",
  "lib/src/a": "a",
  "lib/src/b": "b",
};

const SOURCES = [
  "shared.txt",
  "app/main",
  "app/main2",
  "app/extra/one",
  "lib/src/a",
  "lib/src/b",
  "lib/src/c",
];

type Edit =
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "mode"; readonly path: string; readonly mode: number }
  | { readonly kind: "config"; readonly from: string; readonly to: string }
  | { readonly kind: "outputs"; readonly path: string }
  | { readonly kind: "mode-variable"; readonly value: string };

const path = fc.constantFrom(...SOURCES);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("write"), path, text: fc.constantFrom("a", "ab", "b", "") }),
  },
  fc.record({ kind: fc.constant("remove"), path: fc.constantFrom("app/main2", "lib/src/c") }),
  fc.record({
    kind: fc.constant("mode"),
    path: fc.constantFrom("lib/src/a", "app/main"),
    mode: fc.constantFrom(0o644, 0o755),
  }),
  fc.record({
    kind: fc.constant("config"),
    from: fc.constant("echo mode"),
    to: fc.constantFrom("echo mode", "echo new mode"),
  }),
  fc.record({ kind: fc.constant("outputs"), path: fc.constantFrom("app/dist", "lib/out", "app/dist/app") }),
  fc.record({ kind: fc.constant("mode-variable"), value: fc.constantFrom("fast", "slow") }),
) as fc.Arbitrary<Edit>;

class Twin {
  #mode = "fast";

  constructor(
    readonly project: Project,
    readonly flags: readonly string[],
  ) {}

  apply(change: Edit): void {
    switch (change.kind) {
      case "write":
        return void this.project.write(change.path, change.text);
      case "remove":
        if (this.project.exists(change.path)) this.project.remove(change.path);
        return;
      case "mode":
        return chmodSync(this.project.path(change.path), change.mode);
      case "config":
        return void this.project.write(
          "app/zr.toml",
          this.project.read("app/zr.toml").replace(/echo (?:new )?mode/, change.to),
        );
      case "outputs":
        if (this.project.exists(change.path)) this.project.remove(change.path);
        return;
      case "mode-variable":
        this.#mode = change.value;
    }
  }

  /** What a run makes and prints. */
  async run(): Promise<object> {
    const env = { MODE: this.#mode };
    const { stdout, code } = await this.project
      .zrWith({ env }, "run", "app:test", "--jobs=1", "--events", "-", ...this.flags)
      .result();
    const printed: Record<string, string> = {};
    for (const event of eventsOf(stdout))
      if (event.type === "instance.output") printed[event.id] = (printed[event.id] ?? "") + event.text;
    const made = ["app/dist/app", "lib/out/gen"].map((file) => [file, this.project.read(file)]);
    return { code, printed, made };
  }
}

test("whatever is edited, a cached run makes and prints what one without a cache does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 2, maxLength: 8 }), async (edits) => {
      await using cachedProject = await makeProject(FILES, { git: true });
      await using plainProject = await makeProject(FILES, { git: true });
      const cached = new Twin(cachedProject, []);
      const plain = new Twin(plainProject, ["--no-cache"]);
      await cached.run();
      for (const change of edits) {
        for (const twin of [cached, plain]) twin.apply(change);
        expect(await cached.run()).toEqual(await plain.run());
      }
    }),
    { numRuns: 8 },
  );
}, 120_000);
