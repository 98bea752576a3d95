/** The address at which a mirror has what stands at the official one: the publisher's part is replaced. */
export function mirrored(url: string, sites: readonly string[], mirror: string | undefined): string {
  if (mirror === undefined || mirror === "") return url;
  const site = sites.find((known) => url === known || url.startsWith(`${known}/`));
  // Where an address lies on none of the known sites, the mirror has it by its path.
  const rest = site === undefined ? url.replace(/^https?:\/\/[^/]*/, "") : url.slice(site.length);
  return `${mirror.replace(/\/+$/, "")}${rest}`;
}

/** `ZR_MIRROR_NODE` for node: the variable that redirects a tool's downloads. */
export const mirrorVariable = (tool: string): string =>
  `ZR_MIRROR_${tool.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_")}`;
