import { expect, test } from "bun:test";
import type { Thread } from "./thread";
import { ThreadPool } from "./thread-pool";

interface Asked {
  readonly thread: number;
  readonly question: unknown;
  readonly answer: (body: unknown) => void;
}

/** A pool of threads that answer when they are told to. */
function rig(most: number) {
  const asked: Asked[] = [];
  const closed: number[] = [];
  const open = (index: number): Thread => {
    let waiting = 0;
    return {
      ask: (question) => {
        waiting += 1;
        return new Promise((resolve) => {
          const answer = (body: unknown): void => {
            waiting -= 1;
            resolve(body);
          };
          asked.push({ thread: index, question, answer });
        });
      },
      waiting: () => waiting,
      close: () => void closed.push(index),
    };
  };
  return { pool: new ThreadPool({ most, open }), asked, closed };
}

const here = (body: string) => () => Promise.resolve(body);

test("a piece goes to an idle thread, one that is begun for it, or stays here where all have one", async () => {
  const { pool, asked, closed } = rig(2);
  const first = pool.do({ question: 1, here: here("here") });
  const second = pool.do({ question: 2, here: here("here") });
  expect(await pool.do({ question: 3, here: here("here") })).toBe("here");
  expect(asked.map(({ thread, question }) => [thread, question])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  asked[1]?.answer("there");
  expect(await second).toBe("there");
  const fourth = pool.do({ question: 4, here: here("here") });
  expect(asked[2]).toMatchObject({ thread: 2, question: 4 });
  asked[0]?.answer("first");
  asked[2]?.answer("fourth");
  expect(await Promise.all([first, fourth])).toEqual(["first", "fourth"]);
  pool.close();
  expect(closed).toEqual([1, 2]);
});

test("what a thread gives no answer to is done here", async () => {
  const { pool, asked } = rig(1);
  const result = pool.do({ question: 1, here: here("here") });
  asked[0]?.answer(undefined);
  expect(await result).toBe("here");
});
