import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromiumPath, closeBrowser, showPage } from "#tests/support/browser";
import { runCommand } from "#scripts/project";
import { writeDemoProject } from "./demo-project";

const SIZE = { width: 1200, height: 720 };
/** Larger pictures are too heavy for a repository. */
const MOST_BYTES = 150_000;

type PageName = "graph" | "analytics";

/**
 * The graph page and the analytics page of a project with a made-up past, light and dark, as PNG by their path. Throws
 * where there is no Chromium, or a picture is too large.
 *
 * @param zr path of the executable
 */
export async function pagePictures(zr: string): Promise<ReadonlyMap<string, Uint8Array>> {
  if (chromiumPath === undefined) throw new Error("pictures of pages need chromium on PATH");
  const folder = await mkdtemp(join(tmpdir(), "zr-pictures-"));
  const root = join(folder, "shop");
  const pictures = new Map<string, Uint8Array>();
  try {
    await writeDemoProject(root);
    await run(zr, root, ["analytics", "-o", "analytics.html"]);
    await run(zr, root, ["graph", "check", "--critical", "--format", "html", "-o", "graph.html"]);
    for (const name of ["graph", "analytics"] as const) {
      for (const dark of [false, true]) {
        const path = `docs/images/${name}-${dark ? "dark" : "light"}.png`;
        const bytes = await takePicture(join(root, `${name}.html`), { name, dark });
        if (bytes.length > MOST_BYTES) throw new Error(`${path} has more than ${MOST_BYTES} bytes`);
        pictures.set(path, bytes);
      }
    }
  } finally {
    await closeBrowser();
    await rm(folder, { recursive: true, force: true });
  }
  return pictures;
}

async function run(zr: string, root: string, words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand([zr, "--chdir", root, ...words]);
  if (exitCode !== 0) throw new Error(`zr ${words.join(" ")}: ${stderr}`);
}

async function takePicture(
  file: string,
  { name, dark }: { readonly name: PageName; readonly dark: boolean },
): Promise<Uint8Array> {
  await using shown = await showPage(file, { size: SIZE, dark });
  if (name === "graph") await shown.page.locator(".node", { hasText: "api:build" }).click();
  else await shown.page.locator(".uplot canvas").nth(3).waitFor();
  return await shown.page.screenshot({ animations: "disabled" });
}
