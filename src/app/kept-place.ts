import { version } from "#base/version";
import type { Host } from "#system/host";

/** Variables that change from one command to the next in the same shell. */
const FLEETING = new Set(["_", "OLDPWD"]);

/** Digest of a request, which must be plain data, with everything around it. */
export function requestDigest(request: unknown, { env, cpus, os, arch }: Host): string {
  const variables = Object.entries(env).filter(([name]) => !FLEETING.has(name));
  const text = JSON.stringify([version, request, cpus, os, arch, variables]);
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
