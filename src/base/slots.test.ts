import { expect, test } from "bun:test";
import { Slots } from "./slots";

/** Work that goes on until it is let go. */
function held(slots: Slots, begun: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const done = slots.hold(() => {
    begun.push(name);
    return promise;
  });
  return { done, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

test("so many work at a time, and the next one in line begins when one has ended, well or not", async () => {
  const slots = new Slots(2);
  const begun: string[] = [];
  const [one, two, three, four] = ["one", "two", "three", "four"].map((name) => held(slots, begun, name));
  expect(begun).toEqual(["one", "two"]);
  two!.end();
  expect(await two!.done).toBe("two");
  expect(begun).toEqual(["one", "two", "three"]);
  one!.fail();
  await expect(one!.done).rejects.toThrow("one");
  expect(begun).toEqual(["one", "two", "three", "four"]);
  three!.end();
  four!.end();
  expect(await Promise.all([three!.done, four!.done])).toEqual(["three", "four"]);
});

test("no slots at all are one", async () => {
  expect(await new Slots(0).hold(() => Promise.resolve("done"))).toBe("done");
});
