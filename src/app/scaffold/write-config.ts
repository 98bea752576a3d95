import { checkUnwritten } from "./check-unwritten";
import { plainProblems } from "#app/problems";
import type { Problems } from "#app/problems";
import type { LoadOptions } from "#app/load-workspace";
import type { Diagnostic } from "#base/diagnostic";
import { resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { readValues } from "#core/config/toml/read-values";
import { syntaxDiagnostic } from "#core/config/toml/syntax-error";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";
import { nearestConfig } from "#app/operations/format";

/** A configuration file as it is. */
export interface OpenConfig {
  readonly path: string;
  readonly text: string;
}

/** The file that `--config` names, or the nearest zr.toml; one that is no TOML is a problem. */
export async function openConfig({
  cwd,
  configPath,
}: Pick<LoadOptions, "cwd" | "configPath">): Promise<Result<OpenConfig, Problems>> {
  const path = configPath === undefined ? await nearestConfig(cwd) : resolveFrom(cwd, configPath);
  if (path === undefined) return failed("E152", { cwd });
  return readConfig(path);
}

/** The file at a path. */
export async function readConfig(path: string): Promise<Result<OpenConfig, Problems>> {
  const read = await readText(path);
  if (read.kind === "missing") return failed("E155", { path });
  if (read.kind === "folder") return failed("E151", { path });
  if (read.kind === "unreadable") return failed("E150", { path, reason: read.reason });
  const values = readValues(read.text);
  if (values.ok) return ok({ path, text: read.text });
  return err({
    diagnostics: [syntaxDiagnostic({ file: path, text: read.text }, values.error)],
    unread: [],
    texts: new Map([[path, read.text]]),
  });
}

/** Writes a changed configuration, but only one that zr itself accepts with everything around it. */
export async function writeConfig(
  changed: OpenConfig,
  { load, dryRun }: { readonly load: LoadOptions; readonly dryRun: boolean },
): Promise<Result<void, Problems>> {
  const checked = await checkUnwritten(new Map([[changed.path, changed.text]]), load);
  if (!checked.ok) return checked;
  if (dryRun) return ok(undefined);
  const written = await writeFileAtomically(changed.path, changed.text);
  return written.ok ? ok(undefined) : failed("E190", { path: changed.path, reason: written.error });
}

const failed = (code: string, data: Diagnostic["data"]): Result<never, Problems> =>
  err(plainProblems({ code, severity: "error", data }));
