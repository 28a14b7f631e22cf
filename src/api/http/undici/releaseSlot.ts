import { releaseSlots } from './slot.ts';

releaseSlots();
