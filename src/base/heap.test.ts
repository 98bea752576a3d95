import { expect, test } from "bun:test";
import fc from "fast-check";
import { Heap } from "./heap";

test("items come out least first, whatever goes in between", () => {
  const step = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant("pop" as const));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const heap = new Heap<number>((a, b) => a < b);
      const model: number[] = [];
      for (const one of steps) {
        if (one === "pop") expect(heap.pop()).toBe(model.shift() as number);
        else {
          heap.push(one);
          model.push(one);
          model.sort((a, b) => a - b);
        }
        expect(heap.size).toBe(model.length);
        expect(heap.peek()).toBe(model[0] as number);
      }
    }),
  );
});

test("an empty heap has nothing to give", () => {
  const heap = new Heap<number>((a, b) => a < b);
  expect(heap.pop()).toBeUndefined();
  expect(heap.peek()).toBeUndefined();
  expect(heap.size).toBe(0);
});
