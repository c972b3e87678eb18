import type { JournalEntry, NewEntry, RunId } from "@troupe/core";
import { type JournalAppender, openAppender } from "./journal-appender.js";
import type { JournalPlace } from "./journal-open.js";
import { startOf } from "./journal-reader.js";
import type { KnownJournal } from "./known-journal.js";

/** Journals kept open when nobody appends to them. */
const MAX_OPEN = 64;
/** Places in journals kept in memory. */
const MAX_PLACES = 1_024;

/** The journals that this store writes or has read, with how far it knows them. */
export interface OpenJournals {
  /** As `StateStore.append`. */
  append(runId: RunId, expectedSeq: number, entry: NewEntry): Promise<JournalEntry>;
  /** How far the journal with this identity is known. */
  known(runId: RunId, identity: string): KnownJournal;
  /** Notes how far a journal has been read without a fault, and how much of it is on the disk. */
  note(runId: RunId, identity: string, known: KnownJournal): void;
  /** An append of this store is under way: it will find what others have written. */
  isAppending(runId: RunId): boolean;
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
  const places = new Map<RunId, KnownJournal & { readonly identity: string }>();
  // What stands at the end of either already: moving the one busy run there with every append is not for nothing.
  let newestSlot: RunId | null = null;
  let newestPlace: RunId | null = null;

  function known(runId: RunId, identity: string): KnownJournal {
    const place = places.get(runId);
    return place?.identity === identity ? place : { cursor: startOf(runId), syncedBytes: 0, seen: null };
  }

  function note(runId: RunId, identity: string, found: KnownJournal): void {
    const before = known(runId, identity);
    const { cursor, seen } = found.cursor.offset < before.cursor.offset ? before : found; // a slower reader
    const syncedBytes = Math.max(before.syncedBytes, found.syncedBytes);
    if (runId !== newestPlace) places.delete(runId); // to the end: the first one is the longest unused
    newestPlace = runId;
    places.set(runId, { identity, cursor, seen, syncedBytes });
    const [oldest] = places.size > MAX_PLACES ? places.keys() : [];
    if (oldest !== undefined) places.delete(oldest);
  }

  function slotOf(runId: RunId): Slot {
    const open = (): Promise<JournalAppender> => openAppender(place, runId, (identity) => known(runId, identity));
    const there = slots.get(runId);
    if (there !== undefined && runId === newestSlot) return there;
    newestSlot = runId;
    const slot = there ?? { opening: open(), users: 0 };
    slots.delete(runId);
    slots.set(runId, slot);
    slot.opening.catch(() => {
      if (slots.get(runId) === slot) slots.delete(runId); // the next append tries again
    });
    return slot;
  }

  async function closeSlot(runId: RunId, slot: Slot): Promise<void> {
    if (slots.get(runId) === slot) slots.delete(runId);
    const appender = await slot.opening.catch(() => null); // it never opened: nothing to close
    await appender?.close().catch(() => {}); // all that was acknowledged has been synced
  }

  async function closeUnused(): Promise<void> {
    const unused = [...slots].find(([, slot]) => slot.users === 0);
    if (unused !== undefined) await closeSlot(...unused);
  }

  return {
    known,
    note,
    async append(runId, expectedSeq, entry) {
      const slot = slotOf(runId);
      slot.users += 1;
      try {
        const appender = await slot.opening;
        const written = await appender.append(expectedSeq, entry);
        const cursor = appender.cursor();
        note(runId, appender.identity, { cursor, syncedBytes: cursor.offset, seen: null });
        return written;
      } finally {
        slot.users -= 1;
        if (slots.size > MAX_OPEN) await closeUnused();
      }
    },
    isAppending: (runId) => (slots.get(runId)?.users ?? 0) > 0,
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
