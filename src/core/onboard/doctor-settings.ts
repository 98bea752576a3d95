import type { Place } from "#base/diagnostic";
import { parseDuration } from "#base/duration";
import type { SourceFile } from "#core/config/config";

/** A check of `[doctor.checks]`. */
export interface OwnCheck {
  readonly name: string;
  readonly place: Place;
  /** Undefined where the entry names none of them, or several. */
  readonly probe:
    | { readonly kind: "tcp"; readonly address: string }
    | { readonly kind: "http"; readonly url: string }
    | { readonly kind: "cmd"; readonly cmd: string }
    | undefined;
  readonly hint?: string;
  readonly fix?: string;
  readonly timeoutMs: number;
  readonly optional: boolean;
}

export interface DoctorSettings {
  readonly checks: readonly OwnCheck[];
  readonly ports: readonly number[];
  readonly skip: readonly string[];
}

const USUAL_LIMIT_MS = 5000;

/** What the files of the workspace root say under `[doctor]`; checks are added up, a later one of the same name wins. */
export function doctorSettings(files: readonly SourceFile[]): DoctorSettings {
  const checks = new Map<string, OwnCheck>();
  const ports = new Set<number>();
  const skip = new Set<string>();
  for (const { path: file, document } of files) {
    const { doctor } = document;
    for (const port of doctor?.ports ?? []) ports.add(port);
    for (const name of doctor?.skip ?? []) skip.add(name);
    for (const [name, { tcp, http, cmd, hint, fix, timeout, optional }] of Object.entries(
      doctor?.checks ?? {},
    )) {
      const probes = [
        ...(tcp === undefined ? [] : [{ kind: "tcp" as const, address: tcp }]),
        ...(http === undefined ? [] : [{ kind: "http" as const, url: http }]),
        ...(cmd === undefined ? [] : [{ kind: "cmd" as const, cmd }]),
      ];
      checks.set(name, {
        name,
        place: { file, path: ["doctor", "checks", name], target: "header" },
        probe: probes.length === 1 ? probes[0] : undefined,
        ...(hint === undefined ? {} : { hint }),
        ...(fix === undefined ? {} : { fix }),
        timeoutMs: (timeout === undefined ? undefined : parseDuration(timeout)) ?? USUAL_LIMIT_MS,
        optional: optional ?? false,
      });
    }
  }
  return { checks: [...checks.values()], ports: [...ports], skip: [...skip] };
}
