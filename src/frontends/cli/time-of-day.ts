import { wallMs } from "#system/clock/clock";

/** Of the clock on the wall: `14:03:22`. */
export const timeOfDay = (): string => new Date(wallMs()).toTimeString().slice(0, 8);
