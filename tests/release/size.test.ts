import { statSync } from "node:fs";
import { expect } from "bun:test";
import { ensureBinary } from "#tests/support/binary";
import { testUnless } from "#tests/support/left-out";

const LIMIT_BYTES = 8e6;

testUnless(process.env["ZR_TEST_SOURCE"] === "1" ? "the source is tested, not a program" : undefined)(
  "the program is at most eight megabytes larger than the bare runtime",
  async () => {
    const [program = ""] = await ensureBinary();
    expect(statSync(program).size - statSync(process.execPath).size).toBeLessThan(LIMIT_BYTES);
  },
);
