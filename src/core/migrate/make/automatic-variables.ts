import type { Pieces } from "#core/migrate/pieces";
import type { Scope } from "./expansion-host";
import type { Rule } from "./makefile";
import type { NameMarks } from "./name-marks";
import { prerequisitesOf, type Target } from "./target";
import { stemOf } from "./text-functions";

/** The automatic variables of a rule for one of its targets (GNU make manual, "Automatic Variables"). */
export function automaticVariables(target: Target, rule: Rule, marks: NameMarks): Scope {
  const words = target.rules.flatMap((one) => prerequisitesOf(target, one));
  const ordered = [
    ...prerequisitesOf(target, rule),
    ...words.filter((word) => !rule.prerequisites.includes(word)),
  ];
  const all =
    rule.pattern === undefined
      ? ordered
      : [...prerequisitesOf(target, rule), ...words].filter(
          (word, index, list) => list.indexOf(word) === index,
        );
  const stem = rule.pattern === undefined ? undefined : stemOf(rule.pattern, target.name);
  const withFolder = (text: string): Pieces => marks.piecesOf(text);
  const withStem = (text: string): Pieces =>
    target.isPattern
      ? text
          .split("%")
          .flatMap((part, index) => [
            ...(index === 0 ? [] : [{ kind: "stem" } as const]),
            ...withFolder(part),
          ])
      : withFolder(text);
  const reason = target.rules.find(({ unknown }) => unknown !== undefined)?.unknown;
  const known = (value: Pieces): Pieces => (reason === undefined ? value : [reason]);
  const never = (sign: string): Pieces => [
    { kind: "unknown", what: `$${sign}`, why: "there is no list of prerequisites that are newer" },
  ];
  return new Map<string, Pieces>([
    ["@", withStem(target.name)],
    ["<", known(withStem(all[0] ?? ""))],
    ["^", known(withStem([...new Set(all)].join(" ")))],
    ["+", known(withStem(all.join(" ")))],
    ["|", withStem(rule.orderOnly.join(" "))],
    ["*", target.isPattern ? [{ kind: "stem" }] : withFolder(stem ?? "")],
    ["?", target.isPhony && reason === undefined ? withStem([...new Set(all)].join(" ")) : never("?")],
    ["%", never("%")],
  ]);
}
