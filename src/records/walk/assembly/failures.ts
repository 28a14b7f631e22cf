/** What the walk expected; their texts stand in src/records/walk/walker.ts, in this order. */
export const A_STRING: i32 = 0;
export const NO_CONTROL_CHARACTER: i32 = 1;
export const END_OF_STRING: i32 = 2;
export const HEX_DIGIT: i32 = 3;
export const ESCAPE_CHARACTER: i32 = 4;
export const A_DIGIT: i32 = 5;
export const TRUE: i32 = 6;
export const FALSE: i32 = 7;
export const NULL: i32 = 8;
export const A_VALUE: i32 = 9;
export const AN_OBJECT: i32 = 10;
export const A_COLON: i32 = 11;
export const COMMA_OR_BRACE: i32 = 12;
export const COMMA_OR_BRACKET: i32 = 13;
export const TOO_DEEP: i32 = 14;
