import { expect, test } from "bun:test";
import { formatSize, parsePercent, parseSize } from "./size";

test.each([
  ["0B", 0],
  ["100B", 100],
  ["512KB", 524_288],
  ["512kib", 524_288],
  ["1.5GiB", 1_610_612_736],
  ["2 GB", 2_147_483_648],
  ["1T", undefined],
  ["1TB", 1024 ** 4],
  ["", undefined],
  ["KB", undefined],
  ["-1KB", undefined],
  ["1PB", undefined],
  ["1 KB ", undefined],
  ["1e3B", undefined],
] as const)("the size %p is %p bytes", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes as number);
});

test.each([
  ["50%", 0.5],
  ["100%", 1],
  ["0.5%", 0.005],
  ["0%", undefined],
  ["101%", undefined],
  ["-1%", undefined],
  ["50", undefined],
  ["%", undefined],
] as const)("the share %p is %p", (text, share) => {
  expect(parsePercent(text)).toBe(share as number);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KB"],
  [1_572_864, "1.5 MB"],
  [1024 ** 5, "1024.0 TB"],
])("%d bytes are shown as %s", (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});
