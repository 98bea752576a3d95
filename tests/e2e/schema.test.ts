import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

test("the schema is printed as JSON Schema of draft 2020-12", async () => {
  await using project = await makeProject({});
  const { stdout } = await project.zr("schema").expect({ stdout: /^\{[^]*\}\n$/ });
  expect(JSON.parse(stdout)).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: { tasks: { additionalProperties: { $ref: "#/$defs/task" } } },
    additionalProperties: false,
  });
});

test("-o writes the same to a file, and says so", async () => {
  await using project = await makeProject({});
  await project.zr("schema", "-o", "out/zr.schema.json").expect({ stderr: "wrote out/zr.schema.json\n" });
  const { stdout } = await project.zr("schema", "-o", "-").result();
  expect(project.read("out/zr.schema.json")).toBe(stdout);
});

test("a place that can't be written to is told", async () => {
  await using project = await makeProject({ "taken/x": "" });
  await project
    .zr("schema", "--out", "taken")
    .expect({ code: 2, stderr: /^error\[E190\]: can't write taken: / });
});
