import { parseDuration } from "#base/duration";
import type { CacheOptions } from "#app/open-task-cache";
import { isOn, textOption } from "./session";
import type { Session } from "./session";

/** What the options say about the cache. Whoever repeats a run wants to see it run. */
export function cacheOptions(options: Session["options"]): CacheOptions {
  const use = textOption(options, "cache");
  const waitUploadsMs = parseDuration(textOption(options, "wait-uploads") ?? "");
  return {
    isOff: isOn(options, "no-cache"),
    force:
      isOn(options, "force") || isOn(options, "until-fail") || textOption(options, "repeat") !== undefined,
    why: isOn(options, "why"),
    verbose: isOn(options, "verbose"),
    ...(use === undefined ? {} : { use }),
    ...(waitUploadsMs === undefined ? {} : { waitUploadsMs }),
  };
}
