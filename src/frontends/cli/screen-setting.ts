import { basename } from "#base/path";
import { runSettings } from "#core/config/run-settings";
import type { Workspace } from "#core/workspace/workspace";
import { createByteWriter } from "#system/stdio/writer";
import { hasColor, hasSigns } from "./run-display";
import type { Session } from "./session";

/** What everything that takes over the terminal is told of it. */
export interface ScreenSetting {
  readonly title: string;
  readonly hasColor: boolean;
  readonly hasUnicode: boolean;
  /** Writes to the terminal; settled when it has taken the text. */
  readonly write: (text: string) => Promise<void>;
}

export function screenSetting(session: Session, workspace: Workspace): ScreenSetting {
  const writer = createByteWriter();
  const encoder = new TextEncoder();
  const { packages, current, root } = workspace;
  const settings = runSettings(current.config);
  return {
    title: packages.size > 1 ? current.name : basename(root),
    hasColor: hasColor(settings, session),
    hasUnicode: hasSigns(settings, session.host),
    write: (text) => {
      void writer.write("stdout", encoder.encode(text));
      return writer.flush();
    },
  };
}
