import { readAtOnce } from "#system/fs/read-at-once";

/** Below so much over what we have now a figure may well be our own. */
const MARGIN = 1.25;
const MARGIN_BYTES = 8 * 1024 * 1024;

/** What we had when it was last looked at; looking takes the system some time. */
let ownBytes = 0;

/**
 * The memory of a child at its most, from the figure that the system gives when it has ended; undefined where that can't be
 * told. Until a child has become its program it has our memory, and the system counts that: what is not more than ours tells
 * nothing. Our own figure can be too large in the same way, by the memory of whoever has started us (Linux keeps it over
 * exec); only where that makes a difference the kernel is asked for ours alone.
 */
export function childMemory(maxRssBytes: number): number | undefined {
  if (maxRssBytes > process.resourceUsage().maxRSS * 1024) return maxRssBytes;
  if (maxRssBytes < ownBytes * MARGIN + MARGIN_BYTES) return undefined;
  ownBytes = process.memoryUsage.rss();
  if (maxRssBytes < ownBytes * MARGIN + MARGIN_BYTES) return undefined;
  const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(readAtOnce("/proc/self/status") ?? "")?.[1];
  return kilobytes !== undefined && maxRssBytes > Number(kilobytes) * 1024 ? maxRssBytes : undefined;
}
