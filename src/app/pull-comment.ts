import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { PullRequest } from "#core/affected/ci-service";
import { requestJson } from "#system/net/json-request";
import type { JsonRequest } from "#system/net/json-request";

/** A comment that is written once and then kept up to date. */
export interface PullComment {
  /** Tells it from other comments; it is in the text where nobody sees it. */
  readonly mark: string;
  readonly text: string;
}

const TIMEOUT_MS = 10_000;
/** GitHub takes 65,536 characters. */
const MOST_CHARACTERS = 60_000;
const PAGE = 100;
const MOST_PAGES = 10;

/**
 * Writes a comment to a pull request, or renews the one with its mark, by the REST API of GitHub (issue comments). The
 * error is one line that holds no token.
 */
export async function commentOnPull(
  pull: PullRequest,
  { mark, text }: PullComment,
): Promise<Result<void, string>> {
  const { repository, number, apiUrl, token } = pull;
  const issues = `${apiUrl}/repos/${repository}/issues`;
  const ask = (request: Pick<JsonRequest, "method" | "url" | "body">): ReturnType<typeof requestJson> =>
    requestJson({
      ...request,
      timeoutMs: TIMEOUT_MS,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
        "user-agent": "zr",
      },
    });
  const hidden = `<!-- ${mark} -->`;
  let known: number | undefined;
  for (let page = 1; known === undefined && page <= MOST_PAGES; page += 1) {
    const url = `${issues}/${number}/comments?per_page=${PAGE}&page=${page}`;
    const listed = await ask({ method: "GET", url });
    if (!listed.ok) return listed;
    if (listed.value.status !== 200) return err(`GitHub answers ${listed.value.status}`);
    known = commentWith(listed.value.value, hidden);
    if (!Array.isArray(listed.value.value) || listed.value.value.length < PAGE) break;
  }
  const body = { body: `${hidden}\n${shortened(text)}` };
  const written = await (known === undefined
    ? ask({ method: "POST", url: `${issues}/${number}/comments`, body })
    : ask({ method: "PATCH", url: `${issues}/comments/${known}`, body }));
  if (!written.ok) return written;
  const { status } = written.value;
  return status === 200 || status === 201 ? ok(undefined) : err(`GitHub answers ${status}`);
}

function commentWith(comments: unknown, hidden: string): number | undefined {
  if (!Array.isArray(comments)) return undefined;
  for (const comment of comments as readonly unknown[]) {
    if (typeof comment !== "object" || comment === null) continue;
    if (!("id" in comment) || !("body" in comment)) continue;
    const { id, body } = comment;
    if (typeof id === "number" && typeof body === "string" && body.startsWith(hidden)) return id;
  }
  return undefined;
}

const shortened = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}\n\n… the rest is left out`;
