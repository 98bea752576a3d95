/** Whether a word names an instance: by its id, without its parameters, or without its package. */
export const isInstanceNamed = (id: string, name: string): boolean =>
  id === name || plainName(id) === name || id.endsWith(`:${name}`);

const plainName = (id: string): string => id.replace(/[[#@].*$/, "");
