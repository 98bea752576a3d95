import { pessimisticRequest } from "./declared-versions";
import type { LanguageProject } from "./language-project";
import { groupSpan } from "./manifest-version";
import { fileTarget, packageTarget, scanImports } from "./scan-imports";
import { soleVersion } from "./sole-version";

const GEMFILE = "Gemfile";
const LOCK = "Gemfile.lock";
const GRAMMAR = { line: ["#"], block: [["\n=begin", "\n=end"]] as const, quotes: ['"', "'"] };

/** Projects of Bundler and RubyGems. */
export const rubyProject: LanguageProject = {
  inputs: ["$default"],
  outputs: ["pkg/**"],
  versionFiles: [
    { name: ".ruby-version", read: (text) => soleVersion(text, "ruby-") },
    {
      name: GEMFILE,
      read: (text) => {
        const version = /^[ \t]*ruby[ (]+["']([^"'\n]+)["']/m.exec(text)?.[1];
        return version === undefined ? undefined : pessimisticRequest(version);
      },
    },
  ],
  looksFor: [LOCK],
  install: (folder) =>
    folder.names.has(GEMFILE)
      ? {
          cmds: [["bundle", "install"]],
          cwd: folder.dir,
          reads: [GEMFILE, LOCK].filter((name) => folder.names.has(name)),
          makes: [],
        }
      : undefined,
  versionIn: (name, text) =>
    name.endsWith(".gemspec")
      ? groupSpan(text, /^\s*\w+\.version\s*=\s*["']([^"'\n#]+)["']/dm)
      : name === "version.rb"
        ? groupSpan(text, /^\s*VERSION\s*=\s*["']([^"'\n#]+)["']/dm)
        : undefined,
  toolInstead: {
    names: ["ruby"],
    why: "its makers publish sources only",
    instead: "ask for 'system' and install it by the system's packages, rbenv or ruby-build",
  },
  imports: {
    files: ["**/*.rb", "**/*.rake"],
    scan: (text) =>
      scanImports(text, GRAMMAR, [
        {
          pattern: /\brequire_relative[ (]+["']([ ]+)["']/dg,
          target: (path) => fileTarget(path.startsWith(".") ? path : `./${path}`),
        },
        {
          // `acme/billing` is of the gem `acme-billing`, or of `acme`.
          pattern: /\b(?:require|load)[ (]+["']([ ]+)["']/dg,
          target: (path) => {
            if (/^\.{1,2}\//.test(path)) return fileTarget(path);
            const parts = path.split("/");
            return packageTarget(...parts.map((_, index) => parts.slice(0, parts.length - index).join("-")));
          },
        },
      ]),
  },
};
