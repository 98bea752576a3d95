/** Where a tool comes from: the publisher's archives of a language, or the packages of a registry. */
export const BACKENDS = ["core", "npm", "pypi", "cargo", "go", "github", "url"] as const;
export type Backend = (typeof BACKENDS)[number];

export interface ToolName {
  readonly backend: Backend;
  /** What the backend calls it: `prettier`, `cli/cli`; a language's name for `core`. */
  readonly name: string;
}

/** `npm:prettier` taken apart; without a colon it is the name of a language. Undefined for a backend that is none. */
export function parseToolName(text: string): ToolName | undefined {
  const cut = text.indexOf(":");
  if (cut < 0) return hasOddParts(text) || text.includes("/") ? undefined : { backend: "core", name: text };
  const backend = BACKENDS.find((known) => known === text.slice(0, cut));
  const name = text.slice(cut + 1);
  if (backend === undefined || name === "" || hasOddParts(name)) return undefined;
  return FORMS[backend]?.test(name) === false ? undefined : { backend, name };
}

/** What registries take for a name. Their clients take more: addresses, folders, another name behind an `@`. */
const FORMS: Readonly<Partial<Record<Backend, RegExp>>> = {
  npm: /^(?:@[\w.~-]+\/)?[\w.~-]+$/,
  pypi: /^[A-Za-z0-9][\w.-]*(?:\[[\w.,-]+\])?$/,
  cargo: /^[\w-]+$/,
  go: /^[\w.~/-]+$/,
  github: /^[\w.-]+\/[\w.-]+$/,
};

/** Names go into paths and command lines. */
const hasOddParts = (name: string): boolean =>
  // oxlint-disable-next-line no-control-regex -- names with control characters are refused
  /[\s\u0000-\u001f\u007f\\"'`$&|;<>*?()]/.test(name) ||
  name.startsWith("-") ||
  name.split("/").some((part) => part === ".." || part === "." || part === "");

/** `npm:prettier`, `node`. */
export const toolLabel = ({ backend, name }: ToolName): string =>
  backend === "core" ? name : `${backend}:${name}`;

/** Name of the folder that holds a tool's versions: unlike for unlike tools, and one that every system can have. */
export const toolFolder = (tool: ToolName): string =>
  tool.backend === "core"
    ? tool.name
    : `${tool.backend}-${tool.name.replaceAll("/", "+").replaceAll(/[^A-Za-z0-9@+._~-]/g, (char) => `%${(char.codePointAt(0) ?? 0).toString(16)}`)}`;

/** Name of the folder of one version. */
export const versionFolder = (version: string): string =>
  version
    .replaceAll(/[^A-Za-z0-9@+._~-]/g, (char) => `%${(char.codePointAt(0) ?? 0).toString(16)}`)
    .replace(/^\.+/, "_");
