import type { Answer } from './client.ts';
import { adviceFor, readFailure, type ServiceFailure } from './errors.ts';

/** What services do each in their own way: the headers that carry ids, and the words of a refusal. */
export interface Dialect {
  /** Header of the request id: new for each logical call, the same when the call is sent again. Left out where there is none. */
  requestId?: string;
  /** Header of the correlation id: the same for all calls of one operation. */
  correlationId: string;
  /** Where an answer has them; lower case. */
  answeredRequestId: string;
  answeredCorrelationId: string;
  /** Whether the service files a call under the request id that it was sent with: then that id also names a call without an answer. */
  keepsRequestId: boolean;
  /** What an answer with an error status says. */
  readRefusal(answer: Answer): Refusal;
}

export interface Refusal extends ServiceFailure {
  /** What the user can do about it. */
  advice: string | undefined;
}

/** Azure Resource Manager and what behaves like it (ARM RPC: common request headers). */
export const ARM_DIALECT: Dialect = {
  requestId: 'x-ms-client-request-id',
  correlationId: 'x-ms-correlation-request-id',
  answeredRequestId: 'x-ms-request-id',
  answeredCorrelationId: 'x-ms-correlation-request-id',
  keepsRequestId: false,
  readRefusal({ status, bytes }) {
    const failure = readFailure(bytes);
    return { ...failure, advice: adviceFor(status, failure.code) };
  },
};
