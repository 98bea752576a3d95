import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { mirrored } from "#core/toolchain/mirrored";
import type { IndexQuestion, Release, Toolchain } from "#core/toolchain/toolchain";
import { fetchText } from "./fetch-text";
import type { FetchContext } from "./follow-redirects";
import { fetchFailure } from "./tool-failure";
import type { ToolFailure } from "./tool-failure";

/** No publisher has more pages; a list that goes on for ever ends here. */
const MOST_PAGES = 200;

export interface ReleaseListing extends IndexQuestion {
  readonly toolchain: Toolchain;
  readonly mirror: string | undefined;
}

/** All releases that the publisher lists. */
export async function listReleases(
  { toolchain, mirror, request, platform }: ReleaseListing,
  context: FetchContext,
): Promise<Result<readonly Release[], ToolFailure>> {
  const releases: Release[] = [];
  const seen = new Set<string>();
  let pages = toolchain.index({ request, platform });
  while (pages.length > 0 && seen.size < MOST_PAGES) {
    for (const page of pages) seen.add(page);
    const texts = await Promise.all(
      pages.map(async (url) => ({
        url,
        text: await fetchText(mirrored(url, toolchain.sites, mirror), context),
      })),
    );
    const more: string[] = [];
    for (const { url, text } of texts) {
      if (!text.ok) return err(fetchFailure(toolchain.name, text.error));
      const page = toolchain.readIndex(text.value, { url, request, platform });
      releases.push(...page.releases);
      more.push(...(page.more ?? []));
    }
    pages = [...new Set(more)].filter((url) => !seen.has(url));
  }
  return ok(releases);
}
