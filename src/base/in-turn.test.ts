import { expect, test } from "bun:test";
import { InTurn } from "./in-turn";

test("work of one key is done in the order in which it came, also after a failure; other keys don't wait", async () => {
  const turns = new InTurn();
  const said: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turns.do("a", async () => {
    said.push("first begins");
    await gate.promise;
    said.push("first ends");
    throw new Error("no");
  });
  const second = turns.do("a", async () => {
    said.push("second");
    return 2;
  });
  expect(await turns.do("b", () => Promise.resolve("other"))).toBe("other");
  expect(said).toEqual(["first begins"]);
  gate.resolve();
  expect(first).rejects.toThrow("no");
  expect(await second).toBe(2);
  expect(said).toEqual(["first begins", "first ends", "second"]);
});
