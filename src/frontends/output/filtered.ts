import type { RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import { LineFilter } from "./line-filter";
import type { LineFilterOptions } from "./line-filter";
import type { OutputStream } from "./renderer-options";

/** The renderer, which gets only the lines that the filter lets through, each stream of each instance by itself. */
export function withLineFilter(renderer: RunSubscriber, options: LineFilterOptions): RunSubscriber {
  const filters = new Map<InstanceId, Partial<Record<OutputStream, LineFilter>>>();
  const filterOf = (id: InstanceId, stream: OutputStream): LineFilter => {
    let streams = filters.get(id);
    if (streams === undefined) filters.set(id, (streams = {}));
    return (streams[stream] ??= new LineFilter(options));
  };
  const end = (id: InstanceId): void => {
    const streams = filters.get(id);
    filters.delete(id);
    for (const stream of ["stdout", "stderr"] as const) {
      const bytes = streams?.[stream]?.end();
      // Whoever printed it has ended: nobody is left to be held back.
      if (bytes !== undefined && bytes.length > 0) void renderer.output?.({ id, stream, bytes });
    }
  };
  return {
    ...renderer,
    event: (event) => {
      if (event.type === "instance.attempt-finished" || event.type === "instance.finished") end(event.id);
      renderer.event(event);
    },
    output: ({ id, stream, bytes }) => {
      const shown = filterOf(id, stream).push(bytes);
      return shown.length === 0 ? undefined : renderer.output?.({ id, stream, bytes: shown });
    },
  };
}
