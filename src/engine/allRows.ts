import type { Cell } from './cells.ts';
import type { Engine, Question } from './engine.ts';
import { EngineError } from './engineErrors.ts';

/** The whole of a small answer, row by row. What the engine's death cut off is asked once more. */
export function allRows(engine: Engine, question: Question): Promise<Cell[][]> {
  return despiteCut(() => collect(engine, question));
}

/** What reads an answer from its beginning, and does so once more when the engine's death cut the answer off. */
export async function despiteCut<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'cut') {
      return read();
    }
    throw error;
  }
}

async function collect(engine: Engine, question: Question): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for await (const batch of engine.query(question)) {
    for (let row = 0; row < batch.rows; row++) {
      rows.push(batch.values.map((values) => values[row] ?? null));
    }
  }
  return rows;
}
