import { captureCommand } from "#system/process/capture";
import { which } from "#system/which";

/** A package manager that has put a program where it is. */
export interface ProgramOwner {
  readonly manager: string;
  /** The command that upgrades the program. */
  readonly command: string;
}

/** Folders that belong to a manager, by a part of the path that only its programs have. */
const BY_PATH: readonly (readonly [RegExp, (match: RegExpExecArray) => ProgramOwner])[] = [
  [/\/Cellar\/([^/]+)\//, ([, name]) => ({ manager: "Homebrew", command: `brew upgrade ${name}` })],
  [/^\/nix\/store\//, () => ({ manager: "Nix", command: "nix profile upgrade zr" })],
  [/^\/gnu\/store\//, () => ({ manager: "Guix", command: "guix upgrade zr" })],
  [
    /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//,
    ([, name]) => ({ manager: "npm", command: `npm install --global ${name}@latest` }),
  ],
  [/\/scoop\/apps\/([^/]+)\//i, ([, name]) => ({ manager: "Scoop", command: `scoop update ${name}` })],
  [/\/chocolatey\/(?:lib|bin)\//i, () => ({ manager: "Chocolatey", command: "choco upgrade zr" })],
  [/\/WinGet\/Packages\//i, () => ({ manager: "WinGet", command: "winget upgrade zr" })],
  [/^\/snap\/([^/]+)\//, ([, name]) => ({ manager: "Snap", command: `snap refresh ${name}` })],
  [/\/mise\/installs\/([^/]+)\//, ([, name]) => ({ manager: "mise", command: `mise upgrade ${name}` })],
  [
    /\/\.asdf\/installs\/([^/]+)\//,
    ([, name]) => ({ manager: "asdf", command: `asdf install ${name} latest` }),
  ],
];

interface SystemManager {
  readonly program: string;
  readonly args: readonly string[];
  /** The package's name in what it prints. */
  readonly name: RegExp;
  readonly owner: (name: string) => ProgramOwner;
}

/** Managers of whole systems, which say whose a file is. */
const BY_QUESTION: readonly SystemManager[] = [
  {
    program: "dpkg-query",
    args: ["--search"],
    name: /^([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9]+)?: /m,
    owner: (name) => ({ manager: "dpkg", command: `apt-get install --only-upgrade ${name}` }),
  },
  {
    program: "rpm",
    args: ["--query", "--queryformat", "%{NAME}\n", "--file"],
    name: /^([\w.+-]+)$/m,
    owner: (name) => ({ manager: "RPM", command: `dnf upgrade ${name}` }),
  },
  {
    program: "pacman",
    args: ["--query", "--owns", "--quiet"],
    name: /^([\w.+@-]+)$/m,
    owner: (name) => ({ manager: "pacman", command: `pacman -Syu ${name}` }),
  },
  {
    program: "apk",
    args: ["info", "--who-owns"],
    name: /owned by ([a-z0-9][a-z0-9+._-]*?)-\d/,
    owner: (name) => ({ manager: "apk", command: `apk upgrade ${name}` }),
  },
];

const QUESTION_LIMIT_MS = 5000;

/**
 * The package manager that a program belongs to; undefined where it is nobody's but the user's.
 *
 * @param path of the program, links followed, with `/` between its parts.
 */
export async function programOwner(
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<ProgramOwner | undefined> {
  for (const [pattern, owner] of BY_PATH) {
    const match = pattern.exec(path);
    if (match !== null) return owner(match);
  }
  return isOfSystem(path) ? askSystem(path, env) : undefined;
}

/** Whether packages of the system may own what lies here; `/usr/local` is the administrator's own. */
const isOfSystem = (path: string): boolean =>
  /^\/(?:usr|bin|sbin|opt)\//.test(path) && !path.startsWith("/usr/local/");

async function askSystem(
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<ProgramOwner | undefined> {
  for (const { program, args, name, owner } of BY_QUESTION) {
    const found = which(program, { path: env["PATH"] ?? "", cwd: "/" });
    if (found === undefined) continue;
    const answer = await captureCommand({
      argv: [found, ...args, path],
      cwd: "/",
      env: { ...env, LC_ALL: "C" },
      limitMs: QUESTION_LIMIT_MS,
    });
    const known = answer.ok && answer.value.exitCode === 0 ? name.exec(answer.value.stdout)?.[1] : undefined;
    if (known !== undefined) return owner(known);
  }
  return undefined;
}
