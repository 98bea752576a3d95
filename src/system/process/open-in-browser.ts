import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Host } from "#system/host";
import { which } from "#system/which";

const USUAL: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Shows a file or an address in the user's browser: the first program of `BROWSER` that is there (names with `:`
 * between them, `%s` for what is shown), else what the system opens things with. It is not waited for and outlives zr.
 *
 * @returns the reason in words where there is nothing to show it with
 */
export function openInBrowser(target: string, { os, env, cwd }: Host): Result<undefined, string> {
  const named = (env["BROWSER"] ?? "").split(os === "windows" ? ";" : ":").filter((text) => text !== "");
  const candidates = [...named.map((text) => text.split(" ")), USUAL[os] ?? ["xdg-open"]];
  const place = { path: env["PATH"] ?? "", cwd };
  for (const [program = "", ...words] of candidates) {
    const found = which(program, place);
    if (found === undefined) continue;
    const given = words.some((word) => word.includes("%s"))
      ? words.map((word) => word.replaceAll("%s", target))
      : [...words, target];
    try {
      const child = Bun.spawn([found, ...given], {
        cwd,
        env,
        detached: true,
        stdin: "ignore",
        stdout: "ignore",
        stderr: "ignore",
      });
      child.unref();
      return ok(undefined);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return err(error.message);
    }
  }
  return err(`there is no ${candidates.map(([program = ""]) => program).join(" and no ")} to open it with`);
}
