/**
 * undici without its side effect. Evaluating the package puts an agent of its own into a process-wide slot that Node's `fetch`,
 * and with it every other extension in the host, uses. The imports run in this order, without a turn of the event loop
 * between them: fill an empty slot, load undici (which leaves a filled slot alone), empty the slot again.
 */
import './reserveSlot.ts';
import { Agent, buildConnector } from 'undici';
import './releaseSlot.ts';

export { Agent, buildConnector };
