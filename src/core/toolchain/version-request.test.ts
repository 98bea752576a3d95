import { expect, test } from "bun:test";
import { chooseRelease } from "./choose-release";
import { compareToolVersions, newestFirst, parseToolVersion } from "./tool-version";
import { fitsRequest, parseVersionRequest } from "./version-request";

const choose = (request: string, ...versions: readonly string[]): string => {
  const parsed = parseVersionRequest(request);
  if (parsed === undefined) return "no request";
  const chosen = chooseRelease(
    versions.map((version) => ({ version: version.replace("*", ""), lts: version.endsWith("*") })),
    parsed,
  );
  return chosen.ok ? chosen.value.version : `none, near: ${chosen.error.join(" ")}`;
};

test.each([
  ["20", ["20.9.0", "20.10.0", "21.0.0"], "20.10.0"],
  ["20.1", ["20.1.3", "20.10.0"], "20.1.3"],
  ["1.22", ["1.22rc1", "1.22.0", "1.22.3", "1.23rc1"], "1.22.3"],
  ["1.22rc1", ["1.22rc1", "1.22.0"], "1.22rc1"],
  ["21", ["21.0.2+13", "21.0.2+14", "22.0.0+1"], "21.0.2+14"],
  ["21.0.2+13", ["21.0.2+13", "21.0.2+14"], "21.0.2+13"],
  ["17.0.8", ["17.0.8.1+1", "17.0.8+7"], "17.0.8.1+1"],
  ["latest", ["1.0.0", "2.0.0-beta.1"], "1.0.0"],
  ["latest", ["0.0.0-2025-a", "0.0.0-2024-b"], "0.0.0-2025-a"],
  ["lts", ["22.0.0", "20.1.0*", "18.0.0*"], "20.1.0"],
  [">=18 <20", ["20.0.0", "19.9.0", "18.0.0"], "19.9.0"],
  [">= 18, < 20", ["20.0.0", "19.9.0"], "19.9.0"],
  ["^3.11", ["4.0.0", "3.12.1", "3.11.9", "3.13.0-rc1"], "3.12.1"],
  ["20.x", ["20.3.0", "21.0.0"], "20.3.0"],
  ["*", ["1.0.0", "2.0.0"], "2.0.0"],
  ["19.5", ["20.0.0", "18.1.0", "19.4.0", "19.7.0"], "none, near: 19.4.0 19.7.0 18.1.0 20.0.0"],
])("%s of %p is %s", (request, versions, chosen) => {
  expect(choose(request, ...versions)).toBe(chosen);
});

test.each(["", "twenty", "20 or so", ">>1", "1..2"])("'%s' is no request", (text) => {
  expect(parseVersionRequest(text)).toBeUndefined();
});

test("system is met by no release", () => {
  expect(fitsRequest("20.0.0", { kind: "system" })).toBe(false);
});

test("versions are ordered by their numbers, previews before the release, builds after it", () => {
  const ordered = ["2.0.0+2", "2.0.0", "2.0.0-rc10", "2.0.0-rc2", "2.0.0-beta", "1.10", "1.9.9"];
  expect(
    newestFirst([...ordered, "odd"].toReversed().map((version) => ({ version }))).map(
      ({ version }) => version,
    ),
  ).toEqual([...ordered, "odd"]);
});

test("a missing number counts as zero", () => {
  const [a, b] = [parseToolVersion("1.2"), parseToolVersion("1.2.0")];
  expect(a && b && compareToolVersions(a, b)).toBe(0);
});
