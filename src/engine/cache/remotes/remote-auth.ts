import type { Result } from "#base/result";
import { err, ok } from "#base/result";

/** What `auth` of `[cache.remote]` says, with the values of its variables. */
export type RemoteAuth =
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "basic"; readonly user: string; readonly password: string }
  | { readonly kind: "header"; readonly name: string; readonly value: string }
  | { readonly kind: "sas"; readonly token: string }
  | { readonly kind: "key"; readonly account: string; readonly key: string };

const FORMS = "write bearer:$TOKEN, basic:USER:$PASSWORD, header:NAME:$VALUE, sas:$TOKEN or key:ACCOUNT:$KEY";

/**
 * Reads `bearer:$TOKEN` and its like. The credential itself is a variable: a text that holds it is refused, since the
 * file it stands in is shared. The reason on failure names variables, never values.
 */
export function parseAuth(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Result<RemoteAuth, string> {
  const [kind = "", ...rest] = text.split(":");
  const last = rest.pop() ?? "";
  const isPair = kind === "basic" || kind === "header" || kind === "key";
  if (!/^(bearer|basic|header|sas|key)$/.test(kind) || rest.length !== (isPair ? 1 : 0)) return err(FORMS);
  const secret = valueOf(last, env);
  if (secret === "literal") return err(`it holds a credential itself: ${FORMS}`);
  if (typeof secret === "string") return err(secret);
  const first = firstOf(rest[0] ?? "", env);
  if (!first.ok) return first;
  const { value } = secret;
  switch (kind) {
    case "bearer":
      return forHeader(last, value) ?? ok({ kind: "bearer", token: value });
    case "basic":
      return ok({ kind: "basic", user: first.value, password: value });
    case "header":
      if (!/^[\w-]+$/.test(first.value)) return err(FORMS);
      return forHeader(last, value) ?? ok({ kind: "header", name: first.value, value });
    case "sas":
      return ok({ kind: "sas", token: value.replace(/^\?/, "") });
    default:
      return ok({ kind: "key", account: first.value, key: value });
  }
}

/** The value of `$NAME` or `${NAME}`; the reason where there is none. */
function valueOf(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly value: string } | string {
  const name = /^\$(?:(\w+)|\{(\w+)\})$/
    .exec(text)
    ?.slice(1)
    .find((found) => found !== undefined);
  if (name === undefined) return "literal";
  const value = Object.hasOwn(env, name) ? env[name]?.trim() : undefined;
  if (value === undefined || value === "") return `the variable ${name} is not set`;
  // A line break would end the header that it is sent in.
  return /[\r\n\0]/.test(value) ? `the variable ${name} holds a line break` : { value };
}

/** Why a value can't be sent in a header as it is; undefined where it can (RFC 9110 5.5, without what is obsolete). */
const forHeader = (variable: string, value: string): Result<never, string> | undefined =>
  /^[\t\x20-\x7e]*$/.test(value)
    ? undefined
    : err(`the variable ${variable.replace(/\W/g, "")} holds a character that can't be sent in a header`);

function firstOf(text: string, env: Readonly<Record<string, string | undefined>>): Result<string, string> {
  if (!text.startsWith("$")) return ok(text);
  const found = valueOf(text, env);
  return typeof found === "string" ? err(found) : ok(found.value);
}

/** The header that carries it, for protocols that take one. */
export function authHeaders(auth: RemoteAuth | undefined): Record<string, string> {
  switch (auth?.kind) {
    case "bearer":
      return { Authorization: `Bearer ${auth.token}` };
    case "basic":
      return {
        Authorization: `Basic ${new TextEncoder().encode(`${auth.user}:${auth.password}`).toBase64()}`,
      };
    case "header":
      return { [auth.name]: auth.value };
    default:
      return {};
  }
}
