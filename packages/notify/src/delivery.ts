/** What became of one attempt to send a notification. */
export type Delivery =
  | {
      readonly status: "sent";
      /** What says so. */
      readonly how: string;
    }
  | {
      readonly status: "failed";
      /** Nothing of a secret is in it. */
      readonly reason: string;
      /** What to do; null = nothing but to wait. */
      readonly hint: string | null;
      /** `never`: it would fail again in the same way. Else after a wait, at least so long as the service asks for. */
      readonly retry: "never" | { readonly afterMs: number };
    };

export function sent(how: string): Delivery {
  return { status: "sent", how };
}

/** It may work the next time. */
export function failed(reason: string, hint: string | null = null, afterMs: number = 0): Delivery {
  return { status: "failed", reason, hint, retry: { afterMs } };
}

/** Somebody has to do something first. */
export function refused(reason: string, hint: string): Delivery {
  return { status: "failed", reason, hint, retry: "never" };
}
