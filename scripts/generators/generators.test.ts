import { expect, test } from "bun:test";
import { diagnosticCodes } from "#app/diagnostic-codes";
import { commands } from "#frontends/cli/commands";
import { globalOptions } from "#frontends/cli/global-options";
import { isHidden } from "#frontends/cli/usage";
import { commandsPage } from "./commands";
import { configurationPage } from "./configuration";
import { errorsPage } from "./errors";

test("the page of errors has every code once, with its message and its example", async () => {
  const { path, text } = await errorsPage();
  expect(path).toBe("docs/errors.md");
  for (const [code, entry] of Object.entries(diagnosticCodes)) {
    expect(text.split(`\n### ${code}\n`)).toHaveLength(2);
    expect(text).toContain(entry.message);
  }
  expect(text).toContain("```console\n$ zr run biuld\nerror[E160]: no task 'biuld'\n");
  expect(text).toContain("```toml\n[tasks.deploy]\n");
});

test("the page of commands has every command with all its options, and the variables of global ones", () => {
  const { path, text } = commandsPage();
  expect(path).toBe("docs/commands.md");
  for (const command of commands) {
    expect(text.split(`\n### zr ${command.name}\n`)).toHaveLength(isHidden(command) ? 1 : 2);
    if (!isHidden(command))
      for (const name of Object.keys(command.options)) expect(text).toContain(`--${name}`);
  }
  for (const name of Object.keys(globalOptions)) expect(text).toContain(`--${name}`);
  expect(text).toContain("| `-n, --dry-run` | `ZR_DRY_RUN` |");
});

test("no page has a row that a bar in a cell would break", () => {
  for (const { text } of [commandsPage(), configurationPage()]) {
    let columns = 0;
    for (const line of text.split("\n")) {
      const cells = line.startsWith("|") ? line.replaceAll(String.raw`\|`, "").split("|").length : 0;
      if (columns !== 0 && cells !== 0) expect(cells).toBe(columns);
      columns = cells;
    }
  }
});
