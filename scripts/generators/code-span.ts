/**
 * A text as inline code of Markdown. The fence is longer than every run of backticks in the text, and a space keeps the
 * two apart where the text begins or ends with one: CommonMark takes that space away again.
 */
export function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const gap = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${gap}${text}${gap}${fence}`;
}
