import { expect, test } from "bun:test";
import { codeOwners } from "./code-owners";

const owners = codeOwners(`
# everything
*                 @all
/packages/web/    @web @ui  # the page
docs              @writers
packages/*/test   @qa
[Section]
/packages/none/
`);

test.each([
  ["packages/lib", ["@all"]],
  ["packages/web", ["@web", "@ui"]],
  ["packages/web/src/a.ts", ["@web", "@ui"]],
  ["other/docs/page.md", ["@writers"]],
  ["packages/web/test", ["@qa"]],
  ["packages/none", []],
])("%s is owned by %j", (path, expected) => {
  expect(owners(path)).toEqual(expected);
});
