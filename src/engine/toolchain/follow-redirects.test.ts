import { expect, test } from "bun:test";
import { followRedirects } from "./follow-redirects";

test("what lets somebody in is not sent to where a redirect leads without encryption", async () => {
  const seen: (string | null)[] = [];
  using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ url, headers }) => {
      seen.push(headers.get("authorization"));
      return url.endsWith("/from") ? Response.redirect("/to") : new Response("there");
    },
  });
  const answer = await followRedirects(
    `http://127.0.0.1:${server.port}/from`,
    {},
    {
      timeoutMs: 5000,
      signal: new AbortController().signal,
      authorization: { [`127.0.0.1:${server.port}`]: "Bearer token" },
    },
  );
  expect(answer.ok && answer.value.status).toBe(200);
  expect(seen).toEqual([null, null]);
});
