import { type Change, type FolderInode, type Inode, settleChange } from "./inodes.js";
import type { Survival } from "./survival.js";

/** Leaves of the unsynced changes what `survives` says; then processes see what is on the disk and nothing else. */
export function restart(root: FolderInode, pending: readonly Change[], survives: (change: Change) => Survival): void {
  for (const change of pending) settle(change, survives(change));
  show(root);
}

function settle(change: Change, survival: Survival): void {
  if (survival.kind === "lost") return;
  if (survival.kind === "whole" || change.kind !== "write") {
    settleChange(change);
    return;
  }
  const kept = change.bytes.subarray(0, survival.bytes);
  const bytes = survival.zeros ? Buffer.concat([kept], change.bytes.length) : kept;
  if (bytes.length > 0) settleChange({ ...change, bytes });
}

function show(inode: Inode): void {
  if (inode.kind === "file") {
    inode.content = Buffer.from(inode.durable);
    inode.modifiedAtMs = inode.durableModifiedAtMs;
    return;
  }
  inode.names = new Map(inode.durable);
  for (const child of inode.names.values()) show(child);
}
