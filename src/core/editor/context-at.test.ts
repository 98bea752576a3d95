import { expect, test } from "bun:test";
import { contextAt } from "./context-at";
import { TextModel } from "./text-model";

/** `|` marks the cursor. */
function at(marked: string): string {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  const context = contextAt(new TextModel("/zr.toml", text), offset);
  switch (context.kind) {
    case "none":
      return "none";
    case "header":
      return `header ${context.parent.join(".")}<${context.prefix}`;
    case "key":
      return `key ${context.table.join(".")}<${context.prefix}`;
    case "value":
      return `value ${context.path.join(".")}${context.inString ? " string" : ""}<${context.prefix}`;
  }
}

test.each([
  ["[|", "header <"],
  ["[ta|]", "header <ta"],
  ["[tasks.a.|]", "header tasks.a<"],
  ["[tasks]| ", "none"],
  ["# a|b", "none"],
  ["a = 1 # b|", "none"],
  ["|", "key <"],
  ["[tasks.a]\nti|", "key tasks.a<ti"],
  ["[tasks.a]\nenv.A|", "key tasks.a.env<A"],
  ["[tasks.a]\nenv.|", "key tasks.a.env<"],
  ["[tasks.a]\nti|m = 1", "key tasks.a<ti"],
  ["[tasks.a]\ncmd = |", "value tasks.a.cmd<"],
  ["[tasks.a]\ncmd = tr|", "value tasks.a.cmd<tr"],
  ['[tasks.a]\ncmd = "x|y"', "value tasks.a.cmd string<x"],
  ['[tasks.a]\ncmd = "x|', "value tasks.a.cmd string<x"],
  ['[tasks.a]\ncmd = "x"|', "none"],
  ['[tasks.a]\ncmd = """\nx|"""', "value tasks.a.cmd string<\nx"],
  ["[tasks.a]\ndeps = [|]", "value tasks.a.deps.0<"],
  ['[tasks.a]\ndeps = ["x", |]', "value tasks.a.deps.1<"],
  ['[tasks.a]\ndeps = ["x", "y|"', "value tasks.a.deps.1 string<y"],
  ['[tasks.a]\ndeps = [\n  "x",\n  |\n]', "value tasks.a.deps.1<"],
  ['[tasks.a]\ndeps = ["x"\n|', "key tasks.a<"],
  ['[tasks.a]\ndeps = ["x",\n|', "value tasks.a.deps.1<"],
  ["[tasks.a]\ndeps = [{ ta|", "key tasks.a.deps.0<ta"],
  ['[tasks.a]\ndeps = [{ task = "x", | }]', "key tasks.a.deps.0<"],
  ['[tasks.a]\ndeps = [{ task = "x|" }]', "value tasks.a.deps.0.task string<x"],
  ["[[constraints]]\nru|", "key constraints.0<ru"],
])("%s is %s", (marked, expected) => {
  expect(at(marked)).toBe(expected);
});
