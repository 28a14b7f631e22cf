import assert from 'node:assert/strict';
import { Rooms } from '../../src/api/http/room.ts';

describe('the memory for answers', () => {
  it('is that of an answer nobody looks at any more, of whichever list', () => {
    const rooms = new Rooms();
    const [one, other] = [rooms.open(), rooms.open()];
    const first = one.take(1_000);
    assert.ok(first.length >= 1_000);
    assert.notEqual(other.take(1_000).buffer, first.buffer);
    one.free();
    assert.equal(rooms.open().take(900).buffer, first.buffer);
  });

  it('stays the same for a call that is sent again, and grows to a longer answer', () => {
    const room = new Rooms().open();
    const first = room.take(1_000);
    assert.equal(room.take(900), first);
    assert.ok(room.take(5_000).length >= 5_000);
  });

  it('is given to one list at a time, also when it is freed twice', () => {
    const rooms = new Rooms();
    const room = rooms.open();
    room.take(10);
    room.free();
    room.free();
    assert.notEqual(rooms.open().take(10), rooms.open().take(10));
  });
});
