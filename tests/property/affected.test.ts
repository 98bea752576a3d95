import { expect, test } from "bun:test";
import fc from "fast-check";
import { changedPackages, spreadChanges } from "#core/affected/affected-packages";
import type { ChangeablePackage, SpreadOptions } from "#core/affected/affected-packages";

/** A tree of packages, some inside of others, with any edges between them, circles too. */
const workspaces: fc.Arbitrary<readonly ChangeablePackage[]> = fc
  .uniqueArray(
    fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
    {
      minLength: 1,
      maxLength: 9,
    },
  )
  .chain((paths) => {
    const all = [".", ...paths];
    return fc
      .tuple(...all.map(() => fc.subarray(all)))
      .map((deps) =>
        all.map((path, at) => ({ name: `n:${path}`, path, deps: (deps[at] ?? []).map((dep) => `n:${dep}`) })),
      );
  });

const files = fc.uniqueArray(
  fc
    .array(fc.constantFrom("a", "b", "c", "x"), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join("/")),
  { maxLength: 6 },
);

const reaches: fc.Arbitrary<SpreadOptions> = fc.record({
  dependents: fc.boolean(),
  excludeSelf: fc.boolean(),
  dependencies: fc.boolean(),
});

/** The owner of a file by the letter of the definition: of all packages that it lies in, the one with the longest path. */
function ownerOf(packages: readonly ChangeablePackage[], file: string): string | undefined {
  return packages
    .filter(({ path }) => path === "." || file === path || file.startsWith(`${path}/`))
    .sort((a, b) => (b.path === "." ? 0 : b.path.length) - (a.path === "." ? 0 : a.path.length))[0]?.name;
}

/** Whatever can be reached in any number of steps. */
function closure(start: ReadonlySet<string>, step: (name: string) => readonly string[]): Set<string> {
  const found = new Set(start);
  for (let size = -1; size < found.size;) {
    size = found.size;
    for (const name of found) for (const next of step(name)) found.add(next);
  }
  return found;
}

test("the affected packages are those of the definition, each with a reason that holds", () => {
  fc.assert(
    fc.property(workspaces, files, reaches, (packages, changed, reach) => {
      const own = changedPackages({ packages, files: changed, globalInputs: [], locks: [] });
      const owners = new Set(changed.flatMap((file) => ownerOf(packages, file) ?? []));
      expect(new Set(own.keys())).toEqual(owners);

      const needs = (name: string): readonly string[] =>
        packages.find((pkg) => pkg.name === name)?.deps ?? [];
      const neededBy = (name: string): readonly string[] =>
        packages.filter(({ deps }) => deps.includes(name)).map((pkg) => pkg.name);
      let expected = reach.dependents ? closure(owners, neededBy) : new Set(owners);
      if (reach.excludeSelf) expected = expected.difference(owners);
      if (reach.dependencies) expected = closure(expected, needs);
      const affected = spreadChanges(packages, own, reach);
      expect([...affected.keys()]).toEqual(
        packages.map(({ name }) => name).filter((name) => expected.has(name)),
      );

      for (const [name, reason] of affected) {
        if (owners.has(name) && !reach.excludeSelf) expect(reason.kind).toBe("files");
        if (reason.kind === "files") {
          expect(reason.files.length).toBeGreaterThan(0);
          for (const file of reason.files) expect(ownerOf(packages, file)).toBe(name);
        }
        if (reason.kind !== "depends" && reason.kind !== "needed") continue;
        expect(reason.chain[0]).toBe(name);
        const pairs = reason.chain.slice(1).map((to, at) => [reason.chain[at] ?? "", to] as const);
        expect(pairs.length).toBeGreaterThan(0);
        for (const [from, to] of pairs) {
          if (reason.kind === "depends") expect(needs(from)).toContain(to);
          else expect(needs(to)).toContain(from);
        }
        if (reason.kind === "depends") expect(owners.has(reason.chain.at(-1) ?? "")).toBe(true);
      }
    }),
  );
});

test("a file of global_inputs changes every package", () => {
  fc.assert(
    fc.property(workspaces, files, (packages, changed) => {
      const own = changedPackages({
        packages,
        files: [...changed, "ci/x.yml"],
        globalInputs: ["ci/**"],
        locks: [],
      });
      expect(
        [...own.values()].every((reason) => reason.kind === "global" && reason.file === "ci/x.yml"),
      ).toBe(true);
      expect([...own.keys()]).toEqual(packages.map(({ name }) => name));
    }),
  );
});
