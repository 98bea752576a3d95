import type { PlannedFile } from "./planned-files";
import { plainProblems } from "#app/problems";
import type { Problems } from "#app/problems";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { writeFileAtomically } from "#system/fs/write-file";
import { readBytes } from "#system/fs/read-bytes";
import { fileSystem } from "#system/runtime-modules";

/** Writes files, each at once. Where one of them can't be written, those before it are as they were. */
export async function writePlanned(files: readonly PlannedFile[]): Promise<Result<void, Problems>> {
  const undo: (() => Promise<unknown>)[] = [];
  for (const { path, content, state, isExecutable } of files) {
    if (state === "unchanged" || state === "kept") continue;
    const before = state === "new" ? undefined : await readBytes(path);
    const written = await writeFileAtomically(path, content, isExecutable ? 0o755 : undefined);
    if (!written.ok) {
      for (const step of undo.reverse()) await step();
      return err(plainProblems({ code: "E190", severity: "error", data: { path, reason: written.error } }));
    }
    undo.push(() =>
      before === undefined ? fileSystem().rm(path, { force: true }) : writeFileAtomically(path, before),
    );
  }
  return ok(undefined);
}
