import { expect, test } from "bun:test";
import { mergeDotenv } from "./merge-dotenv";

const CERTIFICATE = 'CERT="-----BEGIN\n\nPORT=3000\n-----END"';

test("entries that are lacking come behind those that are there, whole, with their comments", () => {
  const merged = mergeDotenv({
    present: "PORT=3000 # mine",
    added: `PORT="3000"\n# the key\n# of it\n${CERTIFICATE} # ours\nexport B=2 # two\n`,
    onConflict: "refuse",
  });
  expect(merged).toEqual({
    ok: true,
    value: `PORT=3000 # mine\n# the key\n# of it\n${CERTIFICATE} # ours\nexport B=2 # two\n`,
  });
});

test("another value of a name is refused, kept or taken, and never a second line", () => {
  const texts = { present: "A=1\nPORT=3000\nB=2\n", added: "PORT=4000\n" };
  expect(mergeDotenv({ ...texts, onConflict: "refuse" })).toEqual({
    ok: false,
    error: "it says another PORT",
  });
  expect(mergeDotenv({ ...texts, onConflict: "keep" })).toEqual({ ok: true, value: texts.present });
  expect(mergeDotenv({ ...texts, onConflict: "take" })).toEqual({
    ok: true,
    value: "A=1\nPORT=4000\nB=2\n",
  });
});

test("line ends are those of the text that is there", () => {
  expect(mergeDotenv({ present: "A=1\r\n", added: "# b\nB=2\n", onConflict: "refuse" })).toEqual({
    ok: true,
    value: "A=1\r\n# b\r\nB=2\r\n",
  });
});
