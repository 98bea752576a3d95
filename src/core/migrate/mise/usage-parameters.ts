import type { TaskTable } from "#core/config/schema/sections";
import type { KdlNode, KdlValue } from "./usage-spec";

type Parameter = NonNullable<TaskTable["args"]>[number];

/** Told of what parameters can't say. */
export interface UsageTeller {
  readonly approximated: (line: number, what: string, why: string) => void;
  readonly leftOut: (line: number, what: string, why: string) => void;
}

const WITHOUT_MEANING = new Set([
  "about",
  "long_about",
  "bin",
  "name",
  "version",
  "author",
  "license",
  "example",
  "min_usage_version",
  "before_help",
  "after_help",
  "before_long_help",
  "after_long_help",
  "source_code_link_template",
  "disable_help",
  "usage",
]);

/** What a usage spec declares (usage.jdx.dev), as parameters. The variable `usage_NAME` is set for each, as with mise. */
export function usageParameters(nodes: readonly KdlNode[], tell: UsageTeller): readonly Parameter[] {
  const found: Parameter[] = [];
  for (const node of nodes) {
    if (node.name === "arg") found.push(...argument(node, tell));
    else if (node.name === "flag") found.push(...flag(node, tell));
    else if (node.name === "complete") tell.approximated(node.line, "complete", "values are not completed");
    else if (!WITHOUT_MEANING.has(node.name))
      tell.leftOut(node.line, node.name, "a task has parameters, but nothing of this kind");
  }
  return found;
}

function argument(node: KdlNode, tell: UsageTeller): readonly Parameter[] {
  const text = String(node.args[0] ?? "");
  const match = /^([<[])([\w-]+)[>\]](…|\.\.\.)?$/.exec(text.trim());
  const name = match?.[2];
  if (name === undefined) {
    tell.leftOut(node.line, text, "its form is not known");
    return [];
  }
  const variadic = match?.[3] !== undefined || node.props["var"] === true;
  if (variadic)
    tell.approximated(node.line, name, "its values are joined by blanks in the variable, without quotes");
  const hasDefault = node.props["default"] !== undefined || node.props["env"] !== undefined;
  return [
    parameter(
      name,
      { node, tell },
      {
        ...(match?.[1] === "<" && !hasDefault ? { required: true } : {}),
        ...(variadic ? { variadic: true } : {}),
      },
    ),
  ];
}

function flag(node: KdlNode, tell: UsageTeller): readonly Parameter[] {
  const text = node.args.map(String).join(" ");
  const names = [...text.matchAll(/--([A-Za-z][\w-]*)/g)].map(([, name]) => name ?? "");
  const short = /(?:^|\s)-([A-Za-z])\b/.exec(text)?.[1];
  const name = names[0] ?? short;
  if (name === undefined) {
    tell.leftOut(node.line, text, "its form is not known");
    return [];
  }
  if (names[0] !== undefined && short !== undefined)
    tell.approximated(node.line, `-${short}`, `only --${name} is known`);
  if (names.length > 1) tell.approximated(node.line, text, `only --${name} is known`);
  for (const key of ["count", "negate", "global"])
    if (node.props[key] !== undefined && node.props[key] !== false)
      tell.approximated(node.line, `${name} ${key}`, "it is a plain option");
  const hasValue = /<[^>]+>/.test(text) || node.children.some((child) => child.name === "arg");
  if (hasValue)
    return [parameter(name, { node, tell }, node.props["required"] === true ? { required: true } : {})];
  tell.approximated(node.line, name, `$usage_${variable(name)} is 'false' where it is not given, not unset`);
  return [parameter(name, { node, tell }, { type: "boolean" })];
}

function parameter(
  name: string,
  { node, tell }: { readonly node: KdlNode; readonly tell: UsageTeller },
  more: Partial<Parameter>,
): Parameter {
  const { props, children } = node;
  const child = children.find((one) => one.name === "arg");
  const choices =
    [...children, ...(child?.children ?? [])].find((one) => one.name === "choices")?.args.map(String) ?? [];
  const help = props["help"] ?? props["long_help"];
  const initial = defaultOf(props["default"] ?? child?.props["default"], more.type);
  if (props["env"] !== undefined)
    tell.approximated(node.line, name, `$${String(props["env"])} gives it no value`);
  return {
    name,
    ...(typeof help === "string" && help !== "" ? { description: help } : {}),
    ...(initial === undefined ? {} : { default: initial }),
    ...(choices.length === 0 ? {} : { choices }),
    env: `usage_${variable(name)}`,
    ...more,
  };
}

function defaultOf(
  value: KdlValue | undefined,
  type: Parameter["type"],
): string | boolean | number | undefined {
  if (value === undefined || value === null) return undefined;
  if (type === "boolean") return value === true || value === "true";
  return typeof value === "boolean" ? String(value) : value;
}

const variable = (name: string): string => name.replaceAll("-", "_");
