const running: Set<number> = new Set();

/** Programs that we have started ourselves and not yet collected: their numbers are nobody else's. */
export const ownChildren: ReadonlySet<number> = running;

/** To be called in the moment of the start; what it returns, when the child has been collected. */
export function rememberChild(pid: number): () => void {
  running.add(pid);
  return () => void running.delete(pid);
}
