import type { Place } from "#base/diagnostic";
import { positionAt } from "#base/span";
import { locateDiagnostics } from "./locate-diagnostics";

/** Gives the line of a place, from 1, in texts that have been read. */
export const placeLines =
  (texts: ReadonlyMap<string, string>) =>
  (place: Place): number => {
    const [located] = locateDiagnostics([{ code: "", severity: "error", data: {}, place }], [], texts);
    return positionAt(texts.get(place.file) ?? "", located?.place?.span?.start ?? 0).line;
  };
