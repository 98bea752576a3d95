import type { RunSubscriber } from "#core/model/event";
import { createInterleaved } from "./interleaved";
import type { RendererOptions } from "./renderer-options";

export const RENDERER_MODES = [
  "interleaved",
  "grouped",
  "github",
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
      return hushed((await import("./report-github")).createGithub(options), options);
    case "prefixed":
      return hushed((await import("./prefixed")).createPrefixed(options), options);
    case "quiet":
      return (await import("./quiet")).createQuiet(options);
    case "errors-only":
      return (await import("./errors-only")).createErrorsOnly(options);
    case "json":
      return (await import("./json")).createJson(options);
    case "events":
      return (await import("./events")).createEvents(options);
  }
}

async function hushed(renderer: RunSubscriber, { silence }: RendererOptions): Promise<RunSubscriber> {
  if (silence === undefined) return renderer;
  const { withSilence } = await import("./silence");
  return withSilence(renderer, silence);
}
