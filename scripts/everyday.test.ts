import { expect, test } from "bun:test";
import everyday from "./everyday-modules.json";
import { projectRoot } from "./project";

test("what everyday commands load is there", async () => {
  const missing: string[] = [];
  for (const path of everyday) if (!(await Bun.file(`${projectRoot}/${path}`).exists())) missing.push(path);
  expect(everyday).toContain("src/engine/exec/cached-attempt.ts");
  expect(missing).toEqual([]);
});
