import { expect, test } from "bun:test";
import fc from "fast-check";
import { parsePackageFilter } from "#core/workspace/package-filter";
import type { PackageFilter } from "#core/workspace/package-filter";
import { selectPackages } from "#core/workspace/select-packages";
import type { Package, Workspace } from "#core/workspace/workspace";

/** A filter as it could have been written; reading it gives the same filter. */
function packageFilterText(filter: PackageFilter): string {
  const { selector, excludes, dependencies, dependents, exceptSelf } = filter;
  const caret = exceptSelf ? "^" : "";
  return [
    excludes ? "!" : "",
    dependents ? `...${caret}` : "",
    selector.name ?? selector.path ?? "",
    ...selector.tags.map((tag) => `{${tag}}`),
    selector.base === undefined ? "" : `[${selector.base}]`,
    dependencies ? `${dependents ? "" : caret}...` : "",
  ].join("");
}

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
const name = fc.oneof(
  word,
  fc.tuple(word, word).map(([scope, last]) => `@${scope}/${last}`),
  word.map((text) => `${text}*`),
  fc.tuple(word, word).map(([a, b]) => `{${a},${b}}`),
);
const path = fc.tuple(fc.constantFrom("./", "../", "//"), word).map(([start, text]) => start + text);

const filters: fc.Arbitrary<Omit<PackageFilter, "source">> = fc
  .record({
    excludes: fc.boolean(),
    head: fc.oneof(
      fc.constant({}),
      name.map((text) => ({ name: text })),
      path.map((text) => ({ path: text })),
    ),
    tags: fc.array(word, { maxLength: 3 }),
    base: fc.option(fc.stringMatching(/^[a-zA-Z0-9/~^.-]{1,8}$/), { nil: undefined }),
    dependencies: fc.boolean(),
    dependents: fc.boolean(),
    exceptSelf: fc.boolean(),
  })
  .map(({ head, tags, base, exceptSelf, ...rest }) => ({
    ...rest,
    selector: { ...head, tags, ...(base === undefined ? {} : { base }) },
    exceptSelf: exceptSelf && (rest.dependencies || rest.dependents),
  }))
  .filter(
    ({ selector }) =>
      "name" in selector || "path" in selector || selector.tags.length > 0 || selector.base !== undefined,
  );

test("a filter that is written down is read as itself", () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const text = packageFilterText({ ...filter, source: "" });
      expect(parsePackageFilter(text)).toEqual({ ok: true, value: { ...filter, source: text } });
    }),
  );
});

test("any text is read or refused, and nothing is thrown", () => {
  const texts = fc.oneof(fc.string(), fc.stringMatching(/^[.^!{}[\],/*a]{0,10}$/));
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parsePackageFilter(text);
      if (parsed.ok) expect(parsePackageFilter(packageFilterText(parsed.value)).ok).toBe(true);
      else expect(parsed.error).not.toBe("");
    }),
  );
});

/** A workspace of so many packages whose edges are given by numbers. */
function workspaceOf(edges: readonly (readonly number[])[]): Workspace {
  const packages = edges.map((deps, index) => {
    const pkg: Pick<Package, "name" | "path" | "dir" | "tags" | "deps"> = {
      name: `p${index}`,
      path: `p${index}`,
      dir: `/w/p${index}`,
      tags: [],
      deps: [...new Set(deps)].map((dep) => `p${dep % edges.length}`),
    };
    return [pkg.name, pkg as Package] as const;
  });
  return { root: "/w", packages: new Map(packages) } as unknown as Workspace;
}

const select = (workspace: Workspace, ...texts: readonly string[]): ReadonlySet<string> => {
  const parsed = texts.map((text) => {
    const filter = parsePackageFilter(text);
    if (!filter.ok) throw new Error(filter.error);
    return filter.value;
  });
  const { packages } = selectPackages(workspace, parsed, { cwd: "/w", changed: new Map() });
  return new Set(packages.map((pkg) => pkg.name));
};

const graphs = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 10 });

test("a package is among the dependents of another exactly where that is among its dependencies", () => {
  fc.assert(
    fc.property(graphs, (edges) => {
      const workspace = workspaceOf(edges);
      for (const a of workspace.packages.keys())
        for (const b of workspace.packages.keys())
          expect(select(workspace, `${a}...`).has(b)).toBe(select(workspace, `...${b}`).has(a));
    }),
  );
});

test("with ^ the packages themselves are left out, and nothing else is", () => {
  fc.assert(
    fc.property(graphs, fc.nat(9), (edges, number) => {
      const workspace = workspaceOf(edges);
      const self = `p${number % edges.length}`;
      for (const [whole, rest] of [
        [`...${self}`, `...^${self}`],
        [`${self}...`, `${self}^...`],
      ] as const) {
        const all = select(workspace, whole);
        expect(all.has(self)).toBe(true);
        expect([...select(workspace, rest), self].sort()).toEqual([...all].sort());
      }
    }),
  );
});

test("several filters add up, and what is taken away is away whatever the order", () => {
  fc.assert(
    fc.property(graphs, fc.nat(9), fc.nat(9), (edges, first, second) => {
      const workspace = workspaceOf(edges);
      const [a, b] = [`p${first % edges.length}...`, `...p${second % edges.length}`];
      const [setA, setB] = [select(workspace, a), select(workspace, b)];
      expect(select(workspace, a, b)).toEqual(
        new Set(workspace.packages.keys()).intersection(setA.union(setB)),
      );
      expect([...select(workspace, a, `!${b}`)].sort()).toEqual([...setA.difference(setB)].sort());
      expect([...select(workspace, `!${b}`, a)].sort()).toEqual([...setA.difference(setB)].sort());
    }),
  );
});
