import { TOOL_PLATFORMS } from "#core/toolchain/tool-platforms";

/** The platforms of what is published once for all of them, with the publisher's word for that. */
export const everyPlatform = (word: string): Readonly<Record<string, string>> =>
  Object.fromEntries(TOOL_PLATFORMS.map((platform) => [platform, word]));
