import type { Cell } from './cells.ts';
import type { Engine, Question } from './engine.ts';
import { EngineError } from './engineErrors.ts';

/** The whole of a small answer, row by row. What the engine's death cut off is asked once more. */
export async function allRows(engine: Engine, question: Question): Promise<Cell[][]> {
  try {
    return await collect(engine, question);
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'cut') {
      return collect(engine, question);
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
