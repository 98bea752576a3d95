import { expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { documentSteps } from "./documents";
import type { DocumentCommand, LiveExample } from "./documents";
import { withDeadline } from "#tests/support/deadline";

const GENERATED = new Set(["configuration.md", "commands.md", "errors.md"]);
const pages = [
  "README.md",
  "docs/site/index.md",
  ...(await readdir(join(REPOSITORY, "docs")))
    .filter((name) => name.endsWith(".md") && !GENERATED.has(name))
    .map((name) => `docs/${name}`),
].sort();

for (const page of pages) {
  test(`every example of ${page} does what the page says`, async () => {
    const steps = documentSteps(await Bun.file(join(REPOSITORY, page)).text());
    const [binary = "zr"] = await ensureBinary();
    const folder = await mkdtemp(join(tmpdir(), "zr-docs-"));
    const root = join(folder, "project");
    await mkdir(root);
    try {
      for (const [index, step] of steps.entries()) {
        if (step.kind === "file") {
          await Bun.write(join(root, step.path), step.text);
          // Files that follow each other belong together.
          const isLast = steps[index + 1]?.kind !== "file";
          if (isLast && step.path.endsWith("zr.toml"))
            await expectValid({ binary, root, page, line: step.line });
        } else if (step.kind === "live") await expectLive(step, { binary, root, page });
        else for (const command of step.commands) await expectOutput(command, { binary, root, page });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

interface Place {
  readonly binary: string;
  readonly root: string;
  readonly page: string;
}

function start(command: string, { binary, root }: Place): Bun.Subprocess<"ignore", "pipe"> {
  const env = {
    PATH: `${dirname(binary)}:${process.env["PATH"] ?? ""}`,
    HOME: root,
    LANG: "C.UTF-8",
    TZ: "UTC",
    NO_COLOR: "1",
    ZR_JOBS: "4",
  };
  return Bun.spawn(["sh", "-c", `exec 2>&1\n${command}`], {
    cwd: root,
    env,
    stdin: "ignore",
    stdout: "pipe",
  });
}

async function shell(
  command: string,
  place: Place,
): Promise<{ readonly code: number; readonly output: string }> {
  const { root } = place;
  const child = start(command, place);
  const output = await new Response(child.stdout).text();
  return { code: await child.exited, output: output.replaceAll(root, "~/project") };
}

async function expectValid({ line, ...place }: Place & { readonly line: number }): Promise<void> {
  const { code, output } = await shell("zr validate", place);
  if (code !== 0) throw new Error(`${place.page}:${line}: the file is not valid\n${output}`);
}

async function expectOutput({ command, output, line }: DocumentCommand, place: Place): Promise<void> {
  const { output: found } = await shell(command, place);
  const expected = settled(output);
  const actual = settled(found.trimEnd());
  if (!matches(expected, actual))
    throw new Error(
      `${place.page}:${line}: $ ${command}\nthe page says:\n${expected}\nit printed:\n${actual}`,
    );
  expect(matches(expected, actual)).toBe(true);
}

/** Does each deed when everything before it has been printed. */
async function expectLive({ command, scenes, line }: LiveExample, place: Place): Promise<void> {
  const child = start(`exec ${command}`, place);
  const decoder = new TextDecoder();
  const reader = child.stdout.getReader();
  let found = "";
  const expected: string[] = [];
  const difference = (): string =>
    `${place.page}:${line}: $ ${command}\nthe page says:\n${expected.join("\n")}\nit printed:\n${found}`;
  const hasAll = (): boolean =>
    matches(settled(expected.join("\n")), settled(found.replaceAll(place.root, "~/project").trimEnd()));
  try {
    for (const { output, deed } of scenes) {
      if (output !== "") expected.push(output);
      const isEnough = deed === undefined ? () => false : hasAll;
      while (!isEnough()) {
        const next = await withDeadline(reader.read(), "more output", difference);
        if (next.done) break;
        found += decoder.decode(next.value, { stream: true });
      }
      if (deed === "interrupt") child.kill("SIGINT");
      else if (deed !== undefined) await shell(deed.run, place);
    }
    if (!hasAll()) throw new Error(difference());
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}

/** Times and names of runs differ from run to run. */
const settled = (text: string): string =>
  text
    .replaceAll(/\b\d+(?:\.\d+)?(?:ms|s)\b/g, "<time>")
    // In a row of stages the column of times is as wide as the longest.
    .replaceAll(/^ {2}[✓✗○■] .*$/gm, (row) => row.replaceAll(/ {2,}/g, "  "))
    .replaceAll(/\b\d{8}-\d{6}-[0-9a-z]{4}\b/g, "<run>")
    .replaceAll(/ · speed-up [\d.]+×/g, "")
    .replaceAll(/[\d.]+× its time, 95% interval [\d.]+ … [\d.]+/g, "<ratio>");

function matches(expected: string, actual: string): boolean {
  const pattern = expected
    .split("\n")
    .map((line) => (line === "…" ? "[^]*" : line.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")))
    .join("\n")
    .replaceAll("\n[^]*", "[^]*");
  return new RegExp(`^${pattern}$`).test(actual);
}
