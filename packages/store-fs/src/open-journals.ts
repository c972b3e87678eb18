import type { JournalEntry, NewEntry, RunId } from "@troupe/core";
import { type JournalAppender, openAppender } from "./journal-appender.js";
import type { JournalPlace } from "./journal-open.js";
import { type Cursor, startOf } from "./journal-reader.js";

/** Journals kept open when nobody appends to them. */
const MAX_OPEN = 64;
/** Places in journals kept in memory. */
const MAX_PLACES = 1_024;

/** The journals that this store writes or has read, with how far it knows them. */
export interface OpenJournals {
  /** As `StateStore.append`. */
  append(runId: RunId, expectedSeq: number, entry: NewEntry): Promise<JournalEntry>;
  /** How far the journal with this identity is known. */
  known(runId: RunId, identity: string): Cursor;
  /** Notes how far a journal has been read without a fault. */
  note(runId: RunId, identity: string, cursor: Cursor): void;
  forget(runId: RunId): Promise<void>;
  close(): Promise<void>;
}

interface Slot {
  readonly opening: Promise<JournalAppender>;
  /** Appends under way; an appender in use is never closed. */
  users: number;
}

export function createOpenJournals(place: JournalPlace): OpenJournals {
  const slots = new Map<RunId, Slot>();
  const places = new Map<RunId, { readonly identity: string; readonly cursor: Cursor }>();

  function note(runId: RunId, identity: string, cursor: Cursor): void {
    const known = places.get(runId);
    if (known?.identity === identity && known.cursor.offset > cursor.offset) return; // a slower reader
    places.delete(runId); // to the end: the first one is the longest unused
    places.set(runId, { identity, cursor });
    const [oldest] = places.size > MAX_PLACES ? places.keys() : [];
    if (oldest !== undefined) places.delete(oldest);
  }

  function slotOf(runId: RunId): Slot {
    const slot = slots.get(runId) ?? { opening: openAppender(place, runId), users: 0 };
    slots.delete(runId);
    slots.set(runId, slot);
    return slot;
  }

  async function closeSlot(runId: RunId, slot: Slot): Promise<void> {
    if (slots.get(runId) === slot) slots.delete(runId);
    const appender = await slot.opening.catch(() => null); // it never opened: nothing to close
    await appender?.close().catch(() => {}); // all that was acknowledged has been synced
  }

  async function closeUnused(): Promise<void> {
    if (slots.size <= MAX_OPEN) return;
    const unused = [...slots].find(([, slot]) => slot.users === 0);
    if (unused !== undefined) await closeSlot(...unused);
  }

  return {
    note,
    async append(runId, expectedSeq, entry) {
      const slot = slotOf(runId);
      slot.users += 1;
      try {
        const appender = await slot.opening.catch((error: unknown) => {
          slots.delete(runId); // the next append tries again
          throw error;
        });
        const written = await appender.append(expectedSeq, entry);
        note(runId, appender.identity, appender.cursor());
        return written;
      } finally {
        slot.users -= 1;
        await closeUnused();
      }
    },
    known(runId, identity) {
      const place = places.get(runId);
      return place?.identity === identity ? place.cursor : startOf(runId);
    },
    async forget(runId) {
      places.delete(runId);
      const slot = slots.get(runId);
      if (slot !== undefined) await closeSlot(runId, slot);
    },
    async close() {
      for (const [runId, slot] of [...slots]) await closeSlot(runId, slot);
    },
  };
}
