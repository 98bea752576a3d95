import { expect, test } from "bun:test";
import { descriptorPath, parseCall, quotedText } from "./strace-line";

test("a call is split into its arguments, its result and the path that it opened", () => {
  const call = parseCall('openat(AT_FDCWD</w/p>, "a", O_WRONLY|O_CREAT, 0666) = 3</w/p/a>');
  expect(call).toEqual({
    name: "openat",
    args: ["AT_FDCWD</w/p>", '"a"', "O_WRONLY|O_CREAT", "0666"],
    result: 3,
    opened: "/w/p/a",
  });
  expect(descriptorPath(call?.args[0])).toBe("/w/p");
  expect(quotedText(call?.args[1])).toBe("a");
});

test("a file name that looks like the end of a call does not end it", () => {
  const call = parseCall(
    'openat(5</w/a) = 9\\74/etc\\76>, "x\\") = 3</etc/passwd>, ", O_RDONLY) = -1 ENOENT (No such)',
  );
  expect(call?.args).toHaveLength(3);
  expect(call?.result).toBe(-1);
  expect(call?.opened).toBeUndefined();
  expect(quotedText(call?.args[1])).toBe('x") = 3</etc/passwd>, ');
  expect(descriptorPath(call?.args[0])).toBe("/w/a) = 9</etc>");
});

test("escapes of bytes are read as UTF-8", () => {
  expect(quotedText('"o \\303\\251<>\\t\\\\"')).toBe("o é<>\t\\");
});

test("what is no finished call is none", () => {
  for (const text of [
    "",
    "+++ exited with 0 +++",
    'open("a',
    'open("a", O_RDONLY) = ?',
    "open(((((",
    "--- SIGCHLD {} ---",
  ])
    expect(parseCall(text)).toBeUndefined();
});

test("a name that was not written out whole is no name", () => {
  expect(quotedText('"abc"...')).toBeUndefined();
  expect(quotedText("NULL")).toBeUndefined();
});
