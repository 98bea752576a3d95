import { join } from "node:path";
import { chmod } from "node:fs/promises";
import { Terminal } from "@xterm/headless";
import { inScratchFolder, screenText, terminalVariables } from "./picture-setting";
import { terminalSvg } from "./terminal-svg";

/** A small shop. */
const PROJECT = `
[tasks.install]
cmd = "npm ci"

[tasks.build]
cmd = "vite build"
deps = ["install"]

[tasks.lint]
cmd = "eslint src"
deps = ["install"]

[tasks.types]
cmd = "tsc --noEmit"
deps = ["install"]

[tasks.test]
cmd = "vitest run"
deps = ["build"]

[tasks.docs]
cmd = "typedoc"
deps = ["build"]

[tasks.check]
deps = ["lint", "types", "test", "docs"]
`;

/** Stand-ins for its tools: what they print, and how long that takes. */
const TOOLS: Readonly<Record<string, string>> = {
  npm: "sleep 0.3; echo added 214 packages in 0.3s",
  vite: 'sleep 1.1; printf "building for production...\\n\\033[32mdone\\033[0m, 34 modules\\n\\033[2mdist/\\033[0m\\033[36mindex.js\\033[0m  43.1 kB\\n"',
  eslint: 'sleep 0.6; printf "\\033[33msrc/cart.ts:14:7\\033[0m unused variable: total\\n"; exit 1',
  tsc: "sleep 4",
  vitest: "sleep 3; echo 128 passed",
  typedoc: "sleep 2.6",
};

const ROWS = 24;
const WIDTHS = [40, 80, 200] as const;

/** Pictures of a run in progress, from the real program on terminals of three widths: path and content. */
export async function liveViewPictures(zr: string): Promise<readonly (readonly [string, string])[]> {
  return inScratchFolder(async (root) => {
    await Bun.write(join(root, "zr.toml"), PROJECT);
    const bin = join(root, "bin");
    for (const [name, text] of Object.entries(TOOLS)) {
      await Bun.write(join(bin, name), `#!/bin/sh\n${text}\n`);
      await chmod(join(bin, name), 0o755);
    }
    const env = terminalVariables(root, `${bin}:${process.env["PATH"] ?? ""}`);
    // So that the usual times are known.
    await Bun.spawn([zr, "run", "check", "-k"], { cwd: root, env, stdout: "ignore", stderr: "ignore" })
      .exited;
    const pictures: (readonly [string, string])[] = [];
    for (const columns of WIDTHS) {
      const svg = await picture([zr, "run", "check", "-k", "-j8"], { root, env, columns });
      pictures.push([`docs/images/live-${columns}.svg`, svg]);
    }
    return pictures;
  });
}

interface Setting {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
}

/** The screen at the moment when everything is to be seen: a failure, output above, three tasks under way. */
async function picture(words: readonly string[], { root, env, columns }: Setting): Promise<string> {
  const terminal = new Terminal({ cols: columns, rows: ROWS, allowProposedApi: true });
  const { promise, resolve } = Promise.withResolvers<string>();
  const look = (): void => {
    if (/lint failed[^]*› test .*1\.\ds[^]*3 of 6/.test(screenText(terminal)))
      resolve(terminalSvg(terminal, `zr run check, ${columns} columns`));
  };
  terminal.write(`\u001B[1m$\u001B[0m zr run check -k\r\n`);
  const child = Bun.spawn([...words], {
    cwd: root,
    env,
    terminal: {
      cols: columns,
      rows: ROWS,
      data: (_terminal, bytes) => terminal.write(bytes.slice(), look),
    },
  });
  const svg = await Promise.race([promise, child.exited.then(() => undefined)]);
  if (child.exitCode === null) child.kill("SIGINT");
  await child.exited;
  if (svg === undefined)
    throw new Error(`the run ended before it looked as it should, at ${columns} columns`);
  return svg;
}
