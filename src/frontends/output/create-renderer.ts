import type { RunSubscriber } from "#core/model/event";
import { createInterleaved } from "./interleaved";
import type { RendererOptions } from "./renderer-options";

export const RENDERER_MODES = [
  "interleaved",
  "grouped",
  "github",
  "gitlab",
  "azure",
  "buildkite",
  "prefixed",
  "quiet",
  "errors-only",
  "json",
  "events",
] as const;
export type RendererMode = (typeof RENDERER_MODES)[number];

/** The subscriber that shows a run in the way asked for; only that way's code is loaded, beside the usual one's. */
export async function createRenderer(mode: RendererMode, options: RendererOptions): Promise<RunSubscriber> {
  switch (mode) {
    case "interleaved":
      return hushed(createInterleaved(options), options);
    case "grouped":
      return hushed((await import("./grouped")).createGrouped(options), options);
    case "github":
    case "gitlab":
    case "azure":
    case "buildkite":
      return hushed((await import("./folded-log")).createFoldedLog(mode, options), options);
    case "prefixed":
      return hushed((await import("./prefixed")).createPrefixed(options), options);
    case "quiet":
      return conditional((await import("./quiet")).createQuiet(options), options);
    case "errors-only":
      return conditional((await import("./errors-only")).createErrorsOnly(options), options);
    case "json":
      return (await import("./json")).createJson(options);
    case "events":
      return (await import("./events")).createEvents(options);
  }
}

async function hushed(renderer: RunSubscriber, options: RendererOptions): Promise<RunSubscriber> {
  const { silence } = options;
  if (silence === undefined) return conditional(renderer, options);
  const { withSilence } = await import("./silence");
  return conditional(withSilence(renderer, silence), options);
}

async function conditional(
  renderer: RunSubscriber,
  { isConditional }: RendererOptions,
): Promise<RunSubscriber> {
  if (isConditional === undefined) return renderer;
  const { withConditionalOutput } = await import("./conditional-output");
  return withConditionalOutput(renderer, isConditional);
}
