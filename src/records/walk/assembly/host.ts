/** What the extension does for the walk; see src/records/walk/walker.ts. */

/** Throws what is wrong with the byte at `at`; see `failures.ts`. */
export declare function fail(failure: i32, at: i32): void;

/** The slot of a key of a level that was not seen before, -1 when it has none, -2 for the object named `properties`. */
export declare function slotOf(level: i32, keyStart: i32, keyEnd: i32): i32;

/** Takes the unknown members out of their table, which is full. */
export declare function takeUnknown(): void;

/** Writes the cell of a text that a spreadsheet may run as a formula; returns the end of what it wrote. */
export declare function guardedCell(start: i32, end: i32, out: i32): i32;
