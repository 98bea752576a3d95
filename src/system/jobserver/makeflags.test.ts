import { expect, test } from "bun:test";
import { jobserverFlags, parseMakeflags, withJobserver } from "./makeflags";

test("both forms of an address are read, and the older name of the second", () => {
  expect(parseMakeflags(" -j8 --jobserver-auth=fifo:/tmp/GMfifo1")).toEqual({
    address: { kind: "fifo", path: "/tmp/GMfifo1" },
    style: "fifo",
    slots: 8,
  });
  expect(parseMakeflags("k -j --jobserver-auth=3,4")).toEqual({
    address: { kind: "pipe", read: 3, write: 4 },
    style: "pipe",
    slots: undefined,
  });
  expect(parseMakeflags("--jobserver-fds=5,6 -j")).toEqual({
    address: { kind: "pipe", read: 5, write: 6 },
    style: "fds",
    slots: undefined,
  });
});

test("the last address counts, also where it says that there is none", () => {
  expect(parseMakeflags("--jobserver-auth=3,4 --jobserver-auth=fifo:/f").address).toEqual({
    kind: "fifo",
    path: "/f",
  });
  expect(parseMakeflags("--jobserver-auth=3,4 --jobserver-auth=-2,-2").address).toBeUndefined();
});

test("what stands behind two dashes are variables, not flags", () => {
  expect(parseMakeflags("k -- A=1 --jobserver-auth=3,4").address).toBeUndefined();
});

test("flags without a jobserver name none", () => {
  expect(parseMakeflags("")).toMatchObject({ address: undefined, slots: undefined });
  expect(parseMakeflags("ks --no-print-directory")).toMatchObject({ address: undefined, slots: undefined });
});

test("flags are written as GNU make writes them", () => {
  expect(jobserverFlags(4, "fifo", "/run/f")).toBe("-j4 --jobserver-auth=fifo:/run/f");
  expect(jobserverFlags(4, "pipe", "3,4")).toBe("-j4 --jobserver-auth=3,4");
  expect(jobserverFlags(undefined, "pipe", "3,4")).toBe("-j --jobserver-auth=3,4");
  expect(jobserverFlags(4, "fds", "3,4")).toBe("--jobserver-fds=3,4 -j");
});

test("the user's flags stay, in front of the jobserver, and variables stay last", () => {
  expect(withJobserver(undefined, "-j4 F")).toBe("-j4 F");
  expect(withJobserver("ks --debug=b -- CC=clang X=1", "-j4 F")).toBe("ks --debug=b -j4 F -- CC=clang X=1");
});

test("a job count and a jobserver that were there are replaced", () => {
  expect(withJobserver("k -j16 --jobserver-auth=3,4 --jobs=2 -j", "-j4 F")).toBe("k -j4 F");
  expect(withJobserver("k -j16 --jobserver-fds=3,4 --jobs", "")).toBe("k");
});
