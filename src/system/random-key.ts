/** 32 hexadecimal digits, unlike any that were drawn before. */
export const randomKey = (): string => crypto.randomUUID().replaceAll("-", "");
