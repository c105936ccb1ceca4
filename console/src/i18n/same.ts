/** The same tree with any words: a key that is missing in the other language does not compile. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> };
