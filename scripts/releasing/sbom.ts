/** What is inside of a release, as a CycloneDX 1.6 bill of materials (ECMA-424): from the lock file, without what only builds. */

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

export interface SbomInput {
  readonly version: string;
  /** Text of package-lock.json. */
  readonly lock: string;
  /** Version of the runtime that is part of the program. */
  readonly runtime: string;
  readonly timeSeconds: number;
}

/** The same input gives the same text. */
export function sbom({ version, lock, runtime, timeSeconds }: SbomInput): string {
  // The lock file is the project's own; its shape is npm's, version 3.
  const { packages } = JSON.parse(lock) as { readonly packages: Readonly<Record<string, LockedPackage>> };
  const components = Object.entries(packages)
    .filter(([path, { dev, link }]) => path !== "" && dev !== true && link !== true)
    .map(([path, locked]) => componentOf(path.slice(path.lastIndexOf("node_modules/") + 13), locked));
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date(timeSeconds * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": `zr@${version}`,
        name: "zr",
        version,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [
      {
        type: "platform",
        "bom-ref": `bun@${runtime}`,
        name: "bun",
        version: runtime,
        purl: `pkg:github/oven-sh/bun@bun-v${runtime}`,
        licenses: [{ license: { id: "MIT" } }],
      },
      ...components.sort((a, b) => (a.purl < b.purl ? -1 : 1)),
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function componentOf(name: string, { version = "", license, integrity }: LockedPackage) {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return {
    type: "library" as const,
    "bom-ref": purl,
    name,
    version,
    purl,
    ...(license === undefined
      ? {}
      : { licenses: [/ OR | AND /.test(license) ? { expression: license } : { license: { id: license } }] }),
    ...(integrity?.startsWith("sha512-") === true
      ? {
          hashes: [
            { alg: "SHA-512", content: Uint8Array.fromBase64(integrity.slice("sha512-".length)).toHex() },
          ],
        }
      : {}),
  };
}
