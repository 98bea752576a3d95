import { resolveFrom } from "#base/path";
import type { RunSubscriber } from "#core/model/event";
import { createRenderer } from "#frontends/output/create-renderer";
import type { RendererOptions } from "#frontends/output/renderer-options";
import { openSink } from "#system/fs/file-sink";
import type { Session } from "./session";

/** Writes the events of a run to a file, as JSON Lines. */
export const eventFile = (path: string, session: Session, options: RendererOptions): Promise<RunSubscriber> =>
  toFile("events", resolveFrom(session.cwd, path), options);

/** Writes what all tasks print to a file, each line with its task. */
export const logFile = (path: string, session: Session, options: RendererOptions): Promise<RunSubscriber> =>
  toFile("prefixed", resolveFrom(session.cwd, path), options);

async function toFile(
  mode: "events" | "prefixed",
  path: string,
  options: RendererOptions,
): Promise<RunSubscriber> {
  const sink = await openSink(path, { append: false });
  const { silence: _silence, ...rest } = options;
  const renderer = await createRenderer(mode, {
    ...rest,
    color: false,
    write: (_, bytes) => sink.write(bytes),
  });
  return {
    ...renderer,
    close: async () => {
      await renderer.close?.();
      await sink.close();
    },
  };
}
