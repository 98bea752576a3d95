import type { RemoteCacheTable } from "#core/config/schema/sections";

/** `$NAME`, `bearer:$NAME`, `basic:$NAME:${OTHER}`. */
const BY_VARIABLE = /^(?:[a-z][a-z0-9-]*:)?\$(?:\w+|\{\w+\})(?::\$(?:\w+|\{\w+\}))*$/i;
/** Neither a user's name nor a query, in which a token may stand. */
const PLAIN_ADDRESS = /^[^@?]*$/;

/** Whether `[cache.remote]` says nothing that only some may know: credentials are named by variables. */
export function isPublicRemote(table: RemoteCacheTable | undefined): boolean {
  if (table === undefined) return true;
  const { auth, encrypt, sign, url, endpoint } = table;
  return (
    [auth, encrypt, sign].every((text) => text === undefined || BY_VARIABLE.test(text)) &&
    [url, endpoint].every((text) => text === undefined || PLAIN_ADDRESS.test(text))
  );
}
