/** What a heading looks like to whoever links to it. The generator of the site uses it too, so it imports nothing. */

/**
 * The anchor of a heading, as the forges make it: small letters, no punctuation but `-` and `_`, `-` for each space.
 *
 * @param heading its text without Markdown marks
 */
export function headingSlug(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** Anchors of a page's headings in their order: one that was there before gets `-1`, `-2` and so on. */
export function headingSlugs(headings: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return headings.map((heading) => {
    const slug = headingSlug(heading);
    let unique = slug;
    for (let count = 1; taken.has(unique); count += 1) unique = `${slug}-${count}`;
    taken.add(unique);
    return unique;
  });
}
