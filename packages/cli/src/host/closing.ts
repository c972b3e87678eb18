/** Closes in reverse order and goes on after an error. */
export interface Closing extends AsyncDisposable {
  /** To be closed before whatever was added earlier. */
  add(close: () => Promise<void> | void): void;
}

/** `AsyncDisposableStack` does not exist on Node 22; this is the part of it that is needed. */
export function createClosing(warn: (message: string) => void): Closing {
  const closers: (() => Promise<void> | void)[] = [];
  return {
    add: (close) => void closers.push(close),
    [Symbol.asyncDispose]: async () => {
      for (const close of closers.splice(0).reverse()) {
        try {
          await close();
        } catch (error) {
          warn(`closing failed: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    },
  };
}
