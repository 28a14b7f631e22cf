/** Why a question has no answer, in one sentence for the user that says what to do where something can be done. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError';
  readonly kind: 'question' | 'file' | 'refused' | 'memory' | 'died' | 'cut' | 'closed';

  constructor(kind: EngineError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The package has no native engine for this platform. Everything but questions to the engine works without it. */
export class EngineMissing extends Error {
  override readonly name = 'EngineMissing';
}
