import type { Step } from "#core/model/plan";
import { runsOn } from "./runs-on";

/** The commands of an instance that are meant for a machine, in their order, whatever their conditions say. */
export const stepsOn = (
  steps: readonly Step[],
  { os, arch }: { readonly os: string; readonly arch: string },
): readonly Step[] => steps.filter(({ platforms = [] }) => runsOn(platforms, os, arch));
