import { jsonOf } from "#base/json-of";
import { commentOnPull } from "#app/pull-comment";
import { pullRequestOf } from "#core/affected/ci-service";
import { readText } from "#system/fs/read-text";
import { print } from "#system/stdio/print";

export interface CommentRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The own part of several jobs, each of which has a comment of its own. */
  readonly job: string | undefined;
  /** Absolute path of the Markdown page. */
  readonly page: string;
  readonly tasks: readonly string[];
}

/** Puts the page of a run on the pull request, where there is one and a token allows it. A failure is only told. */
export async function commentInCi({ env, job, page, tasks }: CommentRequest): Promise<void> {
  const path = env["GITHUB_EVENT_PATH"] ?? "";
  const event = path === "" ? undefined : await readText(path);
  const pull = pullRequestOf(env, event?.kind === "text" ? jsonOf(event.text) : undefined);
  if (pull === undefined) return;
  const text = await readText(page);
  if (text.kind !== "text") return;
  const about = [tasks.join(" "), job].filter((part) => part !== undefined && part !== "").join(" ");
  const mark = `zr ci run ${about}`.replaceAll(/[^\w .:/-]/g, "").replaceAll("--", "-");
  const written = await commentOnPull(pull, { mark, text: text.text });
  if (!written.ok) await print("stderr", `zr: no comment on the pull request: ${written.error}\n`);
}
