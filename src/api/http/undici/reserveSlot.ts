import { reserveSlots } from './slot.ts';

reserveSlots();
