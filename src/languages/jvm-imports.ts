import type { ImportScan } from "./language-project";
import { C_GRAMMAR, declaredNames, moduleTarget, scanImports } from "./scan-imports";
import type { SourceGrammar } from "./source-mask";

const GRAMMAR: SourceGrammar = { ...C_GRAMMAR, longQuotes: ['"""'] };

/** Imports of the languages of the Java virtual machine: classes by their packages, which files declare. */
export const jvmImports = (files: readonly string[]): ImportScan => ({
  files,
  scan: (text) =>
    scanImports(text, GRAMMAR, [
      {
        pattern: /^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.`]+\*?)/dgm,
        target: (name) =>
          /^(?:java|javax|kotlin)\./.test(name) ? undefined : moduleTarget(name.replace(/\.\*$/, "")),
      },
    ]),
  declares: (text) => declaredNames(text, GRAMMAR, /^[ \t]*package[ \t]+([\w.`]+)/gm),
});
