/** The task of an instance: its id without combination and number. */
export const taskOf = (id: string): string => /^[^[#]+/.exec(id)?.[0] ?? id;
