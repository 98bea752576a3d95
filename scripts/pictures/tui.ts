import { join } from "node:path";
import { Terminal } from "@xterm/headless";
import { inScratchFolder, screenText, terminalVariables } from "./picture-setting";
import { terminalSvg } from "./terminal-svg";

/** A small shop, each command of which prints what its tool would. */
const PROJECT = `
[tasks.install]
cmd = "echo added 214 packages"

[tasks.build]
description = "Compile the shop"
cmd = "echo building for production...; echo 34 modules, 43.1 kB"
deps = ["install"]

[tasks.lint]
cmd = "echo 'src/cart.ts:14:7 unused variable: total'; exit 1"
deps = ["install"]

[tasks.types]
cmd = "sleep 30"
deps = ["install"]

[tasks.test]
cmd = "for suite in cart checkout login orders prices; do echo \\"ok   tests/$suite.test.ts\\"; done; sleep 30"
deps = ["build"]

[tasks.docs]
cmd = "echo 12 pages"
deps = ["build"]

[tasks.serve]
cmd = "echo listening on http://localhost:5173; sleep 30"

[tasks.deploy]
cmd = "true"
args = [{ name = "where", required = true }]

[workflows.release]
stages = [{ name = "check", tasks = ["lint"] }, { name = "ship", tasks = ["deploy"] }]
`;

const COLUMNS = 100;
const ROWS = 20;
const WAIT_MS = 20_000;

/** A picture of `zr tui` from the real program: one task has failed, three are under way. */
export async function tuiPictures(zr: string): Promise<readonly (readonly [string, string])[]> {
  return inScratchFolder(async (root) => {
    const shop = join(root, "shop");
    await Bun.write(join(shop, "zr.toml"), PROJECT);
    return [["docs/images/tui.svg", await picture(zr, shop)]];
  });
}

/** What is typed, and what has to be on the screen before it is. */
const SCENES: readonly (readonly [RegExp, string])[] = [
  [/tasks .*│/, "jj\r"],
  [/✗ lint/, "j\r"],
  [/● types/, "jjj\r"],
  [/● serve/, "kk\r"],
  [/orders[^]*▸● test/, ""],
  [/● types +running 2s/, ""],
];

async function picture(zr: string, cwd: string): Promise<string> {
  const screen = new Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  const env = terminalVariables(cwd);
  const child = Bun.spawn([zr, "tui"], {
    cwd,
    env,
    terminal: {
      cols: COLUMNS,
      rows: ROWS,
      data: (_terminal, bytes) => screen.write(bytes.slice()),
    },
  });
  const end = Date.now() + WAIT_MS;
  try {
    for (const [wanted, keys] of SCENES) {
      while (!wanted.test(screenText(screen))) {
        if (Date.now() > end)
          throw new Error(`the screen never showed ${String(wanted)}\n${screenText(screen)}`);
        await Bun.sleep(50);
      }
      child.terminal?.write(keys);
    }
    return terminalSvg(screen, `zr tui, ${COLUMNS} columns`);
  } finally {
    child.terminal?.write("\x03\x03");
    await child.exited;
  }
}
