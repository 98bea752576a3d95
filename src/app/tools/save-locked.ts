import type { Diagnostic } from "#base/diagnostic";
import { LOCK_NAME, printLock, withLocked } from "#core/toolchain/lock-file";
import type { LockedTool } from "#core/toolchain/lock-file";
import { toolLabel } from "#core/toolchain/tool-name";
import type { ToolRequest } from "#core/toolchain/tool-request";
import { holdLock } from "#engine/toolchain/hold-lock";
import { pathExists } from "#system/fs/path-exists";
import { writeFileAtomically } from "#system/fs/write-file";
import { placeOf } from "./tool-work";
import type { ToolWork, Watched } from "./tool-work";
import { rememberLock } from "./known-locks";
import { readLockFile } from "./tool-locks";
import { lockPath } from "./tool-setting";

/** Writes what has been found into the locks that the requests belong to; they stay as they are where it says the same. */
export async function saveLocked(
  entries: ReadonlyMap<ToolRequest, LockedTool>,
  work: ToolWork,
  { isLocked, signal }: { readonly isLocked?: boolean } & Pick<Watched, "signal">,
): Promise<Diagnostic | undefined> {
  const byPath = new Map<string, LockedTool[]>();
  for (const [request, entry] of entries) {
    const path = lockPath(request, work.setting);
    byPath.set(path, [...(byPath.get(path) ?? []), entry]);
  }
  for (const [path, added] of byPath) {
    await rememberLock(path, work.setting.host);
    if (isLocked === true) continue;
    const problem = await saveOne(path, added, { work, signal });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function saveOne(
  path: string,
  added: readonly LockedTool[],
  { work, signal }: { readonly work: ToolWork; readonly signal: AbortSignal },
): Promise<Diagnostic | undefined> {
  const held = await holdLock(lockOfLock(path, work), { signal }, async () => {
    const present = await readLockFile(path);
    if (!present.ok) return present.error;
    const before = printLock(present.value);
    const text = printLock(withLocked(present.value, added));
    if (text === before) return undefined;
    const written = await writeFileAtomically(path, text);
    return written.ok ? undefined : cannotWrite(path, written.error);
  });
  return held.ok ? held.value : cannotWrite(path, held.error);
}

const cannotWrite = (path: string, reason: string): Diagnostic => ({
  code: "E190",
  severity: "error",
  data: { path, reason },
});

/** Takes out of the project's lock what nothing asks for any more. */
export async function tidyLock(
  requests: readonly ToolRequest[],
  work: ToolWork,
  { signal }: Pick<Watched, "signal">,
): Promise<Diagnostic | undefined> {
  const path = `${work.setting.root}/${LOCK_NAME}`;
  if (!(await pathExists(path))) return undefined;
  const asked = new Set(
    requests.filter(({ isUsers }) => !isUsers).map(({ tool, request }) => `${toolLabel(tool)}\0${request}`),
  );
  const held = await holdLock(lockOfLock(path, work), { signal }, async () => {
    const present = await readLockFile(path);
    if (!present.ok) return present.error;
    const tools = present.value.tools.filter(({ tool, request }) => asked.has(`${tool}\0${request}`));
    if (tools.length === present.value.tools.length) return undefined;
    const written = await writeFileAtomically(path, printLock({ tools }));
    return written.ok ? undefined : cannotWrite(path, written.error);
  });
  return held.ok ? held.value : cannotWrite(path, held.error);
}

function lockOfLock(path: string, work: ToolWork): string {
  const digest = new Bun.CryptoHasher("sha256").update(path).digest("hex").slice(0, 24);
  return `${placeOf(work).folder}/.locks/lock-${digest}.lock`;
}
