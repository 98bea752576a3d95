import { expect, test } from "bun:test";
import { declaredVersions, pessimisticRequest } from "./declared-versions";
import { ReadFolder } from "./folder-files";
import type { LanguageProject } from "./language-project";

const PROJECT: LanguageProject = { inputs: [], outputs: [], toolNames: ["nodejs", "node"] };

function requests(texts: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(texts);
  const names = new Set(entries.map(([name]) => name));
  const folder = new ReadFolder({ dir: "/a", path: "." }, { names, texts: new Map(entries) }, () => {});
  return declaredVersions({ name: "node" }, PROJECT, folder).map(
    ({ tool, request, from }) => `${tool} ${request} ${from}`,
  );
}

test("the files that all tools share are read by any of the tool's names", () => {
  expect(requests({ ".tool-versions": "ruby 3.2.0\nnodejs 20.1.0 18.0.0\n" })).toEqual([
    "node 20.1.0 .tool-versions",
  ]);
  expect(requests({ "mise.toml": '[tools]\nnode = "22"\n' })).toEqual(["node 22 mise.toml"]);
  expect(requests({ ".mise.toml": '[tools]\nnodejs = ["20.11", "18"]\n' })).toEqual([
    "node 20.11 .mise.toml",
  ]);
  expect(requests({ "mise.toml": '[tools]\nnode = { version = "lts", os = ["linux"] }\n' })).toEqual([
    "node lts mise.toml",
  ]);
});

test("what is no request of a version is left out, and a broken file says nothing", () => {
  expect(requests({ ".tool-versions": "nodejs ref:main\n", "mise.toml": "[tools\n" })).toEqual([]);
  expect(requests({ ".tool-versions": "nodejs\n", "mise.toml": "tools = 3\n" })).toEqual([]);
});

test("a builder in front of a version, and what it was built for, are no part of it", () => {
  expect(requests({ ".tool-versions": "node temurin-21.0.2\n" })).toEqual(["node 21.0.2 .tool-versions"]);
  expect(requests({ ".tool-versions": "node 1.16.0-otp-26\n" })).toEqual(["node 1.16.0 .tool-versions"]);
});

test("the last number of a pessimistic request may grow", () => {
  expect(pessimisticRequest("~> 1.2")).toBe(">=1.2 <2");
  expect(pessimisticRequest("~> 1.2.3")).toBe(">=1.2.3 <1.3");
  expect(pessimisticRequest("~>3")).toBe(">=3");
  expect(pessimisticRequest(">= 1.0, ~> 1.4")).toBe(">= 1.0, >=1.4 <2");
});
