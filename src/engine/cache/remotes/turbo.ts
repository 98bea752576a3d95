import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import type { RemoteCache } from "#engine/cache/remote-cache";
import type { HttpLayout } from "./http-object-cache";
import { HttpObjectCache } from "./http-object-cache";
import { authHeaders } from "./remote-auth";
import type { RemoteProblem, RemoteSettings } from "./remote-settings";
import { required } from "./remote-settings";
import { scopedKey } from "./scoped-key";

/**
 * The remote cache API of Turborepo: GET, HEAD and PUT of `URL/v8/artifacts/HASH`. It holds artifacts of any content
 * under one kind of name, so an action result is one artifact, and each blob another. The name of a blob is its digest,
 * that of an action result a digest of its key, its scope and a word that no blob begins with.
 *
 * `bucket` is the team: `team_…` is sent as its identifier, anything else as its slug.
 */
export function openTurbo(settings: RemoteSettings): Result<RemoteCache, RemoteProblem> {
  const url = required(settings, "url");
  if (!url.ok) return url;
  const token = settings.env["TURBO_TOKEN"];
  const auth = settings.auth ?? (token ? { kind: "bearer" as const, token } : undefined);
  if (auth?.kind !== "bearer")
    return err({ key: "auth", reason: "it is needed: bearer:$TOKEN, or the variable TURBO_TOKEN" });
  const team = settings.bucket ?? settings.env["TURBO_TEAM"];
  const query =
    team === undefined ? "" : `?${team.startsWith("team_") ? "teamId" : "slug"}=${encodeURIComponent(team)}`;
  const base = [url.value.replace(/\/v8$/, ""), settings.prefix].filter((part) => part !== "").join("/");
  const headers = { ...authHeaders(auth), "x-artifact-client-interactive": "0" };
  const layout: HttpLayout = {
    request: async (operation, { kind, id }) =>
      ok({
        url: `${base}/v8/artifacts/${kind === "ac" ? scopedKey(`zr-action ${settings.scope}`, id) : id}${query}`,
        headers:
          operation === "put"
            ? { ...headers, "Content-Type": "application/octet-stream", "x-artifact-duration": "0" }
            : headers,
      }),
  };
  return ok(new HttpObjectCache(`turbo cache ${base}`, layout, settings));
}
