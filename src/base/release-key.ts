/** Replaced by the build of a release; absent elsewhere. */
declare const ZR_RELEASE_KEY: unknown;
declare const ZR_RELEASES_URL: unknown;

/** The public key in the form of minisign that releases are signed with; undefined where zr was built without one. */
export const releaseKey: string | undefined = textOf(
  typeof ZR_RELEASE_KEY === "string" ? ZR_RELEASE_KEY : "",
);

/** Where releases lie, without a slash at the end; undefined where zr was built without knowing it. */
export const releasesUrl: string | undefined = textOf(
  typeof ZR_RELEASES_URL === "string" ? ZR_RELEASES_URL : "",
);

function textOf(text: string): string | undefined {
  return text === "" ? undefined : text;
}
