import { reserveSlots } from './slot.ts';

// While undici is evaluated it touches a class of Node's `fetch`, which loads Node's own copy. That fills its slot only when it finds
// it empty, and without a dispatcher in it `fetch` fails for good: so it is loaded before the slots are taken.
Reflect.get(globalThis, 'Headers');
reserveSlots();
