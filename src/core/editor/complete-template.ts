import { templateNamespaces } from "#core/expr/names";
import { GIT_FIELDS } from "#core/model/plan";
import { declaredKeys } from "./complete-expression";
import type { TextPlace } from "./complete-expression";
import type { CompletionItem } from "./completion-item";

const FIXED: Readonly<Partial<Record<string, readonly string[]>>> = {
  task: ["name"],
  package: ["name", "path", "dir"],
  workspace: ["root"],
  run: ["id"],
  match: ["0", "1"],
  git: GIT_FIELDS,
};

/** What may stand in `${…}` of a string. */
export function completeTemplate(place: TextPlace): CompletionItem[] {
  const { before, offset } = place;
  const inside = /\$\{([^{}]*)$/.exec(before)?.[1] ?? "";
  const dot = inside.indexOf(".");
  if (dot === -1) {
    const span = { start: offset - inside.length, end: offset };
    return templateNamespaces.map((name) => ({
      label: name,
      kind: "variable",
      insert: `${name}.`,
      span,
      rank: 0,
      about: { kind: "name", name },
    }));
  }
  const namespace = inside.slice(0, dot);
  const span = { start: offset - (inside.length - dot - 1), end: offset };
  const keys = FIXED[namespace] ?? declaredKeys(place, namespace);
  return [...new Set(keys)].map((label) => ({ label, kind: "variable", insert: label, span, rank: 0 }));
}
