/** What is done where both texts say something of the same thing: refuse, keep what is there, or take what is new. */
export type OnConflict = "refuse" | "keep" | "take";
