import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import type { RemoteCache, RemoteTrouble } from "#engine/cache/remote-cache";
import type { HttpLayout, ObjectRequest } from "./http-object-cache";
import { HttpObjectCache, objectPath } from "./http-object-cache";
import type { RemoteProblem, RemoteSettings } from "./remote-settings";
import { required } from "./remote-settings";

/** Seconds that an address is good for: it is used at once, but clocks differ. */
const ADDRESS_SECONDS = 15 * 60;

/**
 * S3 and what speaks its protocol. Each request goes to a presigned address (Signature Version 4 in the query), so that
 * time-outs, certificates and streams are those of the other protocols; the address is a credential and is not shown.
 */
export function openS3(settings: RemoteSettings): Result<RemoteCache, RemoteProblem> {
  const bucket = required(settings, "bucket");
  if (!bucket.ok) return bucket;
  const { env } = settings;
  const accessKeyId = env["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = env["AWS_SECRET_ACCESS_KEY"];
  if (!accessKeyId || !secretAccessKey)
    return err({ key: "auth", reason: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are needed" });
  const region = settings.region ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "us-east-1";
  const sessionToken = env["AWS_SESSION_TOKEN"];
  const endpoint =
    settings.endpoint ??
    settings.url ??
    env["AWS_ENDPOINT_URL_S3"] ??
    env["AWS_ENDPOINT_URL"] ??
    `https://s3.${region}.amazonaws.com`;
  if (!URL.canParse(endpoint)) return err({ key: "endpoint", reason: "it is no address like https://host" });
  const client = new Bun.S3Client({
    accessKeyId,
    secretAccessKey,
    bucket: bucket.value,
    region,
    endpoint,
    ...(sessionToken ? { sessionToken } : {}),
  });
  const layout: HttpLayout = {
    request: async (operation, name): Promise<Result<ObjectRequest, RemoteTrouble>> => {
      const method = ({ get: "GET", head: "HEAD", put: "PUT" } as const)[operation];
      const url = client.presign(objectPath(settings, name), { method, expiresIn: ADDRESS_SECONDS });
      return ok({ url, headers: {} });
    },
  };
  return ok(new HttpObjectCache(`s3 cache ${bucket.value} at ${new URL(endpoint).host}`, layout, settings));
}
