import type { Page, PageMark, PageWalk } from '../../api/http/paging.ts';
import type { Rooms } from '../../api/http/room.ts';
import { type SignInState, tokenPages } from '../partner/tokenPages.ts';
import { markOf, readMark, refusedMark } from './marks.ts';
import type { PieceChunk, PieceReadOptions } from './plan.ts';

/** A list whose first page is there already. */
export interface BegunWalk {
  walk: PageWalk<Uint8Array>;
  first: Page<Uint8Array>;
}

/** What all lists of an export share. */
export interface SharedReading {
  signIn: SignInState;
  rooms: Rooms;
}

/** A list as it can be read. */
interface PagedList extends SharedReading {
  /** From its beginning; nothing is sent by that. */
  open(): PageWalk<Uint8Array>;
  /** Undefined: nothing of it was read. */
  begun?: BegunWalk | undefined;
  /** What of a page becomes the bytes of a chunk; left out: the page as it is. */
  bytesOf?: (page: Uint8Array) => Uint8Array;
}

/** The pages of a list as chunks. The mark behind each is the call for the next page. */
export async function* readPages(
  { open, begun, signIn, rooms, bytesOf = (page) => page }: PagedList,
  { from, ...options }: PieceReadOptions,
): AsyncGenerator<PieceChunk, void, undefined> {
  const walk = from === undefined && begun !== undefined ? begun.walk : open();
  if (from !== undefined) {
    walk.continueAt(readMark<PageMark>(from, ({ address }) => typeof address === 'string'));
  } else if (begun !== undefined) {
    yield chunkOf(begun.first, walk, bytesOf);
  }
  let resumed = from !== undefined;
  const room = rooms.open();
  try {
    for await (const page of tokenPages(walk, { ...options, room: room.take }, signIn)) {
      resumed = false;
      yield chunkOf(page, walk, bytesOf);
      // Whoever asks for the next page is done with the last.
      room.free();
    }
  } catch (error) {
    throw resumed ? refusedMark(error) : error;
  }
}

function chunkOf(
  { value, answer }: Page<Uint8Array>,
  { mark }: PageWalk<Uint8Array>,
  bytesOf: (page: Uint8Array) => Uint8Array,
): PieceChunk {
  const { requestId, receivedAt } = answer;
  return {
    bytes: bytesOf(value),
    receivedAt,
    ...(requestId === undefined ? {} : { requestId }),
    ...(mark === undefined ? {} : { resume: markOf(mark) }),
  };
}
