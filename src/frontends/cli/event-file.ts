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

/** A file that a run is written to as it goes. */
export interface EventFile {
  readonly subscriber: RunSubscriber;
  /** What has kept the file from being whole; to be asked when the run is over. */
  readonly problem: () => Problems | undefined;
}

/**
 * Writes a run to a file as it goes: its events as JSON Lines, or what all tasks print, each line with its task.
 * The problem is E190 where the file can't be opened, and later where it can't be written; the run goes on.
 */
export async function eventFile(
  mode: "events" | "prefixed",
  path: string,
  { session, renderer: options }: { readonly session: Session; readonly renderer: RendererOptions },
): Promise<Result<EventFile, Problems>> {
  let sink: FileSink;
  try {
    sink = await openSink(resolveFrom(session.cwd, path), { append: false });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return err(usageProblem("E190", { path, reason: systemReason(error) }));
  }
  let problem: Problems | undefined;
  /** Notes the first failure; what comes later follows from it. */
  const noted = async (written: Promise<void>): Promise<void> => {
    try {
      await written;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      problem ??= usageProblem("E190", { path, reason: systemReason(error) });
    }
  };
  const { silence: _silence, ...rest } = options;
  const renderer = await createRenderer(mode, {
    ...rest,
    color: false,
    write: (_, bytes) => noted(sink.write(bytes)),
  });
  const close = async (): Promise<void> => {
    await renderer.close?.();
    await noted(sink.close());
  };
  return ok({ subscriber: { ...renderer, close }, problem: () => problem });
}
