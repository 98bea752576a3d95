import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Release } from "#core/toolchain/toolchain";
import { ask, work } from "./package-backend";
import type { PackageBackend, PackageClient } from "./package-backend";
import type { ToolFailure } from "./tool-failure";

/** Programs of Go modules, by the path of their package. */
export const goBackend: PackageBackend = {
  programs: ["go"],
  releases: (name, _request, client) => versionsOf(name, client),
  install: async ({ name, version, home }, client) => {
    const env = { ...client.env, GOBIN: `${home}/bin` };
    const made = await work({ ...client, env }, `go:${name}`, "install", `${name}@v${version}`);
    return made.ok ? ok(["bin"]) : made;
  },
};

/** The module is the longest part of the path that has versions. */
async function versionsOf(
  name: string,
  client: PackageClient,
): Promise<Result<readonly Release[], ToolFailure>> {
  let failure: ToolFailure | undefined;
  for (let path = name; path.includes("/"); path = path.slice(0, path.lastIndexOf("/"))) {
    const asked = await ask(
      client,
      `go:${name}`,
      "list",
      "-m",
      "-versions",
      "-f",
      "{{range .Versions}}{{.}} {{end}}",
      path,
    );
    if (!asked.ok) {
      failure ??= asked.error;
      continue;
    }
    const versions = asked.value.stdout
      .trim()
      .split(/\s+/)
      .filter((version) => version !== "");
    if (versions.length > 0) return ok(versions.map((version) => ({ version: version.replace(/^v/, "") })));
    const newest = await ask(client, `go:${name}`, "list", "-m", "-f", "{{.Version}}", `${path}@latest`);
    if (newest.ok) return ok([{ version: newest.value.stdout.trim().replace(/^v/, "") }]);
  }
  return err(
    failure ?? {
      code: "E421",
      data: { tool: `go:${name}`, command: "go list", reason: "it is no path of a package" },
    },
  );
}
