import { formatDuration } from "#base/duration";
import { ok } from "#base/result";
import type { Result } from "#base/result";
import { shardPlan } from "#core/plan/shard-plan";
import { expectedDurations } from "#app/expected-durations";
import type { PlannedRun } from "#app/operations/plan-run";
import type { Problems } from "#app/problems";
import { textsDigest } from "#system/fs/file-digest";
import { print } from "#system/stdio/print";
import { isOn } from "./session";
import type { Session } from "./session";
import { isCi } from "./terminal-facts";

/** The part of a planned run that `--shard 2/5` asks for. Says which part it is. */
export async function onlyShard(
  planned: PlannedRun,
  shard: string,
  session: Session,
): Promise<Result<PlannedRun, Problems>> {
  const [index = 1, count = 1] = shard.split("/").map(Number);
  const expected = await expectedDurations(planned.plan.root);
  const part = shardPlan(planned.plan, { index, count }, expected);
  const { options, host } = session;
  // Machines that divide in different ways leave tasks out, which nobody would see.
  const mark =
    isOn(options, "verbose") || isCi(host.env)
      ? ` of division ${textsDigest(part.division.map((ids) => ids.join("\n"))).slice(0, 8)}`
      : "";
  if (!isOn(options, "quiet")) await print("stderr", `${shardText(part, { index, count, mark })}\n`);
  return ok({ ...planned, plan: part.plan });
}

function shardText(
  { units, unitCount, plan, repeated, loads, isTimed }: ReturnType<typeof shardPlan>,
  { index, count, mark }: { readonly index: number; readonly count: number; readonly mark: string },
): string {
  const needed = plan.instances.length - units.length;
  const also = repeated.length === 0 ? "" : `, ${repeated.length} of them also in other shards`;
  const time = isTimed ? ` · about ${formatDuration(loads[index - 1] ?? 0)} of work` : "";
  return `shard ${index}/${count}${mark}: ${units.length} of ${unitCount} tasks${needed === 0 ? "" : ` and ${needed} that they need${also}`}${time}`;
}
