import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { wallMs } from "#system/clock/clock";
import { readText } from "#system/fs/read-text";
import type { HttpRequest } from "#system/net/http-request";
import { httpRequest } from "#system/net/http-request";
import type { RemoteTrouble } from "#engine/cache/remote-cache";
import { signedJwt } from "./signed-jwt";
import { troubleOf, statusTrouble } from "./http-object-cache";
import type { RemoteSettings } from "./remote-settings";
import { readAll } from "./verified-blob";

const SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
const MAX_ANSWER_BYTES = 1024 * 1024;
/** A token is not used any more so long before it expires. */
const MARGIN_MS = 60_000;
/** Away from the provider's machines nobody answers at the address of the metadata. */
const METADATA_TIMEOUT_MS = 2000;

interface Token {
  readonly text: string;
  readonly untilMs: number;
}

/**
 * Access tokens by Application Default Credentials: the file that `GOOGLE_APPLICATION_CREDENTIALS` names, else the one
 * that the provider's command line tool writes, else the metadata server of the machine. A file may hold the key of a
 * service account (exchanged by a signed assertion, RFC 7523) or a user's refresh token.
 */
export class GoogleToken {
  readonly #settings: RemoteSettings;
  #token: Token | undefined;
  #asked: Promise<Result<Token, RemoteTrouble>> | undefined;

  constructor(settings: RemoteSettings) {
    this.#settings = settings;
  }

  /** The headers that carry the token, which is fetched when there is none that lasts. */
  async headers(): Promise<Result<Readonly<Record<string, string>>, RemoteTrouble>> {
    if (this.#token === undefined || this.#token.untilMs <= wallMs()) {
      this.#asked ??= this.#fetched();
      const token = await this.#asked;
      this.#asked = undefined;
      if (!token.ok) return token;
      this.#token = token.value;
    }
    return ok({ Authorization: `Bearer ${this.#token.text}` });
  }

  renew(): boolean {
    const had = this.#token !== undefined;
    this.#token = undefined;
    return had;
  }

  async #fetched(): Promise<Result<Token, RemoteTrouble>> {
    const { env } = this.#settings;
    const named = env["GOOGLE_APPLICATION_CREDENTIALS"];
    if (named) return await this.#ofFile(named);
    const folder =
      env["CLOUDSDK_CONFIG"] ??
      (env["APPDATA"] ? `${env["APPDATA"]}/gcloud` : `${env["HOME"] ?? ""}/.config/gcloud`);
    const usual = `${folder}/application_default_credentials.json`;
    if ((await readText(usual)).kind === "text") return await this.#ofFile(usual);
    return await this.#ofMachine();
  }

  async #ofFile(path: string): Promise<Result<Token, RemoteTrouble>> {
    const read = await readText(path);
    if (read.kind !== "text") return err(denied(`the credentials file can't be read (${read.kind})`));
    const file = fields(read.text);
    const uri = file?.["token_uri"] ?? "https://oauth2.googleapis.com/token";
    const form = await this.#grant(file, uri);
    if (!form.ok) return form;
    return await this.#ask({
      method: "POST",
      url: uri,
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form.value).toString(),
    });
  }

  async #grant(
    file: Readonly<Record<string, string>> | undefined,
    uri: string,
  ): Promise<Result<Record<string, string>, RemoteTrouble>> {
    const { type, client_email: email, private_key: key, private_key_id: keyId } = file ?? {};
    if (type === "service_account" && email !== undefined && key !== undefined) {
      const seconds = Math.floor(wallMs() / 1000);
      const claims = { iss: email, scope: SCOPE, aud: uri, iat: seconds, exp: seconds + 3600 };
      const assertion = await signedJwt({ kid: keyId }, claims, key);
      if (assertion === undefined)
        return err(denied("the private key of the credentials file is no PKCS #8 key"));
      return ok({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
    }
    const { client_id: id, client_secret: secret, refresh_token: refresh } = file ?? {};
    if (type === "authorized_user" && id !== undefined && secret !== undefined && refresh !== undefined)
      return ok({
        grant_type: "refresh_token",
        client_id: id,
        client_secret: secret,
        refresh_token: refresh,
      });
    return err(denied("the credentials file is neither of a service account nor of a user"));
  }

  async #ofMachine(): Promise<Result<Token, RemoteTrouble>> {
    const host = this.#settings.env["GCE_METADATA_HOST"] ?? "metadata.google.internal";
    const token = await this.#ask({
      method: "GET",
      url: `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`,
      headers: { "Metadata-Flavor": "Google" },
      timeoutMs: METADATA_TIMEOUT_MS,
    });
    if (token.ok) return token;
    return err(
      denied(
        `no credentials: set GOOGLE_APPLICATION_CREDENTIALS (the machine's metadata server: ${token.error.reason})`,
      ),
    );
  }

  async #ask(
    request: Omit<HttpRequest, "timeoutMs" | "signal"> & { timeoutMs?: number },
  ): Promise<Result<Token, RemoteTrouble>> {
    const { timeoutMs, ca } = this.#settings;
    const signal = new AbortController().signal;
    const answer = await httpRequest({ timeoutMs, ca, ...request, signal });
    if (!answer.ok) return err(troubleOf(answer.error));
    const { status, body } = answer.value;
    if (status !== 200 || body === undefined) {
      await body?.cancel();
      const { kind, reason } = statusTrouble(status);
      return err({ kind: kind === "server" ? kind : "denied", reason: `asked for a token, ${reason}` });
    }
    try {
      const bytes = await readAll(body, MAX_ANSWER_BYTES, (error) => error as Error);
      const { access_token: text, expires_in: seconds } = fields(new TextDecoder().decode(bytes)) ?? {};
      if (text === undefined || !/^[\x21-\x7e]+$/.test(text)) return err(denied("the answer holds no token"));
      return ok({ text, untilMs: wallMs() + (Number(seconds) || 0) * 1000 - MARGIN_MS });
    } catch (error) {
      return err({ kind: "unreachable", reason: `asked for a token: ${(error as Error).message}` });
    }
  }
}

const denied = (reason: string): RemoteTrouble => ({ kind: "denied", reason });

/** The texts and numbers of a JSON object, as texts. */
function fields(json: string): Readonly<Record<string, string>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== "object" || value === null) return undefined;
    const entries = Object.entries(value).filter(
      ([, one]) => typeof one === "string" || typeof one === "number",
    );
    return Object.fromEntries(entries.map(([name, one]) => [name, String(one)]));
  } catch {
    return undefined;
  }
}
