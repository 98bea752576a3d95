import { expect, test } from "bun:test";
import { userInfo } from "node:os";
import type { Host } from "#system/host";
import { dataFolder } from "./tool-setting";

const folderFor = (env: Host["env"]): string => dataFolder({ env, os: "linux" } as Host);

test("the user's data lie where the user says, else in their home, and never where anybody can put something", () => {
  expect(folderFor({ HOME: "/h", XDG_DATA_HOME: "/x" })).toBe("/x/zr");
  expect(folderFor({ HOME: "/h", XDG_DATA_HOME: "x" })).toBe("/h/.local/share/zr");
  const { HOME: own } = process.env;
  delete process.env["HOME"];
  try {
    for (const env of [{}, { HOME: "" }])
      expect(folderFor(env)).toBe(`${userInfo().homedir}/.local/share/zr`);
  } finally {
    if (own !== undefined) process.env["HOME"] = own;
  }
});
