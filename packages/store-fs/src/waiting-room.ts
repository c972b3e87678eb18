/** What all queues together may hold; a disk that is slower than the agents must not fill the memory. */
const SHARED_BYTES = 4 * 1024 * 1024;
/** What each may hold in any case: one that floods does not silence the others. */
const OWN_BYTES = 512 * 1024;
const SEAT_BYTES = 256 * 1024;

/** Bytes that wait to be written, of one file, in order. */
interface WaitingQueue {
  /** Copies what there is place for, from the first byte on; returns how many. */
  enter(bytes: Uint8Array): number;
  /** The bytes to write next; null = none. They stay as they are until `leave` or `clear`. */
  first(): Uint8Array | null;
  /** What `first` returned has been written. */
  leave(): void;
  clear(): void;
}

export interface WaitingRoom {
  open(): WaitingQueue;
}

interface Seat {
  readonly bytes: Uint8Array;
  length: number;
}

/**
 * A bounded amount of memory for the queues of many files. Its buffers are used over and over: output that comes by the
 * gigabyte would leave more behind, in pieces, than the collector and the allocator give back.
 */
export function createWaitingRoom(): WaitingRoom {
  const empty: Seat[] = [];
  let taken = 0;
  const takeSeat = (own: number): Seat | null => {
    if (taken >= SHARED_BYTES / SEAT_BYTES && own >= OWN_BYTES / SEAT_BYTES) return null;
    taken += 1;
    return empty.pop() ?? { bytes: Buffer.allocUnsafeSlow(SEAT_BYTES), length: 0 };
  };
  const giveBack = (seats: readonly Seat[]): void => {
    taken -= seats.length;
    for (const seat of seats) {
      seat.length = 0;
      if (empty.length < SHARED_BYTES / SEAT_BYTES) empty.push(seat);
    }
  };
  return { open: () => openQueue(takeSeat, giveBack) };
}

function openQueue(takeSeat: (own: number) => Seat | null, giveBack: (seats: readonly Seat[]) => void): WaitingQueue {
  let seats: Seat[] = [];
  /** The first one is being written: nothing is added to it. */
  let isServed = false;
  const seatWithSpace = (): Seat | null => {
    const last = seats.at(-1);
    if (last !== undefined && last.length < SEAT_BYTES && !(isServed && seats.length === 1)) return last;
    const seat = takeSeat(seats.length);
    if (seat !== null) seats.push(seat);
    return seat;
  };
  return {
    enter(bytes) {
      let entered = 0;
      while (entered < bytes.length) {
        const seat = seatWithSpace();
        if (seat === null) break;
        const part = bytes.subarray(entered, entered + SEAT_BYTES - seat.length);
        seat.bytes.set(part, seat.length);
        seat.length += part.length;
        entered += part.length;
      }
      return entered;
    },
    first() {
      const [first] = seats;
      isServed = first !== undefined;
      return first === undefined ? null : first.bytes.subarray(0, first.length);
    },
    leave() {
      isServed = false;
      giveBack(seats.splice(0, 1));
    },
    clear() {
      isServed = false;
      giveBack(seats);
      seats = [];
    },
  };
}
