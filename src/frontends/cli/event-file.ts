import { resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import type { RunSubscriber } from "#core/model/event";
import { createRenderer } from "#frontends/output/create-renderer";
import type { RendererOptions } from "#frontends/output/renderer-options";
import { openSink } from "#system/fs/file-sink";
import type { FileSink } from "#system/fs/file-sink";
import { systemReason } from "#system/fs/system-reason";
import type { Session } from "./session";

/**
 * Writes a run to a file as it goes: its events as JSON Lines, or what all tasks print, each line with its task.
 * The problem is E190 where the file can't be opened.
 */
export async function eventFile(
  mode: "events" | "prefixed",
  path: string,
  { session, renderer: options }: { readonly session: Session; readonly renderer: RendererOptions },
): Promise<Result<RunSubscriber, Problems>> {
  let sink: FileSink;
  try {
    sink = await openSink(resolveFrom(session.cwd, path), { append: false });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return err(usageProblem("E190", { path, reason: systemReason(error) }));
  }
  const { silence: _silence, ...rest } = options;
  const renderer = await createRenderer(mode, {
    ...rest,
    color: false,
    write: (_, bytes) => sink.write(bytes),
  });
  return ok({
    ...renderer,
    close: async () => {
      await renderer.close?.();
      await sink.close();
    },
  });
}
