import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import type { RemoteAuth } from "./remote-auth";
import type { RemoteProblem, RemoteSettings } from "./remote-settings";

export interface AzureAccount {
  /** Address of the blob service, without a slash at its end. */
  readonly endpoint: string;
  readonly credential: Extract<RemoteAuth, { readonly kind: "sas" | "key" | "bearer" }>;
}

/** Of the emulator: its address, account and key are documented and the same everywhere. */
const DEVELOPMENT =
  "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;" +
  "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;" +
  "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1";

/**
 * The account and what proves that one may use it: `auth` with `url` (or `endpoint`); else the variables
 * `AZURE_STORAGE_CONNECTION_STRING`, or `AZURE_STORAGE_ACCOUNT` with `AZURE_STORAGE_KEY` or `AZURE_STORAGE_SAS_TOKEN`.
 */
export function azureAccount(settings: RemoteSettings): Result<AzureAccount, RemoteProblem> {
  const { env } = settings;
  const connection = settings.auth === undefined ? fieldsOf(env["AZURE_STORAGE_CONNECTION_STRING"]) : {};
  const account = connection["AccountName"] ?? env["AZURE_STORAGE_ACCOUNT"];
  const key = connection["AccountKey"] ?? env["AZURE_STORAGE_KEY"];
  const sas = connection["SharedAccessSignature"] ?? env["AZURE_STORAGE_SAS_TOKEN"];
  const credential = credentialOf(settings.auth, { account, key, sas });
  if (credential === undefined)
    return err({
      key: "auth",
      reason: "it is needed: key:ACCOUNT:$KEY or sas:$TOKEN, or the variable AZURE_STORAGE_CONNECTION_STRING",
    });
  const name = credential.kind === "key" ? credential.account : account;
  const protocol = connection["DefaultEndpointsProtocol"] ?? "https";
  const endpoint =
    settings.endpoint ??
    settings.url ??
    connection["BlobEndpoint"] ??
    (name === undefined
      ? undefined
      : `${protocol}://${name}.blob.${connection["EndpointSuffix"] ?? "core.windows.net"}`);
  if (endpoint === undefined || !URL.canParse(endpoint))
    return err({ key: "url", reason: "it is needed: the address of the account's blob service" });
  return ok({ endpoint: endpoint.replace(/\/+$/, ""), credential });
}

interface Found {
  readonly account: string | undefined;
  readonly key: string | undefined;
  readonly sas: string | undefined;
}

function credentialOf(
  auth: RemoteAuth | undefined,
  { account, key, sas }: Found,
): AzureAccount["credential"] | undefined {
  if (auth !== undefined)
    return auth.kind === "sas" || auth.kind === "key" || auth.kind === "bearer" ? auth : undefined;
  if (account && key) return { kind: "key", account, key };
  return sas ? { kind: "sas", token: sas.replace(/^\?/, "") } : undefined;
}

/** The fields of a connection string: `Name=value;…`; values may hold `=`. */
function fieldsOf(text: string | undefined): Readonly<Record<string, string | undefined>> {
  const fields: Record<string, string> = {};
  for (const field of (text ?? "").split(";")) {
    const at = field.indexOf("=");
    if (at > 0) fields[field.slice(0, at).trim()] = field.slice(at + 1).trim();
  }
  return fields["UseDevelopmentStorage"] === "true" ? fieldsOf(DEVELOPMENT) : fields;
}
