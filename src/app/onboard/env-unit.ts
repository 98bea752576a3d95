import { relativeTo } from "#base/path";
import type { SetupStep } from "#core/onboard/setup-settings";
import type { Workspace } from "#core/workspace/workspace";
import { dotenvGap, findExample } from "#engine/onboard/dotenv-example";
import type { DotenvGap } from "#engine/onboard/dotenv-example";
import type { SetupUnit, UnitEnd, UnitLook } from "#engine/onboard/setup-unit";
import type { Host } from "#system/host";
import { readBytes } from "#system/fs/read-bytes";
import { writeFileAtomically } from "#system/fs/write-file";
import type { SetupContext } from "./setup-context";
import { stepUnit } from "./step-unit";
import type { OwnStep } from "./step-unit";

/** Examples of `.env` files in the folders of the packages, and what is lacking. */
export async function dotenvGaps({ packages }: Workspace, { env }: Host): Promise<readonly DotenvGap[]> {
  const gaps = await Promise.all([...packages.values()].map(({ dir }) => dotenvGap(dir, env)));
  return gaps.filter((gap) => gap !== undefined);
}

/** The `.env` of a folder as it is shown. */
export const dotenvName = ({ dir }: Pick<DotenvGap, "dir">, { root }: Workspace): string =>
  dir === root ? ".env" : `${relativeTo(root, dir)}/.env`;

/** Completes the `.env` of a folder. Only its owner may read a new one. Gives the system's reason where it can't. */
export async function completeDotenv({ dir, isThere, added }: DotenvGap) {
  const path = `${dir}/.env`;
  // Its bytes as they are: what is no UTF-8 would not survive as text.
  const own = isThere ? await readBytes(path) : new Uint8Array();
  return writeFileAtomically(path, Buffer.concat([own, Buffer.from(added)]), 0o600);
}

/** The step that makes `.env` files of their examples, and adds what is new in an example. */
export function envUnit(step: SetupStep, needs: readonly string[], context: SetupContext): SetupUnit {
  const { workspace, host } = context;
  const work: OwnStep = {
    step,
    needs,
    look: async (): Promise<UnitLook> => {
      const gaps = await dotenvGaps(workspace, host);
      if (gaps.length === 0) return { kind: "skip", detail: await whyNone(workspace) };
      const open = gaps.filter(isOpen);
      if (open.length === 0)
        return {
          kind: "done",
          detail: `${gaps.map((gap) => dotenvName(gap, workspace)).join(", ")}: complete`,
        };
      return { kind: "todo", detail: open.map((gap) => todoOf(gap, workspace)).join(", ") };
    },
    act: async (): Promise<UnitEnd> => {
      const gaps = await dotenvGaps(workspace, host);
      for (const gap of gaps.filter(isOpen)) {
        const written = await completeDotenv(gap);
        if (!written.ok)
          return { kind: "failed", reason: `can't write ${dotenvName(gap, workspace)}: ${written.error}` };
      }
      const next = gaps.flatMap((gap) =>
        gap.empty.length === 0 ? [] : [`fill in ${gap.empty.join(", ")} in ${dotenvName(gap, workspace)}`],
      );
      const detail = gaps
        .filter(isOpen)
        .map((gap) => todoOf(gap, workspace))
        .join(", ");
      return { kind: "done", detail, next };
    },
  };
  return stepUnit(work, context);
}

/** Why there is nothing to complete. */
async function whyNone(workspace: Workspace): Promise<string> {
  for (const { dir } of workspace.packages.values())
    if ((await findExample(dir)) !== undefined)
      return `${dotenvName({ dir }, workspace)} is there, and no file that can be read`;
  return "there is no .env.example";
}

const isOpen = ({ isThere, missing }: DotenvGap): boolean => !isThere || missing.length > 0;

const todoOf = (gap: DotenvGap, workspace: Workspace): string =>
  gap.isThere
    ? `${gap.missing.join(", ")} to ${dotenvName(gap, workspace)}`
    : `${dotenvName(gap, workspace)} from ${gap.example}`;
