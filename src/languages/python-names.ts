/** Names are compared so (packaging.python.org, "Names and normalization"). */
export const normalName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, "-");
