import { expect, test } from "bun:test";
import type { Field } from "./kinds";
import { renderReference } from "./reference";
import { document } from "./sections";
import { taskTable } from "./task";

const page = renderReference();

test("every section has a chapter and every key of a task a row", () => {
  for (const name of Object.keys(document.fields)) expect(page).toContain(`\n## ${name}\n`);
  for (const name of Object.keys(taskTable.fields)) expect(page).toContain(`\n| \`${name}\` | `);
});

test("a row has as many cells as the head, whatever stands in them", () => {
  for (const row of page.split("\n").filter((line) => line.startsWith("| `") && !line.startsWith("| [`"))) {
    expect(row.replaceAll(String.raw`\|`, "").split("|")).toHaveLength(7);
  }
});

test("keys of later versions are marked", () => {
  const field: Field = taskTable.fields.notify;
  expect(page).toContain(`${field.doc} *Later: ${field.later}.*`);
});

test("a table that several sections share is shown once", () => {
  expect(page.split("| `stop_signal` |")).toHaveLength(2);
  expect(page.split("| `max_workers` |")).toHaveLength(2);
});
